import type { ChangedTable } from '../shared/audit/diff/changed-lines';
import type { ComparedSide, ExportDiff, MonthDiff } from '../shared/audit/diff/diff-exports';
import { changeOf, DIMENSIONS, type Moved, type MovedKey } from '../shared/audit/diff/moved-figures';
import { FIGURES } from '../shared/exports/emissions';
import { asMtco2e } from '../shared/base/mass';
import {
  counted,
  formatNumber,
  massChangeText,
  massText,
  percentChangeText,
} from '../shared/base/people-number';
import { fittedTable, type TextColumn } from './text-table';

/** Returns a diff for people: totals, then accounts, services and Regions, the largest change first. */
export function diffInWords({ months, onlyBefore, onlyAfter }: ExportDiff, limit: number): string {
  return [
    ...months.map((month) => monthInWords(month, limit)),
    ...(onlyBefore.length > 0 ? [`Only in A: ${onlyBefore.join(', ')}`] : []),
    ...(onlyAfter.length > 0 ? [`Only in B: ${onlyAfter.join(', ')}`] : []),
  ].join('\n\n');
}

function monthInWords({ month, before, after, because, moved, inputRows }: MonthDiff, limit: number): string {
  const rows = `${counted(moved.rowsChanged, 'row')} changed (${formatNumber(moved.rowsBefore)} in A, ${formatNumber(moved.rowsAfter)} in B)`;
  const heading = [`${month}`, `A: ${sideInWords(before)}`, `B: ${sideInWords(after)}`].join('\n');
  const reason = because.length === 0 ? 'Same inputs.' : `Changed inputs: ${because.join(', ')}`;
  if (moved.rowsChanged === 0) return `${heading}\n${reason}\nNo value differs.`;
  const totals = fittedTable<{ name: string; figure: Moved }>(
    [
      { title: 'CO2e', value: ({ name }) => name },
      ...movedColumns<{ figure: Moved }>('', ({ figure }) => figure),
    ],
    FIGURES.map((name) => ({ name, figure: moved.totals[name] })).filter(
      // A version without Scope 3 has zeros.
      ({ name, figure }) => !name.startsWith('scope_3') || figure.before !== 0 || figure.after !== 0,
    ),
  );
  return [
    `${heading}\n${reason}\n${rows}`,
    totals,
    ...DIMENSIONS.map((dimension) => keysInWords(dimension, moved.by[dimension], limit)),
    ...(inputRows ?? []).map((table) => inputInWords(table, limit)),
  ].join('\n\n');
}

function sideInWords({ exportName, modelVersion, executionId, asOf }: ComparedSide): string {
  return `${exportName} ${modelVersion}, as of ${asOf.slice(0, 10)}, execution ${executionId}`;
}

function keysInWords(dimension: string, keys: readonly MovedKey[], limit: number): string {
  const shown = keys.slice(0, limit);
  const table = fittedTable<MovedKey>(
    [
      { title: dimension, value: ({ key }) => key },
      ...movedColumns<MovedKey>('LBM ', ({ figures }) => figures.total_lbm),
      ...movedColumns<MovedKey>('MBM ', ({ figures }) => figures.total_mbm),
    ],
    shown,
  );
  const rest = keys.length - shown.length;
  return rest > 0 ? `${table}\n… and ${formatNumber(rest)} more` : table;
}

function movedColumns<Row>(prefix: string, figureOf: (row: Row) => Moved): TextColumn<Row>[] {
  const column = (title: string, value: (moved: Moved) => string): TextColumn<Row> => ({
    title: prefix + title,
    align: 'right',
    value: (row) => value(figureOf(row)),
  });
  return [
    column('A', ({ before, unknownRows }) => sumInWords(before, unknownRows.before)),
    column('B', ({ after, unknownRows }) => sumInWords(after, unknownRows.after)),
    column('change', (moved) => {
      const change = changeOf(moved);
      return change === null ? '' : massChangeText(asMtco2e(change));
    }),
    column('%', percent),
  ];
}

/** A sum, or of how many rows AWS did not deliver the value. */
function sumInWords(sum: number | null, unknownRows: number): string {
  if (sum !== null) return massText(asMtco2e(sum));
  return `not delivered (${formatNumber(unknownRows)} rows)`;
}

function percent({ before, after }: Moved): string {
  if (before === null || after === null) return '';
  return before === 0 && after !== 0 ? 'new' : percentChangeText(before, after);
}

function inputInWords(
  { table, removed, added, removedRows, addedRows }: ChangedTable,
  limit: number,
): string {
  const shown = [
    ...removedRows.slice(0, limit).map((row) => `- ${row}`),
    ...addedRows.slice(0, limit).map((row) => `+ ${row}`),
  ];
  return [`${table}: ${counted(removed, 'row')} removed, ${formatNumber(added)} added`, ...shown].join('\n');
}
