import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { costTable } from '../../infra/monthly-cost';
import { ROOT } from './doc-commands';

const read = (document: string): string => readFileSync(join(ROOT, document), 'utf8');

/** Rows of tables as lists of cells. */
const rowsOf = (text: string): string[][] =>
  text
    .split('\n')
    .filter((line) => line.startsWith('|') && !/^\|[ :|-]+\|$/.test(line))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );

describe('the cost of a deployment', () => {
  const table = rowsOf(costTable());

  test('docs/deploy.md has the table that infra/monthly-cost.ts computes', () => {
    const [, section = ''] = read('docs/deploy.md').split('\n## Cost\n');
    expect(table.length).toBeGreaterThan(3);
    expect(rowsOf(section)).toEqual(table);
  });

  test('README.md names an upper limit of it', () => {
    const [, limit, accounts] =
      /costs under ([\d.]+) USD a month for up to ([\d,]+) accounts/.exec(read('README.md')) ?? [];
    const cost = Number(table.find(([cell]) => cell === accounts)?.at(-1));
    expect(cost).toBeGreaterThan(0);
    expect(Number(limit)).toBeGreaterThan(cost);
    expect(Number(limit)).toBeLessThan(cost * 1.1);
  });
});

describe('the figures of speed in README.md', () => {
  const quoted = [
    ...read('README.md').matchAll(
      /of ([\d,]+) (?:usage rows|lines) takes ([\d.]+) CPU seconds and ([\d.]+ [GM]B)/g,
    ),
  ].map(([, ...figures]) => figures);
  const rows = rowsOf(read('docs/performance.md'));

  test('are two', () => {
    expect(quoted).toHaveLength(2);
  });

  test.each(quoted)(
    '%s rows or lines, %s CPU seconds and %s are a row of docs/performance.md',
    (...figures) => {
      const [size = '', ...cost] = figures;
      const sized = rows.filter((cells) => cells.some((cell) => cell.split(' ').includes(size)));
      expect(sized.some((cells) => cost.every((figure) => cells.includes(figure)))).toBe(true);
    },
  );
});
