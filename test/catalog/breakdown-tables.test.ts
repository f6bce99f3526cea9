import { glueTables, glueViews, partitionedTables } from '../../shared/catalog/glue';
import { breakdownTable, breakdownView } from '../../shared/catalog/breakdown-tables';
import { namedQueries } from '../../shared/catalog/named-queries';
import { DUCK_TYPES } from '../../shared/catalog/column-types';
import { breakdownExportName, type Breakdown } from '../../shared/exports/breakdown';
import { columnsOfExport } from '../../shared/exports/columns';
import { dataKey, type ExportFormat, asExportMonth } from '../../shared/exports/layout';
import { DuckSession } from '../../shared/sql/duck-session';
import { billCsv, FOCUS_BILL, focusRow, runBills } from '../support/bills';
import { EXPORT_NAME } from '../support/export-name';
import { nonEmpty } from '../support/non-empty';
import { scratch } from '../support/scratch';
import { ask } from './open-catalog';

/*
 * carbon_by_tag of Glue is a view over one table per breakdown; locally it is a table over all files. Both hold the same.
 */

const folder = scratch();

const TEAM: Breakdown = { kind: 'tag', key: 'team' };
const RESOURCE: Breakdown = { kind: 'resource', key: '' };
const BREAKDOWNS = [TEAM, RESOURCE];

/** Values that a spreadsheet would take for a formula, and such as look like what is done about them. */
const TEAMS = ['red', '=1+1', "'quoted'", "'=1", '-', '@x', '+', "it's"];

const sorted = (rows: readonly unknown[]): string[] => rows.map((row) => JSON.stringify(row)).sort();

/** Publishes a month with two breakdowns. */
async function publish(format: ExportFormat): Promise<string> {
  const rows = TEAMS.map((team, index) =>
    focusRow(
      { quantity: String(index + 1) },
      { Tags: JSON.stringify({ team }), ResourceId: `i-${String(index)}` },
    ),
  );
  const files = { [FOCUS_BILL]: billCsv([...rows, focusRow({ quantity: '2' })]) };
  const options = ['--by', 'tag:team', 'resource', '--format', format];
  const { code, out } = await runBills(folder(), files, ...options);
  expect(code).toBe(0);
  return out;
}

/** Rows of Glue's view, over tables as Glue has them: typed Parquet, or texts of CSV, with their partition's values. */
async function rowsOfView(out: string, format: ExportFormat): Promise<Record<string, unknown>[]> {
  const session = await DuckSession.open({ isSeparate: true });
  try {
    for (const breakdown of BREAKDOWNS) {
      const file = dataKey(
        breakdownExportName(EXPORT_NAME, breakdown),
        asExportMonth('2025-01', 'v2.0.0'),
        format,
      );
      const read =
        format === 'parquet' ? 'read_parquet($1' : 'read_csv($1, all_varchar = true, header = true';
      await session.run(
        `CREATE TABLE ${breakdownTable(breakdown, format).name} AS SELECT * FROM ${read}, hive_partitioning = true, hive_types_autocast = false)`,
        [`${out}/${file}`],
      );
    }
    const { sql, columns } = breakdownView(BREAKDOWNS, format);
    await session.run(`CREATE VIEW carbon_by_tag AS ${sql}`);
    const described = await session.select('DESCRIBE carbon_by_tag');
    expect(described.rows.map(([name, type]) => [name, type])).toEqual(
      columns.map(({ name, type }) => [name, DUCK_TYPES[type]]),
    );
    const { rows } = await session.select('SELECT * FROM carbon_by_tag');
    return rows.map((row) => Object.fromEntries(columns.map(({ name }, index) => [name, row[index]])));
  } finally {
    await session.close();
  }
}

test.each(['parquet', 'csv'] as const)(
  'over %s the view holds what the local table holds',
  async (format) => {
    const inParquet = await publish('parquet');
    const out = format === 'parquet' ? inParquet : await publish('csv');
    const local = await ask(inParquet, 'SELECT * FROM carbon_by_tag', EXPORT_NAME);
    expect(local).toHaveLength(2 * (TEAMS.length + 1));
    expect(sorted(await rowsOfView(out, format))).toEqual(sorted(local));
  },
);

test('the named query by-breakdown reads one breakdown, which adds up to the export', async () => {
  const out = await publish('parquet');
  const query = namedQueries().find(({ name }) => name === 'by-breakdown');
  const [whole] = await ask(out, 'SELECT sum(total_mbm_emissions_value) AS total FROM carbon_latest');
  for (const [splitBy, expected] of [
    ['first', 'resource'],
    ['tag:team', 'tag:team'],
  ] as const) {
    const rows = await ask(out, query?.withParameters({ split_by: splitBy }) ?? '');
    expect(new Set(rows.map((row) => row['split_by']))).toEqual(new Set([expected]));
    const sum = nonEmpty(rows).reduce((total, row) => total + Number(row['total_mbm']), 0);
    expect(sum).toBeCloseTo(Number(whole?.['total']), 9);
  }
});

test.each([
  ['parquet', ''],
  ['csv', '_csv'],
] as const)('tables of %s have the locations of the exports of the breakdowns', (format, suffix) => {
  const options = { root: 's3://bucket/', exportName: 'carbon', format, breakdowns: BREAKDOWNS };
  expect(
    partitionedTables(options).map(({ table, exportName }) => [
      ...[table.name, table.storageDescriptor.location, exportName],
    ]),
  ).toEqual([
    [`carbon_emissions${suffix}`, 's3://bucket/carbon/data/', 'carbon'],
    [`carbon_by_tag_team${suffix}`, 's3://bucket/carbon-by-tag-team/data/', 'carbon-by-tag-team'],
    [`carbon_by_resource${suffix}`, 's3://bucket/carbon-by-resource/data/', 'carbon-by-resource'],
    ['accounts', 's3://bucket/accounts/', undefined],
  ]);
});

test('every column has a comment, and tables name their breakdown', () => {
  const [, byTeam] = glueTables({
    ...{ root: 's3://bucket/', exportName: 'carbon', format: 'parquet' },
    breakdowns: BREAKDOWNS,
  });
  expect(byTeam?.description).toContain('broken down by tag:team');
  expect(byTeam?.storageDescriptor.columns.map(({ name }) => name)).toEqual(
    columnsOfExport(true).map(({ name }) => name),
  );
  for (const { comment } of nonEmpty(byTeam?.storageDescriptor.columns ?? []))
    expect(comment).toMatch(/^[^\n]{1,255}$/);
});

test.each([
  ['tag', 'Cost-Center', 'carbon_by_tag_cost_center'],
  ['tag', 'Cost.Center', 'carbon_by_tag_cost_center_fa6c6da3'],
  ['tag', '部門', 'carbon_by_tag_b7c61bcd'],
  ['account-tag', 'team', 'carbon_by_account_tag_team'],
  ['cost-category', '-', 'carbon_by_cost_category_0933fb66'],
] as const)('the table of %s:%s is called %s, and never as the view is', (kind, key, name) => {
  expect(breakdownTable({ kind, key }, 'parquet').name).toBe(name);
});

test('without breakdowns there is no view', () => {
  const names = glueViews({ root: 's3://bucket/', exportName: 'carbon', format: 'parquet' }, 'x').map(
    ({ name }) => name,
  );
  expect(names).not.toContain('carbon_by_tag');
});
