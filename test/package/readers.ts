import { strict as assert } from 'node:assert';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { done } from './done';
import { type Node, run } from './npm';

const PACKAGES = ['pandas==3.1.1', 'pyarrow==26.0.1', 'openpyxl==3.1.5', 'polars==2.1.0', 'pyspark==3.5.9'];

/** What each program of docs/how-to.md prints when a line is added: the total of its result. */
const TOTALS: Readonly<Record<string, string>> = {
  Excel: 'pd.read_excel("by-account.xlsx", dtype={"usage_account_id": str})["total_mbm"].sum()',
  pandas: 'sums.sum()',
  Polars: 'sums["mtco2e"].sum()',
  Spark: 'sum(row.mtco2e for row in sums.collect())',
};

/** Runs the programs and the query of docs/how-to.md on an export, and compares their totals with that of a query. */
export function checkReaders(node: Node, { folder, root }: { folder: string; root: string }): void {
  const python = join(folder, 'python', 'bin', 'python');
  run('python3', ['-m', 'venv', join(folder, 'python')], folder);
  run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...PACKAGES], folder);
  const command = (...args: readonly string[]): string =>
    run(node.program, [join('node_modules', '.bin', 'carbon-exports'), ...args], folder);
  command('sample', '--out', 'my-estate', '--months', '2', '--quiet');
  command('run', '--inputs', 'my-estate', '--out', 'my-exports', '--quiet');
  const query = ['query', '--out', 'my-exports', '--format', 'csv'];
  writeFileSync(join(folder, 'by-account.csv'), command(...query, '--named', 'by-account'));
  const sql = 'SELECT sum(total_mbm_emissions_value) AS total FROM carbon_latest';
  const expected = Number(command(...query, sql).split(/\r?\n/)[1]);
  assert(expected > 0);
  const howTo = readFileSync(join(root, 'docs', 'how-to.md'), 'utf8');
  const grafana = /## Grafana\n.*?```sql\n(.*?)```/s.exec(howTo)?.[1];
  assert(grafana !== undefined, 'docs/how-to.md has a query for Grafana');
  // Grafana replaces its macro by the range of the dashboard.
  const range =
    "usage_period_start BETWEEN TIMESTAMP '2000-01-01 00:00:00' AND TIMESTAMP '2099-01-01 00:00:00'";
  assert.match(
    command(...query, grafana.replace('$__timeFilter(usage_period_start)', range)),
    /^time,product_code,mtco2e\r?\n\d{4}-/,
  );
  for (const [tool, total] of Object.entries(TOTALS)) {
    const program = new RegExp(`## ${tool}\n[^#]*?\`\`\`python\n(.*?)\`\`\``, 's').exec(howTo)?.[1];
    assert(program !== undefined, `docs/how-to.md has a program for ${tool}`);
    const file = join(folder, `how-to-${tool}.py`);
    writeFileSync(file, `${program}\nprint("TOTAL", ${total})\n`);
    const found = Number(/TOTAL (\S+)/.exec(run(python, [file], folder))?.[1]);
    assert(
      Math.abs(found - expected) <= expected * 1e-9,
      `${tool}: found ${String(found)}, expected ${String(expected)}`,
    );
  }
  const ids = run(python, ['-c', IDS], folder).trim();
  assert.equal(ids, 'texts of 12 digits', 'a workbook keeps account ids');
  done(`The programs of docs/how-to.md work: ${Object.keys(TOTALS).join(', ')}`);
}

/** Reads the cells of the workbook as Excel does: a text has the type "s". */
const IDS = `
import openpyxl
rows = list(openpyxl.load_workbook("by-account.xlsx").active.rows)[1:]
bad = [cells[0].value for cells in rows if cells[0].data_type != "s" or len(cells[0].value) != 12]
print("texts of 12 digits" if rows and not bad else bad)
`;
