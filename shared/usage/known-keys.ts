import type { Month } from '../base/month';
import { InputError } from '../base/input-problem';
import type { Warning } from '../base/warning';
import type { InputFiles } from '../estate/input-files';
import type { TableReader } from '../estate/read-table';
import { type Breakdown, breakdownText, MISSING_VALUES } from '../exports/breakdown';
import { type DuckSession, numberIn } from '../sql/duck-session';
import type { UsageFile } from '../sql/text-columns';
import type { BillSums } from './bills/bill-sums';
import type { MonthBills } from './bills/bill-lines';
import { BILL_TABLES, isBillTable } from './bills/bill-tables';
import { breakdownDetail } from './bills/breakdown-value';
import { nearestKeys } from './bills/nearest-keys';
import type { UsageEngine } from './lines/usage-engine';
import type { UsageScanner } from './usage-files';

/** Where the months of an estate are read. */
export interface KeySearch {
  readonly reader: TableReader;
  readonly engine: UsageEngine;
  readonly keys: KnownKeys;
}

/** Knows which months of an estate have bills with the key of a breakdown. It reads them only where a month lacks the key. */
export class KnownKeys {
  private readonly found = new Map<string, Promise<boolean>>();

  constructor(
    private readonly files: InputFiles,
    private readonly scanner: UsageScanner,
  ) {}

  /** Returns the newest other month whose bills have a line with the key; undefined where no month has one. */
  async otherMonth(search: KeySearch, breakdown: Breakdown, month: Month): Promise<Month | undefined> {
    const months = new Set(BILL_TABLES.flatMap((table) => this.files.monthsOf(table)));
    for (const other of [...months].sort().reverse()) {
      if (other !== month && (await this.has(search, breakdown, other))) return other;
    }
    return undefined;
  }

  private has(search: KeySearch, breakdown: Breakdown, month: Month): Promise<boolean> {
    const key = JSON.stringify([breakdown, month]);
    const known = this.found.get(key) ?? this.read(search, breakdown, month);
    this.found.set(key, known);
    return known;
  }

  private async read({ reader, engine }: KeySearch, breakdown: Breakdown, month: Month): Promise<boolean> {
    const { table, files, problems } = await this.scanner.scan(reader, month, BILL_TABLES, engine);
    const detail = isBillTable(table) ? breakdownDetail(breakdown)?.(table) : undefined;
    try {
      if (detail === undefined || problems.length > 0) return false;
      const columnsOf = (file: UsageFile) => [[detail.textOf(file), detail.name]] as const;
      const own = files.filter(({ isNeighbour }) => !isNeighbour);
      const texts = { table, files: own, columnsOf };
      const withKey = (text: string): string =>
        `(SELECT COUNT(*) AS lines FROM (SELECT 1 AS one FROM (${text}) t WHERE ${detail.valueOf(detail.name)} <> '${MISSING_VALUES[breakdown.kind]}' LIMIT 1) f)`;
      const sums = await engine.sum(reader.session, texts, {
        columns: { lines: 'BIGINT' },
        overTexts: (all) => all.map(withKey).join('\nUNION ALL\n'),
        context: [],
      });
      const [row] = await reader.session.rows(
        `SELECT CAST(coalesce(SUM(lines), 0) AS DOUBLE) AS n FROM ${sums.table}`,
      );
      return numberIn(row, 'n') > 0;
    } finally {
      for (const { copy } of files) await copy.release();
    }
  }
}

/** A month's bills, summed by the values of a breakdown. A month without one of them has no key to miss. */
export interface BrokenDownBills {
  readonly breakdown: Breakdown | undefined;
  readonly bills: MonthBills | undefined;
  readonly sums: BillSums | undefined;
}

/**
 * Returns a warning where no line of a month has the key of its breakdown and another month of the estate has it.
 *
 * @throws InputError with the nearest keys where no other month has it either
 */
export async function missingKey(
  session: DuckSession,
  search: KeySearch,
  { breakdown, bills, sums }: BrokenDownBills,
): Promise<Warning[]> {
  if (breakdown === undefined || bills === undefined || sums === undefined) return [];
  const other = MISSING_VALUES[breakdown.kind];
  const [row] = await session.rows(
    `SELECT COUNT(*) AS n, COUNT(*) FILTER (WHERE breakdown_value <> '${other}') AS found FROM ${sums.table} WHERE place <> 'elsewhere'`,
  );
  if (numberIn(row, 'n') === 0 || numberIn(row, 'found') > 0) return [];
  const text = breakdownText(breakdown);
  const month = await search.keys.otherMonth(search, breakdown, bills.month);
  if (month === undefined) throw await unknownKey(session, search.engine, breakdown, bills);
  const message = `no line of the month has ${text}, which lines of ${month} have: all rows are ${other}`;
  return [{ severity: 'worth-a-look', code: 'key-missing', count: 1, message }];
}

async function unknownKey(
  session: DuckSession,
  engine: UsageEngine,
  breakdown: Breakdown,
  bills: MonthBills,
): Promise<InputError> {
  const { table, files } = bills;
  const own = files.filter(({ isNeighbour }) => !isNeighbour);
  const { columns, nearest, expectedColumns } = await nearestKeys(session, engine, breakdown, {
    table,
    files: own,
  });
  const file = own.map((each) => each.file).join(', ');
  const value = breakdownText(breakdown);
  if (columns.length === 0) {
    const expected = `a column that has it (${expectedColumns}), in this month or another one`;
    return new InputError([{ table, file, value, expected }]);
  }
  const near = nearest.length === 0 ? 'no line has any key' : `the nearest are ${nearest.join(', ')}`;
  const expected =
    breakdown.kind === 'resource'
      ? 'a line with a resource, in this month or another one'
      : `a key that a line has, in this month or another one; ${near}`;
  return new InputError([{ table, file, column: columns.join(', '), value, expected }]);
}
