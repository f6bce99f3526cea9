import { problemLines } from '../../cli/problem-lines';

const line = (row: number, found: string): string =>
  `usage/a.csv, row ${String(row)}, column usage_quantity: found ${JSON.stringify(found)}, expected a number`;

const ERROR = [
  ...[line(1, 'x'), line(2, 'y "z", expected'), line(7, 'w'), line(9, 'v')],
  'usage/a.csv, row 9, column cluster_id: found "c", expected a cluster_id that is in clusters',
  line(12, 'u'),
].join('\n');

test('equal problems are counted after the third', () => {
  expect(problemLines(ERROR, false)).toEqual([
    line(1, 'x'),
    line(2, 'y "z", expected'),
    line(7, 'w'),
    'usage/a.csv, row 9, column cluster_id: found "c", expected a cluster_id that is in clusters',
    '… and 2 more of these kinds; --verbose lists them',
  ]);
});

test('--verbose lists all', () => {
  expect(problemLines(ERROR, true).join('\n')).toBe(ERROR);
});

test('other lines are unchanged', () => {
  expect(problemLines('electricity.csv: found nothing\n… and 3 more', false)).toEqual([
    'electricity.csv: found nothing',
    '… and 3 more',
  ]);
});
