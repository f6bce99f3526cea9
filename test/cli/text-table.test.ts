import { fittedTable, type TextColumn } from '../../cli/text-table';

interface Row {
  readonly name: string;
  readonly mass: string;
  readonly note: string;
}

const COLUMNS: readonly TextColumn<Row>[] = [
  { title: 'name', value: ({ name }) => name },
  { title: 'mass', align: 'right', value: ({ mass }) => mass },
  { title: 'note', leaveOut: 1, value: ({ note }) => note },
];

const ROWS: readonly Row[] = [
  { name: 'a long name of an account', mass: '1.000 t', note: 'n' },
  { name: '日本', mass: '12.30 kg', note: 'x' },
];

const at = (columns: number): string => fittedTable(COLUMNS, ROWS, { columns, rows: 24 });

const widest = (text: string): number => Math.max(...text.split('\n').map(({ length }) => length));

test('a table that fits is whole', () => {
  expect(at(80)).toBe(
    [
      'name                           mass  note',
      '-------------------------  --------  ----',
      'a long name of an account   1.000 t  n',
      '日本                       12.30 kg  x',
    ].join('\n'),
  );
});

test('columns are left out first, and named', () => {
  const text = at(39);
  expect(text).toContain('a long name of an account   1.000 t');
  expect(text).toContain('Left out for the width of the terminal: note.');
  expect(text).not.toContain(' n\n');
});

test('then texts are cut, and numbers never', () => {
  const [, , first = ''] = at(24).split('\n');
  expect(first).toBe('a long name o…   1.000 t');
  expect(widest(at(24).split('\nLeft')[0] ?? '')).toBeLessThanOrEqual(24);
});

test('a pipe gets everything', () => {
  expect(fittedTable(COLUMNS, ROWS, undefined)).toBe(at(1_000));
});
