import { CarbonError } from '../../base/carbon-error';
import { defined } from '../../base/defined';
import { differences } from '../../base/fingerprint';
import { groupBy } from '../../base/group';
import type { Month } from '../../base/month';
import type { ComputedWork } from '../../compute/allocation/computed-work';
import type { AwsWork } from '../../compute/aws-totals/aws-work';
import { splitMonth } from '../../compute/aws-totals/split-month';
import type { EstateOverrides } from '../../compute/month/estate-overrides';
import { openEstate } from '../../compute/month/open-estate';
import { snapshotsIn, workOf } from '../../compute/work-of';
import type { AwsTotals } from '../../exports/aws-totals';
import { type ExportSettings, PRODUCT_DETAILS, type ProductDetail } from '../../exports/export-settings';
import { type Figure, figureColumn, FIGURES } from '../../exports/emissions';
import type { ExportMonth } from '../../exports/layout';
import { isBrokenDown, type Manifest } from '../../exports/manifest';
import { publishedMonths, readManifest } from '../../exports/published-months';
import { readPublishedValues } from '../../exports/published-values';
import { CATEGORIES, type Category } from '../../method/categories';
import { defaultModelVersion, versionToRead } from '../../method/model-version';
import { type DuckLimits, type DuckSession, withSession } from '../../sql/duck-session';
import type { InputStore, ObjectStore } from '../../stores/object-store';
import { explainAccount, type ExplainedCategory, type ExplainedRow, inMtco2e } from './explain-account';
import { explainSplit } from './explain-split';
import { InputPlaces } from './input-places';

/** Which published numbers are to be explained. */
export interface ExplainRequest {
  readonly inputs: InputStore;
  readonly exports: ObjectStore;
  readonly exportName: string;
  readonly overrides: EstateOverrides;
  readonly limits: DuckLimits;
  readonly accountId: string;
  readonly month: Month;
  /** @default - the version that applies to the month; of AWS's totals the newest */
  readonly modelVersion?: string;
  readonly productCode?: string;
  readonly regionCode?: string;
  /** Totals and Scope 3 are those of AWS, whose rows alone tell them. @default - all that the month has */
  readonly figure?: Figure;
}

/** Published numbers of an account, taken apart. */
export interface ExplainedMonth {
  readonly accountId: string;
  readonly at: ExportMonth;
  readonly manifest: Manifest;
  readonly categories: readonly ExplainedCategory[];
}

/** A number cannot be explained: it is not published, or its inputs are not the ones it was published from. */
export class ExplainError extends CarbonError {
  constructor(message: string, options?: ErrorOptions) {
    super('state', message, options);
  }
}

/** Numbers that were explained may differ from the published ones by this much, relative. */
const TOLERANCE = 1e-9;

/**
 * Takes an account's published rows of a month apart, down to the records of the inputs. The inputs must be those that
 * the month was published from, and what comes out must be what is published.
 *
 * @throws ExplainError when the month is not published, from other inputs, or with other numbers
 * @throws InputError when the inputs are not sound
 */
export async function explainExport(request: ExplainRequest): Promise<ExplainedMonth> {
  const at = { month: request.month, modelVersion: await wantedVersion(request) };
  const manifest = await publishedManifest(request, at);
  return withSession(request.limits, async (session) => {
    const categories = await explainCategories(request, session, manifest);
    for (const { category, rows } of categories) {
      await assertAsPublished(request, session, manifest, category, rows);
    }
    return { accountId: request.accountId, at, manifest, categories };
  });
}

async function publishedManifest(
  { exports, exportName }: ExplainRequest,
  at: ExportMonth,
): Promise<Manifest> {
  const manifest = await readManifest(exports, exportName, at);
  if (manifest === undefined) {
    throw new ExplainError(`${at.month} is not published in ${at.modelVersion} by export ${exportName}`);
  }
  if (!isBrokenDown(manifest)) return manifest;
  throw new ExplainError(
    `the rows of ${exportName} are split further: explain those of the export that they are parts of`,
  );
}

async function wantedVersion({ exports, exportName, month, modelVersion }: ExplainRequest): Promise<string> {
  if (modelVersion !== undefined) return modelVersion;
  const published = await publishedMonths(exports, exportName);
  const versions = published.filter((at) => at.month === month).map((at) => at.modelVersion);
  return versionToRead(month, versions) ?? defaultModelVersion(month).id;
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
  const work = await workOf(at, context, snapshotsIn(request.exports));
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
  throw new ExplainError(
    `found product detail ${productDetail}, expected one of ${PRODUCT_DETAILS.join(', ')}`,
  );
}

/** AWS's export does not show how its totals were calculated: AWS's row and its split are explained. */
async function explainAwsTotals(
  request: ExplainRequest,
  work: AwsWork,
  totals: AwsTotals['totals'],
): Promise<ExplainedCategory[]> {
  const { figure, accountId, productCode, regionCode } = request;
  return withSession(request.limits, async (own) => {
    const split = await splitMonth(own, work.inputs);
    const explained: ExplainedCategory[] = [];
    for (const category of FIGURES) {
      const column = figureColumn(category);
      if (totals[column] === undefined || (figure !== undefined && figure !== category)) continue;
      const question = {
        ...{ accountId, column },
        ...defined({ productCode, regionCode }),
      };
      explained.push({ category, rows: await explainSplit(own, work.inputs, split, question) });
    }
    if (explained.length > 0) return explained;
    throw new ExplainError(`AWS's export of ${request.month} does not tell ${figure ?? 'any emissions'}`);
  });
}

function assertSameInputs(at: ExportMonth, moved: readonly string[]): void {
  if (moved.length === 0) return;
  throw new ExplainError(
    `${at.month} was published from other inputs than these: ${moved.join(', ')} differ. Run the export again, or give the inputs it was published from`,
  );
}

async function explainComputed(
  request: ExplainRequest,
  work: ComputedWork,
  places: InputPlaces,
  productDetail: ProductDetail,
): Promise<ExplainedCategory[]> {
  const { accountId, productCode, regionCode, figure } = request;
  const question = {
    accountId,
    categories: figure === undefined ? CATEGORIES : [categoryOf(figure)],
    productDetail,
    ...defined({ productCode, regionCode }),
  };
  const { inputs } = await work.load();
  return withSession(request.limits, (own) => explainAccount(own, inputs, places, work.version, question));
}

function categoryOf(figure: Figure): Category {
  const category = CATEGORIES.find((known) => known === figure);
  if (category !== undefined) return category;
  throw new ExplainError(
    `computed months are explained by ${CATEGORIES.join(', ')}, of which totals are sums`,
  );
}

async function assertAsPublished(
  request: ExplainRequest,
  session: DuckSession,
  manifest: Manifest,
  figure: Figure,
  rows: readonly ExplainedRow[],
): Promise<void> {
  const copy = await request.exports.localCopy(manifest.file.key);
  try {
    const published = await readPublishedValues(session, copy.path, request.accountId, figureColumn(figure));
    const keyOf = (row: { regionCode: string; productCode: string }): string =>
      `${row.productCode} in ${row.regionCode}`;
    // An account that moved between payers has a row of each.
    for (const [key, explained] of groupBy(rows, keyOf)) {
      const values = published.filter((row) => keyOf(row) === key);
      const value = values.reduce((sum, row) => sum + row.mtco2e, 0);
      const mtco2e = inMtco2e(explained.reduce((sum, { kg }) => sum + kg, 0));
      if (values.length === explained.length && Math.abs(value - mtco2e) <= Math.abs(mtco2e) * TOLERANCE)
        continue;
      throw new ExplainError(
        `${key}: ${values.length === 0 ? 'nothing' : String(value)} MTCO2e are published and ${String(mtco2e)} come out: the published file was changed`,
      );
    }
  } finally {
    await copy.release();
  }
}
