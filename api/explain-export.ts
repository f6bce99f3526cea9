import { type ExplainedMonth, explainExport as explainStore } from '../shared/audit/explain/explain-export';
import { defined } from '../shared/base/defined';
import { openInputs } from '../shared/estate/open-inputs';
import { CarbonError } from '../shared/base/carbon-error';
import type { Month } from '../shared/base/month';
import type { Progress } from '../shared/base/progress';
import type { Figure } from '../shared/exports/emissions';
import { publishedMonths } from '../shared/exports/published-months';
import type { Scope3Category } from '../shared/method/categories';
import { assertFolder, assertPlaces, EXPORTS_FOLDER } from '../shared/runs/check-places';
import { openStore } from '../shared/stores/open-store';
import type { ObjectStore } from '../shared/stores/object-store';
import { chosenExport } from './chosen-export';
import { optionValue, requiredValue, VALUES } from './values';
import { withScratch } from './with-scratch';

/** The published values to be explained. */
export interface ExplainOptions {
  /** The estate that the export was computed from: a folder, or `s3://bucket/prefix`. */
  readonly inputs: string;
  /** Folder of the exports, or `s3://bucket/prefix`. */
  readonly out: string;
  /** Account, 12 digits. */
  readonly account: string;
  /** Month, `YYYY-MM`. @default - the newest published month */
  readonly month?: string;
  /** @default - the only export, or carbon-emissions among several */
  readonly exportName?: string;
  /** Model version, such as `v2.0.0`. @default - the newest published version of the month */
  readonly model?: string;
  /** Only this product_code. @default - all */
  readonly service?: string;
  /** Only this region_code. @default - all */
  readonly region?: string;
  /** Only this figure or category of Scope 3; totals are available for AWS's totals only. @default - all that the month has */
  readonly category?: Figure | Scope3Category;
  /** To be set where the run had it. @default - as settings.json says */
  readonly padAccountIds?: boolean;
  /** Called with the number of parts, then with the name of each part. @default - no one is informed */
  readonly progress?: Progress<string>;
}

/**
 * Breaks an account's published values of a month down to the records of the inputs.
 *
 * @throws CarbonError of kind usage for a wrong option or location
 * @throws CarbonError of kind state when the month is not published, or from other inputs
 */
export async function explainExport(options: ExplainOptions): Promise<ExplainedMonth> {
  const { padAccountIds, progress, category: figure, service: productCode, region: regionCode } = options;
  const accountId = requiredValue('account', options.account, VALUES.accountId);
  const month = optionValue('month', options.month, VALUES.month);
  const modelVersion = optionValue('model', options.model, VALUES.modelVersionId);
  await assertPlaces(options.inputs);
  await assertFolder(options.out, EXPORTS_FOLDER);
  return withScratch(async (scratch) => {
    const exports = await openStore(options.out, scratch);
    const exportName = await chosenExport(exports, options.out, options.exportName);
    return explainStore({
      ...{ exports, exportName, accountId },
      inputs: await openInputs(options.inputs, scratch),
      month: month ?? (await newestMonth(exports, exportName)),
      overrides: defined({ padAccountIds }),
      ...defined({ figure, modelVersion, productCode, regionCode, progress }),
    });
  });
}

async function newestMonth(exports: ObjectStore, exportName: string): Promise<Month> {
  const months = (await publishedMonths(exports, exportName)).map(({ month }) => month).sort();
  const newest = months.at(-1);
  if (newest !== undefined) return newest;
  throw new CarbonError('usage', `export ${exportName}: found no published month, expected one to explain`);
}
