import { type Command, Option } from 'commander';
import type { ExplainedRow } from '../shared/audit/explain/explain-account';
import { type ExplainedMonth, explainExport } from '../shared/audit/explain/explain-export';
import type { AccountId } from '../shared/base/account-id';
import { defined } from '../shared/base/defined';
import { toMtco2e } from '../shared/base/mass';
import type { ModelVersionId } from '../shared/base/model-version-id';
import type { Month } from '../shared/base/month';
import { SHOWN } from '../shared/base/shown';
import { openInputs } from '../shared/estate/open-inputs';
import { type Figure, FIGURES } from '../shared/exports/emissions';
import { assertFolder, assertPlaces, EXPORTS_FOLDER } from '../shared/runs/check-places';
import { type Category, SCOPE_3_CATEGORIES, type Scope3Category } from '../shared/method/categories';
import { openStore } from '../shared/stores/open-store';
import { chosenExport, EXPORT_NAME_HELP } from './chosen-export';
import { explanationTree, formatKg } from './explanation-tree';
import { accountId, modelVersionId, month } from './option-values';
import { type TextColumn, textTable } from './text-table';
import { withScratch } from './with-scratch';

interface ExplainOptions {
  readonly inputs: string;
  readonly out: string;
  readonly exportName?: string;
  readonly account: AccountId;
  readonly month: Month;
  readonly model?: ModelVersionId;
  readonly service?: string;
  readonly region?: string;
  readonly category?: Figure | Scope3Category;
  readonly padAccountIds?: boolean;
  readonly json: boolean;
}

/** Defines the verb `explain`. */
export function defineExplain(verb: Command, finish: (exitCode: number) => void): void {
  verb
    .requiredOption('--inputs <location>', 'the estate that the export was computed from')
    .requiredOption('--out <location>', 'folder of the exports, or s3://bucket/prefix')
    .requiredOption('--account <id>', 'account, 12 digits', accountId)
    .requiredOption('--month <YYYY-MM>', 'month', month)
    .option('--export-name <name>', EXPORT_NAME_HELP)
    .option('--model <version>', 'model version (default: the newest of the month)', modelVersionId)
    .option('--service <code>', 'only this product_code')
    .option('--region <code>', 'only this region_code')
    .addOption(
      new Option(
        '--category <category>',
        'only this category (default: all); totals are available for AWS totals only, s3_ categories for computed totals',
      ).choices([...FIGURES, ...SCOPE_3_CATEGORIES]),
    )
    .option('--pad-account-ids', 'set it where the run had it')
    .option('--json', 'print everything as JSON', false)
    .action(async (options: ExplainOptions) => {
      await assertPlaces(options.inputs);
      await assertFolder(options.out, EXPORTS_FOLDER);
      const explained = await withScratch((scratch) => explain(options, scratch));
      const isFound = explained.categories.some(({ rows }) => rows.length > 0);
      console.log(options.json ? JSON.stringify(explained, undefined, 2) : inWords(explained));
      finish(isFound ? 0 : 1);
    });
}

async function explain(options: ExplainOptions, scratch: string): Promise<ExplainedMonth> {
  const { padAccountIds, category, model, service, region } = options;
  const exports = await openStore(options.out, scratch);
  return explainExport({
    inputs: await openInputs(options.inputs, scratch),
    exports,
    exportName: await chosenExport(exports, options.out, options.exportName),
    overrides: defined({ padAccountIds }),
    accountId: options.account,
    month: options.month,
    ...defined({ figure: category, modelVersion: model, productCode: service, regionCode: region }),
  });
}

function inWords({ accountId: account, at, manifest, categories }: ExplainedMonth): string {
  const heading = `Account ${account} in ${at.month}, ${at.modelVersion}, as published ${manifest.asOf.slice(0, 10)} (execution ${manifest.executionId})`;
  return [heading, ...categories.map(({ category, rows }) => categoryInWords(category, rows))].join('\n\n');
}

const COLUMNS: readonly TextColumn<ExplainedRow>[] = [
  { title: 'region_code', value: ({ regionCode }) => regionCode },
  { title: 'product_code', value: ({ productCode }) => productCode },
  { title: 'kg', align: 'right', value: ({ kg }) => formatKg(kg) },
  { title: 'MTCO2e', align: 'right', value: ({ kg }) => formatKg(toMtco2e(kg)) },
];

function categoryInWords(category: Figure | Category, rows: readonly ExplainedRow[]): string {
  if (rows.length === 0) return `${category}: no row of the account matches`;
  if (rows.length > SHOWN.explainedRows) {
    return `${category}\n${textTable(COLUMNS, rows)}\nSet --service and --region to break a row down, or --json for all rows.`;
  }
  return rows
    .map(
      ({ path, source }) =>
        `${category}, by racks and services:\n${explanationTree(path)}\n\n${category}, by sources:\n${explanationTree(source)}`,
    )
    .join('\n\n');
}
