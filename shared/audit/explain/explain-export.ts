import type { AccountId } from '../../base/account-id';
import { CarbonError } from '../../base/carbon-error';
import { defined } from '../../base/defined';
import { differences } from '../../base/fingerprint';
import { groupBy } from '../../base/group';
import { asKg, sumKg, toMtco2e } from '../../base/mass';
import { type ModelVersionId, newestVersion } from '../../base/model-version-id';
import type { Month } from '../../base/month';
import { NO_PROGRESS, type Progress } from '../../base/progress';
import type { ComputedWork } from '../../compute/allocation/computed-work';
import type { AwsWork } from '../../compute/aws-totals/aws-work';
import { splitMonth } from '../../compute/aws-totals/split-month';
import type { EstateOverrides } from '../../compute/month/estate-overrides';
import { openEstate } from '../../compute/month/open-estate';
import { workOf } from '../../compute/work-of';
import type { AwsTotals } from '../../exports/aws-totals';
import { type Figure, figureColumn, figureParts, FIGURES } from '../../exports/emissions';
import { type ExportSettings, PRODUCT_DETAILS, type ProductDetail } from '../../exports/export-settings';
import type { ExportMonth } from '../../exports/layout';
import { isBrokenDown, type Manifest } from '../../exports/manifest';
import { publishedMonths, readManifest } from '../../exports/published-months';
import { readPublishedValues } from '../../exports/read-data-file';
import { type Category, isScope3, type Scope3Category } from '../../method/categories';
import { categoriesOf, defaultModelVersion, type ModelVersion } from '../../method/model-version';
import { StoredSnapshots } from '../../organization/stored-snapshots';
import { type DuckSession, withSession } from '../../sql/duck-session';
import type { InputStore, ObjectStore } from '../../stores/object-store';
import { explainAccount, type ExplainedCategory, type ExplainedRow } from './explain-account';
import { explainSplit } from './explain-split';
import { InputPlaces } from './input-places';

/** The published values to be explained. */
export interface ExplainRequest {
  readonly inputs: InputStore;
  readonly exports: ObjectStore;
  readonly exportName: string;
  readonly overrides: EstateOverrides;
  readonly accountId: AccountId;
  readonly month: Month;
  /** @default - the newest published version of the month */
  readonly modelVersion?: ModelVersionId;
  readonly productCode?: string;
  readonly regionCode?: string;
  /**
   * A figure of the export, or one category of Scope 3. Totals can be explained for AWS's totals only.
   *
   * @default - all that the month has
   */
  readonly figure?: Figure | Scope3Category;
  /** Counts the parts of the explanation; called with the name of each. @default - no one is informed */
  readonly progress?: Progress<string>;
}

/** Published values of an account, broken down. */
export interface ExplainedMonth {
  readonly accountId: AccountId;
  readonly at: ExportMonth;
  readonly manifest: Manifest;
  readonly categories: readonly ExplainedCategory[];
}

/** Largest relative difference between an explained value and the published one. */
const TOLERANCE = 1e-9;

/**
 * Breaks an account's published rows of a month down to the records of the inputs. The inputs must be those that the month
 * was published from, and the result must equal the published values.
 *
 * @throws CarbonError when the month is not published, from other inputs, or with other numbers
 * @throws InputError when the inputs are invalid
 */
export async function explainExport(request: ExplainRequest): Promise<ExplainedMonth> {
  const at = { month: request.month, modelVersion: await wantedVersion(request) };
  const manifest = await publishedManifest(request, at);
  return withSession({}, async (session) => {
    const categories = await explainCategories(request, session, manifest);
    await assertAsPublished(request, session, manifest, categories);
    return { accountId: request.accountId, at, manifest, categories };
  });
}

async function publishedManifest(
  { exports, exportName }: ExplainRequest,
  at: ExportMonth,
): Promise<Manifest> {
  const manifest = await readManifest(exports, exportName, at);
  if (manifest === undefined) {
    throw new CarbonError(
      'state',
      `export ${exportName}, ${at.month} ${at.modelVersion}: not published; run it first, or choose another --month, --model or --export-name`,
    );
  }
  if (!isBrokenDown(manifest)) return manifest;
  throw new CarbonError(
    'state',
    `export ${exportName}: found rows of a breakdown, expected rows of services; set --export-name to the export without -by-`,
  );
}

async function wantedVersion(request: ExplainRequest): Promise<ModelVersionId> {
  const { exports, exportName, month, modelVersion } = request;
  if (modelVersion !== undefined) return modelVersion;
  const published = await publishedMonths(exports, exportName);
  const versions = published.filter((at) => at.month === month).map((at) => at.modelVersion);
  return newestVersion(versions) ?? defaultModelVersion(month).id;
}

/** Explains a month from the inputs that it was published from. */
async function explainCategories(
  request: ExplainRequest,
  session: DuckSession,
  manifest: Manifest,
): Promise<ExplainedCategory[]> {
  const reader = { store: request.inputs, session };
  const estate = await openEstate(reader, request.overrides);
  const at = { month: manifest.usagePeriod, modelVersion: manifest.modelVersion };
  const productDetail = productDetailOf(manifest);
  const totals = manifest.awsTotals === undefined ? undefined : ('aws' as const);
  const settings: ExportSettings = {
    ...{ exportName: request.exportName, format: 'parquet', productDetail },
    ...defined({ totals }),
  };
  const context = { reader, estate, settings, asOf: new Date(manifest.asOf) };
  const work = await workOf(at, context, new StoredSnapshots(request.exports));
  assertSameInputs(at, differences(manifest.inputs, work.fingerprint));
  if (work.totals === 'aws') return explainAwsTotals(request, work, manifest.awsTotals?.totals ?? {});
  const places = new InputPlaces(reader, estate.files, at.month);
  return explainComputed(request, work, places, productDetail);
}

/** Neither the format nor the products of a month change what AWS's totals are split by. */
function productDetailOf({ awsTotals, productDetail }: Manifest): ProductDetail {
  const known = PRODUCT_DETAILS.find((detail) => detail === productDetail);
  if (known !== undefined) return known;
  if (awsTotals !== undefined) return 'all';
  throw new CarbonError(
    'state',
    `found product detail ${productDetail}, expected one of ${PRODUCT_DETAILS.join(', ')}`,
  );
}

/** AWS's export does not show how its totals were calculated: AWS's row and its split are explained. */
async function explainAwsTotals(
  request: ExplainRequest,
  work: AwsWork,
  totals: AwsTotals['totals'],
): Promise<ExplainedCategory[]> {
  const { figure, accountId, productCode, regionCode, progress = NO_PROGRESS } = request;
  return withSession({}, async (own) => {
    const split = await splitMonth(own, work.inputs);
    const explained: ExplainedCategory[] = [];
    const asked = FIGURES.filter(
      (each) => totals[figureColumn(each)] !== undefined && (figure ?? each) === each,
    );
    progress.planned(asked.length);
    for (const category of asked) {
      const column = figureColumn(category);
      const question = {
        ...{ accountId, column },
        ...defined({ productCode, regionCode }),
      };
      explained.push({ category, rows: await explainSplit(own, work.inputs, split, question) });
      progress.finished(category);
    }
    if (explained.length > 0) return explained;
    throw new CarbonError(
      'state',
      `AWS's export of ${request.month}: found no values of ${figure ?? 'any emissions'}; choose another --category`,
    );
  });
}

function assertSameInputs(at: ExportMonth, changed: readonly string[]): void {
  if (changed.length === 0) return;
  throw new CarbonError(
    'state',
    `${at.month} ${at.modelVersion}: found other inputs than those it was published from (${changed.join(', ')} differ); run the export again, or set --inputs to the inputs it was published from`,
  );
}

async function explainComputed(
  request: ExplainRequest,
  work: ComputedWork,
  places: InputPlaces,
  productDetail: ProductDetail,
): Promise<ExplainedCategory[]> {
  const { accountId, productCode, regionCode, figure, progress = NO_PROGRESS } = request;
  const question = {
    accountId,
    progress,
    version: work.version,
    categories: categoriesAsked(figure, work.version),
    productDetail,
    ...defined({ productCode, regionCode }),
  };
  const { inputs } = await work.load();
  return withSession({}, (own) => explainAccount(own, inputs, places, question));
}

/** @throws CarbonError of kind usage when the version does not count the figure, or the figure is a total */
function categoriesAsked(
  figure: Figure | Scope3Category | undefined,
  version: ModelVersion,
): readonly Category[] {
  const counted = categoriesOf(version);
  if (figure === undefined) return counted;
  const scopes = EXPLAINED_FIGURES.filter((known) => partsIn(known, counted).length > 0);
  const known = scopes.find((one) => one === figure);
  if (known !== undefined) return partsIn(known, counted);
  const category = counted.find((one) => one === figure);
  if (category !== undefined) return [category];
  const expected = [...new Set([...scopes, ...counted.filter(isScope3)])].join(', ');
  throw new CarbonError(
    'usage',
    `--category: found ${figure}, expected one of ${expected}; totals of computed months are their sums`,
  );
}

/** Figures of a single scope. */
const EXPLAINED_FIGURES = FIGURES.filter((figure) => !figure.startsWith('total'));

function partsIn(figure: Figure, categories: readonly Category[]): Category[] {
  return figureParts(figure).filter((part) => categories.includes(part));
}

/** Rows of several categories, added up by the figure of the export that they are the parts of. */
function explainedFigures(
  categories: readonly ExplainedCategory[],
): (readonly [Figure, readonly ExplainedRow[]])[] {
  return FIGURES.flatMap((figure): (readonly [Figure, readonly ExplainedRow[]])[] => {
    const whole = categories.find(({ category }) => category === figure);
    if (whole !== undefined) return [[figure, whole.rows]];
    const parts = categories.filter(({ category }) => figureParts(figure).some((part) => part === category));
    const [first, ...rest] = parts;
    const isComplete = parts.length === figureParts(figure).length;
    if (first === undefined || !isComplete || figure.startsWith('total')) return [];
    const rows = first.rows.map((row, index) => ({
      ...row,
      kg: sumKg([row.kg, ...rest.map((part) => part.rows[index]?.kg ?? asKg(0))]),
    }));
    return [[figure, rows]];
  });
}

async function assertAsPublished(
  { exports, accountId }: ExplainRequest,
  session: DuckSession,
  { file: { key } }: Manifest,
  categories: readonly ExplainedCategory[],
): Promise<void> {
  const copy = await exports.localCopy(key);
  try {
    for (const [figure, rows] of explainedFigures(categories)) {
      const published = await readPublishedValues(session, copy.path, accountId, figureColumn(figure));
      // An account that moved between payers has a row of each.
      for (const [name, explained] of groupBy(rows, nameOf)) {
        const values = published.filter((row) => nameOf(row) === name).map(({ mtco2e }) => mtco2e);
        const found = values.reduce((sum, value) => sum + value, 0);
        const expected = toMtco2e(sumKg(explained.map(({ kg }) => kg)));
        const isSame = Math.abs(found - expected) <= Math.abs(expected) * TOLERANCE;
        if (values.length === explained.length && isSame) continue;
        throw new CarbonError(
          'state',
          `${key}, ${name}: found ${values.length === 0 ? 'no row' : `${String(found)} MTCO2e`}, expected ${String(expected)} MTCO2e by the inputs; the published file was changed, run verify`,
        );
      }
    }
  } finally {
    await copy.release();
  }
}

function nameOf({ productCode, regionCode }: Pick<ExplainedRow, 'productCode' | 'regionCode'>): string {
  return `${productCode} in ${regionCode}`;
}
