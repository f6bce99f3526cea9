import { type Command, Option } from 'commander';
import { explainExport, type ExplainOptions } from '../api/explain-export';
import type { ExplainedRow } from '../shared/audit/explain/explain-account';
import type { ExplainedMonth } from '../shared/audit/explain/explain-export';
import { toMtco2e } from '../shared/base/mass';
import { massText } from '../shared/base/people-number';
import { NO_PROGRESS } from '../shared/base/progress';
import { SHOWN } from '../shared/base/shown';
import { type Figure, FIGURES } from '../shared/exports/emissions';
import { type Category, SCOPE_3_CATEGORIES } from '../shared/method/categories';
import { explanationTree } from '../api/explanation-tree';
import { jsonReport } from './json-report';
import { accountId, EXPORT_NAME_HELP, modelVersionId, month } from './option-values';
import { lateProgress } from './progress';
import { type TextColumn, fittedTable } from './text-table';

interface ExplainVerbOptions extends ExplainOptions {
  readonly quiet: boolean;
  readonly json: boolean;
}

/** Defines the verb `explain`. */
export function defineExplain(verb: Command, finish: (exitCode: number) => void): void {
  verb
    .requiredOption('--inputs <location>', 'the estate that the export was computed from')
    .requiredOption('--out <location>', 'folder of the exports, or s3://bucket/prefix')
    .requiredOption('--account <id>', 'account, 12 digits', accountId)
    .option('--month <YYYY-MM>', 'month (default: the newest)', month)
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
    .option('--quiet', 'no progress', false)
    .option('--json', 'print everything as JSON', false)
    .action(async ({ json: isJson, quiet: isQuiet, ...options }: ExplainVerbOptions) => {
      const progress = isJson || isQuiet ? NO_PROGRESS : lateProgress<string>('part', (name) => name);
      const explained = await explainExport({ ...options, progress });
      const isFound = explained.categories.some(({ rows }) => rows.length > 0);
      console.log(isJson ? jsonReport(explained) : inWords(explained));
      finish(isFound ? 0 : 1);
    });
}

function inWords({ accountId: account, at, manifest, categories }: ExplainedMonth): string {
  const heading = `Account ${account} in ${at.month}, ${at.modelVersion}, as published ${manifest.asOf.slice(0, 10)} (execution ${manifest.executionId})`;
  return [heading, ...categories.map(({ category, rows }) => categoryInWords(category, rows))].join('\n\n');
}

const COLUMNS: readonly TextColumn<ExplainedRow>[] = [
  { title: 'region_code', value: ({ regionCode }) => regionCode },
  { title: 'product_code', value: ({ productCode }) => productCode },
  { title: 'CO2e', align: 'right', value: ({ kg }) => massText(toMtco2e(kg)) },
];

function categoryInWords(category: Figure | Category, rows: readonly ExplainedRow[]): string {
  if (rows.length === 0) return `${category}: no row of the account matches`;
  if (rows.length > SHOWN.explainedRows) {
    return `${category}\n${fittedTable(COLUMNS, rows)}\nSet --service and --region to break a row down, or --json for all rows.`;
  }
  return rows
    .map(
      ({ path, source }) =>
        `${category}, by racks and services:\n${explanationTree(path)}\n\n${category}, by sources:\n${explanationTree(source)}`,
    )
    .join('\n\n');
}
