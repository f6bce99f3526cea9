import { naiveBreakdownValue } from '../../../shared/audit/verify/exact/breakdown-value';
import { type DuckSession, withSession } from '../../../shared/sql/duck-session';
import { spellingsOf } from '../../../shared/usage/bills/key-spellings';
import { memberOfText, plainValue } from '../../../shared/usage/bills/member-text';
import { keepDuckDb } from '../../support/kept-duckdb';

beforeAll(() => keepDuckDb());

async function valueIn(session: DuckSession, text: string, key: string): Promise<unknown> {
  const member = memberOfText('t', spellingsOf('tag', key).members);
  const [row] = await session.rows(
    `SELECT ${plainValue('m')} AS value FROM (SELECT ${member} AS m FROM (SELECT CAST($1 AS VARCHAR) AS t) x) y`,
    [text],
  );
  return row?.['value'];
}

const OTHER_TAGS = [
  ['owner', "it's me, team: blue"],
  ['aws:createdBy', 'IAMUser:AIDA:me'],
] as const;

const json = (key: string, value: string): string =>
  JSON.stringify(Object.fromEntries([...OTHER_TAGS, [key, value]]));

const CASES = [
  ['an object', json('team', 'red')],
  ['an object with spaces', '{ "owner": "x", "team" : "red" }'],
  ['the prefix of FOCUS', json('user:team', 'red')],
  ['the prefix of the column tags', json('resourceTags/user:team', 'red')],
  ['CUR 2.0', json('user_team', 'red')],
  ['a list of pairs', JSON.stringify([...OTHER_TAGS, ['user_team', 'red']])],
  [
    'a list of structures',
    JSON.stringify([...OTHER_TAGS, ['user_team', 'red']].map(([key, value]) => ({ key, value }))),
  ],
  [
    'a list of structures as AWS has them',
    '[{"Key": "owner", "Value": "team"}, {"Key": "team", "Value": "red"}]',
  ],
  ['a dictionary of Python', `{'owner': "it's me, 'team': 'blue'", 'none': None, 'team': 'red'}`],
  ['pairs of Python', `[['owner', 'team'], ['none', None], ['user_team', 'red']]`],
  ['tuples of Python', `[('owner', "it's"), ('user_team', 'red')]`],
  ['structures of Python', `[{'key': 'owner', 'value': 'team'}, {'key': 'user_team', 'value': 'red'}]`],
  ['an array of numpy', `array([('owner', 'x'), ('user_team', 'red')], dtype=object)`],
  ['a map of DuckDB', `{'aws:createdBy'='IAM:x', owner='team=blue, x', n=NULL, user_team=red}`],
  ['a map of Java', `{aws:createdBy=IAM:x, empty=, user_team=red}`],
  ['a list of DuckDB', `[['aws:createdBy', a b], [user_team, red]]`],
  ['structures of DuckDB', `[{'key': 'aws:createdBy', 'value': a b}, {'key': user_team, 'value': red}]`],
  ['a map of Spark', `{aws:createdBy -> a=b, user_team -> red, z -> 1}`],
] as const;

describe('the tag team is red in', () => {
  test.each(CASES)('%s', async (_, text) => {
    expect(await withSession({}, (session) => valueIn(session, text, 'team'))).toBe('red');
    expect(naiveBreakdownValue({ kind: 'tag', key: 'team' }, new Map([['tags', text]]))).toBe('red');
  });
});

describe('there is no tag team in', () => {
  test.each([
    ['a blank', ''],
    ['NULL', 'NULL'],
    ['another text', 'team'],
    ['an empty map', '{}'],
    ['a value', `{'owner': 'team', 'x': "'team': 'red'"}`],
    ['a member of a value', '{"owner": {"team": "red"}}'],
    ['a value with members', '{"team": {"lead": "red"}}'],
    ['a part of a key', '{"team_lead": "red"}'],
    ['a part of a key, by Python', `{'team_lead': 'red', 'my_team': 'x'}`],
    ['a key without a value', `{'owner': 'x', 'team': None}`],
    ['a blank value', `{"team": ""}`],
    ['a blank value, by Java', `{team=, owner=x}`],
    ['structures', `[{'key': 'owner', 'value': 'team'}]`],
  ])('%s', async (_, text) => {
    expect(await withSession({}, (session) => valueIn(session, text, 'team'))).toBeNull();
    expect(naiveBreakdownValue({ kind: 'tag', key: 'team' }, new Map([['tags', text]]))).toBe('(untagged)');
  });
});

test.each([
  ['チーム', '{"チーム": "赤"}', '赤'],
  ['チーム', String.raw`{"\u30c1\u30fc\u30e0": "\u8d64"}`, '赤'],
  ['チーム', String.raw`[["\u30c1\u30fc\u30e0", "\u8d64"]]`, '赤'],
  ['チーム', `{'チーム': '赤'}`, '赤'],
  ["it's", `{"it's": 'x'}`, 'x'],
  ['a.b*(c)', `{'a.b*(c)': 'x'}`, 'x'],
  ['team', String.raw`{'team': 'it\'s \\ "red"'}`, String.raw`it's \ "red"`],
  ['team', String.raw`{team='it\'s'}`, `it's`],
  ['CostCenter', `[('user_cost_center', '42')]`, '42'],
  ['aws:createdBy', `{'aws_created_by': 'x'}`, 'x'],
  ['key', `[{'key': 'owner', 'value': 'x'}, {'key': 'key', 'value': 'y'}]`, 'y'],
])('%s in %s is %s', async (key, text, value) => {
  expect(await withSession({}, (session) => valueIn(session, text, key))).toBe(value);
  expect(naiveBreakdownValue({ kind: 'tag', key }, new Map([['tags', text]]))).toBe(value);
});
