import { type Command, InvalidArgumentError, Option } from 'commander';
import { type ExplainedRow, inMtco2e } from '../shared/audit/explain/explain-account';
import { type ExplainedMonth, explainExport } from '../shared/audit/explain/explain-export';
import { defined } from '../shared/base/defined';
import { openInputs } from '../shared/estate/open-inputs';
import { type Figure, FIGURES } from '../shared/exports/emissions';
import { openStore } from '../shared/stores/open-store';
import { explanationTree, formatKg } from './explanation-tree';
import { month } from './option-values';
import { DEFAULT_EXPORT_NAME } from './run-verb';
import { textTable } from './text-table';
import { withScratch } from './with-scratch';

interface ExplainOptions {
  readonly inputs: string;
  readonly out: string;
  readonly exportName: string;
  readonly account: string;
  readonly month: string;
  readonly model?: string;
  readonly service?: string;
  readonly region?: string;
  readonly category?: Figure;
  readonly padAccountIds?: boolean;
  readonly json: boolean;
}

/** More rows than this are listed and not taken apart on a terminal. */
const SHOWN_ROWS = 3;

/** Adds the verb `explain`. */
export function addExplainVerb(program: Command, finish: (exitCode: number) => void): void {
  program
    .command('explain')
    .description("take an account's published numbers apart, down to the records of the inputs")
    .requiredOption('--inputs <location>', 'the estate it was published from')
    .requiredOption('--out <location>', 'what holds the export')
    .requiredOption('--account <id>', 'account, 12 digits', account)
    .requiredOption('--month <YYYY-MM>', 'month', month)
    .option('--export-name <name>', 'name of the export', DEFAULT_EXPORT_NAME)
    .option('--model <version>', 'model version (default: by month; of AWS totals the newest)')
    .option('--service <code>', 'only this product_code')
    .option('--region <code>', 'only this region_code')
    .addOption(
      new Option(
        '--category <category>',
        'only this category (default: all); totals and Scope 3 of AWS totals alone',
      ).choices([...FIGURES]),
    )
    .option('--pad-account-ids', 'as the run was given it')
    .option('--json', 'print everything as JSON', false)
    .action(async (options: ExplainOptions) => {
      const explained = await withScratch((scratch) => explain(options, scratch));
      const found = explained.categories.some(({ rows }) => rows.length > 0);
      console.log(options.json ? JSON.stringify(explained, undefined, 2) : inWords(explained));
      finish(found ? 0 : 1);
    });
}

async function explain(options: ExplainOptions, scratch: string): Promise<ExplainedMonth> {
  return explainExport({
    inputs: await openInputs(options.inputs, scratch),
    exports: openStore(options.out, scratch),
    exportName: options.exportName,
    overrides: options.padAccountIds === undefined ? {} : { padAccountIds: options.padAccountIds },
    limits: {},
    accountId: options.account,
    month: options.month,
    ...defined({
      figure: options.category,
      modelVersion: options.model,
      productCode: options.service,
      regionCode: options.region,
    }),
  });
}

function inWords({ accountId, at, manifest, categories }: ExplainedMonth): string {
  const heading = `Account ${accountId} in ${at.month}, ${at.modelVersion}, as published ${manifest.asOf.slice(0, 10)} (execution ${manifest.executionId})`;
  return [heading, ...categories.map(({ category, rows }) => categoryInWords(category, rows))].join('\n\n');
}

function categoryInWords(category: Figure, rows: readonly ExplainedRow[]): string {
  if (rows.length === 0) return `${category}: no row of the account matches`;
  if (rows.length > SHOWN_ROWS) {
    const table = textTable<ExplainedRow>(
      [
        { title: 'region_code', value: ({ regionCode }) => regionCode },
        { title: 'product_code', value: ({ productCode }) => productCode },
        { title: 'kg', align: 'right', value: ({ kg }) => formatKg(kg) },
        { title: 'MTCO2e', align: 'right', value: ({ kg }) => formatKg(inMtco2e(kg)) },
      ],
      rows,
    );
    return `${category}\n${table}\nName --service and --region (or --json) to have a row taken apart.`;
  }
  return rows
    .map(
      ({ path, source }) =>
        `${category}, the way it came:\n${explanationTree(path)}\n\n${category}, where it comes from:\n${explanationTree(source)}`,
    )
    .join('\n\n');
}

function account(text: string): string {
  if (!/^\d{12}$/.test(text)) throw new InvalidArgumentError('expected 12 digits');
  return text;
}
