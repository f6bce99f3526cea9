import type { Month } from '../calendar/month';
import { withSession } from '../engine/duck-session';
import type { DuckLimits, DuckSession } from '../engine/duck-session';
import { manifestKey } from '../exports/layout';
import type { ExportMonth } from '../exports/layout';
import { parseManifest } from '../exports/manifest';
import type { Manifest } from '../exports/manifest';
import { readPublishedValues } from '../exports/published-values';
import { differences, hashOf } from '../inputs/fingerprint';
import type { Category } from '../method/categories';
import { defaultModelVersion, findModelVersion } from '../method/model-version';
import { organizationFor } from '../runs/organization-for';
import { readMonthInputs } from '../runs/month-inputs';
import { openEstate } from '../runs/open-estate';
import type { EstateOverrides } from '../runs/estate-overrides';
import type { ObjectStore } from '../stores/object-store';
import { PRODUCT_DETAILS } from '../usage/service-pairs';
import { explainAccount, inMtco2e } from './explain-account';
import type { ExplainedCategory, ExplainedRow } from './explain-account';
import { InputPlaces } from './input-places';

/** Which published numbers are to be explained. */
export interface ExplainRequest {
  readonly inputs: ObjectStore;
  readonly exports: ObjectStore;
  readonly exportName: string;
  readonly overrides: EstateOverrides;
  readonly limits: DuckLimits;
  readonly accountId: string;
  readonly month: Month;
  /** @default - the version that applies to the month */
  readonly modelVersion?: string;
  readonly productCode?: string;
  readonly regionCode?: string;
  readonly categories: readonly Category[];
}

/** Published numbers of an account, taken apart. */
export interface ExplainedMonth {
  readonly accountId: string;
  readonly at: ExportMonth;
  readonly manifest: Manifest;
  readonly categories: readonly ExplainedCategory[];
}

/** A number cannot be explained: it is not published, or its inputs are not the ones it was published from. */
export class ExplainError extends Error {
  override readonly name = 'ExplainError';
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
  const modelVersion = request.modelVersion ?? defaultModelVersion(request.month).id;
  const at = { month: request.month, modelVersion };
  const manifest = await publishedManifest(request, at);
  return withSession(request.limits, async (session) => {
    const categories = await explainCategories(request, session, at, manifest);
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
  const stored = await exports.get(manifestKey(exportName, at));
  const manifest = stored === undefined ? undefined : parseManifest(stored.body.toString('utf8'));
  if (manifest?.awsTotals !== undefined) {
    const totals = "the totals are AWS's own, and how AWS came by them is not in its export";
    throw new ExplainError(
      `${exportName}: ${totals}; the manifest has what is split and unsplit per account`,
    );
  }
  if (manifest !== undefined) return manifest;
  throw new ExplainError(`${at.month} is not published in ${at.modelVersion} by export ${exportName}`);
}

async function explainCategories(
  request: ExplainRequest,
  session: DuckSession,
  at: ExportMonth,
  manifest: Manifest,
): Promise<ExplainedCategory[]> {
  const version = findModelVersion(at.modelVersion);
  const productDetail = PRODUCT_DETAILS.find((detail) => detail === manifest.productDetail);
  if (version === undefined || productDetail === undefined) {
    throw new ExplainError(`${at.modelVersion} with product detail ${manifest.productDetail} is not known`);
  }
  const reader = { store: request.inputs, session };
  const estate = await openEstate(reader, request.overrides);
  const organization = await organizationFor(request.exports, at.month);
  const inputs = await readMonthInputs(reader, estate, at.month, version, organization);
  const moved = differences(manifest.inputs, {
    ...inputs.fingerprint,
    product_detail: hashOf(productDetail),
  });
  if (moved.length > 0) {
    throw new ExplainError(
      `${at.month} was published from other inputs than these: ${moved.join(', ')} differ. Run the export again, or give the inputs it was published from`,
    );
  }
  const { accountId, productCode, regionCode } = request;
  const question = {
    accountId,
    categories: request.categories,
    productDetail,
    ...(productCode === undefined ? {} : { productCode }),
    ...(regionCode === undefined ? {} : { regionCode }),
  };
  const loaded = await inputs.load();
  const places = new InputPlaces(reader, estate.files, at.month);
  return withSession(request.limits, (own) => explainAccount(own, loaded, places, version, question));
}

async function assertAsPublished(
  request: ExplainRequest,
  session: DuckSession,
  manifest: Manifest,
  category: Category,
  rows: readonly ExplainedRow[],
): Promise<void> {
  const copy = await request.exports.localCopy(manifest.file.key);
  try {
    const published = await readPublishedValues(session, copy.path, request.accountId, category);
    for (const { regionCode, productCode, kg } of rows) {
      const value = published.find((row) => row.regionCode === regionCode && row.productCode === productCode);
      const mtco2e = inMtco2e(kg);
      if (value === undefined || Math.abs(value.mtco2e - mtco2e) > Math.abs(mtco2e) * TOLERANCE) {
        throw new ExplainError(
          `${productCode} in ${regionCode}: ${String(value?.mtco2e ?? 'nothing')} MTCO2e are published and ${String(mtco2e)} come out: the published file was changed`,
        );
      }
    }
  } finally {
    await copy.release();
  }
}
