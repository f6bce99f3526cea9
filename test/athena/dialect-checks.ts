import { asMonth } from '../../shared/base/month';
import fc from 'fast-check';
import { isAccountId, paddedId } from '../../shared/sql/account-ids';
import { amountColumns } from '../../shared/sql/amount-columns';
import { textLiteral } from '../../shared/sql/dialect';
import { memberOfText, plainValue } from '../../shared/usage/bills/member-text';
import { isNear, partInMonth, seconds } from '../../shared/usage/bills/charge-period';
import { spellingsOf } from '../../shared/usage/bills/key-spellings';
import { WHOLE_IN_PARTS } from '../../shared/sql/exact-doubles';
import { hardDoubles } from '../support/hard-doubles';
import type { Checks } from './checks';
import type { Workbench } from './workbench';

const MONTH = asMonth('2025-01');

const END = "nullif(v1, '')";
const PERIOD = { startText: 'v0', endText: END, start: seconds('v0'), end: seconds(END) };

/** Texts in place of a number. */
const NUMBERS = [
  ...[
    '',
    '0',
    '-0',
    '+3',
    '1',
    '007',
    '1.5',
    '.5',
    '5.',
    '-.25',
    '1e3',
    '1E-7',
    '-2.5e+4',
    '1e',
    'e5',
    '1e40',
    '1e-30',
  ],
  ...[
    '123456789',
    '1234567890',
    '999999999.999999999',
    '0.1234567891',
    '99999999999999999999',
    '100000000000000000000',
  ],
  ...[
    '1_000',
    '1,5',
    '1 000',
    '--1',
    '0x1F',
    'abc',
    'NULL',
    'NaN',
    'nan',
    'Infinity',
    '-inf',
    '1.2.3',
    '½',
    '1d',
    '1f',
  ],
];

/** Texts as they stand where an account id belongs. */
const IDS = [
  '',
  '123456789012',
  '000000000001',
  '1',
  '12345678901',
  '1234567890123',
  '-12345678901',
  '+12345678901',
  '1.2345E+11',
];
const MORE_IDS = [
  '1234-5678-9012',
  'abcdefghijkl',
  '１２３４５６７８９０１２',
  '12345678901a',
  '0',
  '000000000000',
  'NULL',
];

const DAYS = [
  '2025-01-01',
  '2025-01-31',
  '2025-02-01',
  '2024-12-31',
  '2024-02-29',
  '2025-02-30',
  '2025-13-01',
  '0000-00-00',
  'x',
];
const CLOCKS = [
  '',
  ' 00:00:00',
  'T23:59:59Z',
  ' 12:30:00.000',
  'T00:00:00+05:30',
  ' 00:00:00-0800',
  'T06:00:00+02',
  ' 7:5:1',
  'T25:61:00Z',
  ' noon',
];

const TAGS = [
  ...[
    '',
    'no json',
    '{}',
    '[]',
    'null',
    '"team"',
    '{"team":"a"}',
    '{"team":""}',
    '{"team":null}',
    '{"team":"a \\"b\\" \\\\ c"}',
    "{'team': 'it\\\\'s', 'n': None}",
    "[('n', 'x'), ('team', 'red')]",
    '[["team", "red"]]',
    '{n=x, team=a b}',
    '{n -> x, team -> a=b}',
  ],
  ...[
    '{"user:team":"u"}',
    '{"user_team":"f","team":"p"}',
    '{"team":{"x":1}}',
    '{"team":["a"]}',
    '{"Team":"other"}',
    '{"team":"é\\u00e9"}',
  ],
  ...['{"team":"NULL"}', '{"team.x":"dot"}', '{"team":true}', '{"team":12}', '{ "team" : "spaced" }'],
];

/** What shipped SQL makes of texts is the same in both engines, however odd the texts are. */
export async function checkDialect(bench: Workbench, checks: Checks): Promise<void> {
  const run = async (
    name: string,
    rows: readonly (readonly string[])[],
    columns: readonly string[],
  ): Promise<void> => {
    await checks.check(`${name}, ${String(rows.length)} texts: Trino = DuckDB`, async () => {
      const values = rows
        .map((row, at) => `(${[String(at), ...row.map(textLiteral)].join(', ')})`)
        .join(', ');
      const names = ['n', ...(rows[0] ?? []).map((_, at) => `v${String(at)}`)];
      const { rows: answered } = await bench.parquet.both(
        `SELECT t.*, ${columns.join(', ')} FROM (SELECT * FROM (VALUES ${values}) AS x(${names.join(', ')})) t`,
      );
      if (answered.length !== rows.length) throw new Error(`${String(answered.length)} rows`);
    });
  };
  await run(
    'amounts',
    [...NUMBERS, ...generated('0123456789.eE+-_,')].map((text) => [text]),
    amounts(),
  );
  await run(
    'doubles',
    hardDoubles(2_000).map((double) => [String(double)]),
    amounts('CAST(v0 AS DOUBLE)', 'DOUBLE'),
  );
  await run(
    'account ids',
    [...IDS, ...MORE_IDS, ...generated('0123456789+-. ')].map((text) => [text]),
    [`${isAccountId('v0')} AS is_id`, `${paddedId('v0')} AS padded`],
  );
  await run('charge periods', times(), [
    `${partInMonth(PERIOD, MONTH)} AS part`,
    `${isNear(PERIOD, MONTH)} AS near`,
    `${seconds('v0')} AS seconds`,
  ]);
  const member = memberOfText('v0', spellingsOf('tag', 'team').members);
  await run(
    'tags',
    TAGS.map((text) => [text]),
    [`${plainValue(`(${member})`)} AS split_value`],
  );
}

/** Decimals as texts, so that every digit is compared. */
function amounts(column = 'v0', type = 'VARCHAR'): string[] {
  const columns = amountColumns(column, 'n', { type, dialect: WHOLE_IN_PARTS });
  const [, short = '', long = '', bad = ''] = columns.map((sql) => sql.replace(/ AS \w+$/, ''));
  return [
    `CAST(${short} AS VARCHAR) AS amount_short`,
    `CAST(${long} AS VARCHAR) AS amount_long`,
    `${bad} AS amount_bad`,
  ];
}

function times(): string[][] {
  const all = DAYS.flatMap((day) => CLOCKS.map((clock) => day + clock));
  // Each with a few ends, near and far.
  return all.flatMap((start, at) =>
    [1, 7, 23].map((step) => [start, at % 9 === 0 ? '' : (all[(at + step) % all.length] ?? '')]),
  );
}

/** The same random texts on every run. */
function generated(alphabet: string): string[] {
  const text = fc.string({ unit: fc.constantFrom(...alphabet), maxLength: 14 });
  // The engines differ in blanks around a number: docs/deploy.md.
  return [...new Set(fc.sample(text, { seed: 1, numRuns: 400 }))].filter(
    (sample) => sample.trim() === sample,
  );
}
