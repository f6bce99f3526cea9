import { defined } from '../../shared/base/defined';
import { formatResult } from '../../cli/query-output';

const RESULT = {
  columns: [
    { name: 'account', type: 'VARCHAR' },
    { name: 'n', type: 'BIGINT' },
  ],
  rows: Array.from({ length: 30 }, (_, n) => [`account ${String(n)} with a name`, n]),
};

const at = (columns: number, rows: number, limit?: number): string[] =>
  formatResult(RESULT, 'table', {
    terminal: { columns, rows },
    ...defined({ limit }),
  }).split('\n');

test('a terminal shows as many rows as it has lines, and says how to see all', () => {
  const lines = at(80, 15);
  expect(lines).toHaveLength(13);
  expect(lines.at(-1)).toBe('(10 of 30 rows; --limit 0 shows all, --format csv writes all)');
});

test.each([
  [0, '(30 rows)'],
  [3, '(3 of 30 rows; --limit 0 shows all, --format csv writes all)'],
])('--limit %d', (limit, last) => {
  expect(at(80, 15, limit).at(-1)).toBe(last);
});

test('rows that are wider than the terminal are shown one below the other', () => {
  expect(at(18, 12).slice(0, 5)).toEqual([
    'account  account 0 with a name',
    'n        0',
    '',
    'account  account 1 with a name',
    'n        1',
  ]);
  expect(at(18, 12).at(-1)).toBe('(3 of 30 rows; --limit 0 shows all, --format csv writes all)');
});

test('a pipe gets every row', () => {
  expect(formatResult(RESULT, 'table').split('\n')).toHaveLength(33);
});

test('a table has the digits that matter, CSV and JSON have all', () => {
  const result = {
    columns: [
      { name: 'total', type: 'DOUBLE' },
      { name: 'exact', type: 'DECIMAL(18,3)' },
      { name: 'year', type: 'BIGINT' },
    ],
    rows: [
      [0.000_766_719_760_481, '12345.678', 2025],
      [3, null, 2026],
    ],
  };
  expect(formatResult(result, 'table').split('\n').slice(2)).toEqual([
    '0.0007667  12,346  2025',
    '        3          2026',
    '(2 rows)',
  ]);
  expect(formatResult(result, 'csv')).toContain('0.000766719760481,12345.678,2025');
  expect(formatResult(result, 'json')).toContain('0.000766719760481');
});
