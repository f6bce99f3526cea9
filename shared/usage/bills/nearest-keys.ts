import { append } from '../../base/append';
import type { Breakdown } from '../../exports/breakdown';
import { type DuckSession, textIn } from '../../sql/duck-session';
import { columnNames, type UsageFile } from '../../sql/text-columns';
import type { UsageEngine } from '../lines/usage-engine';
import { BILL_FORMATS } from './bill-formats';
import type { BillTable } from './bill-tables';
import { COST_CATEGORY_COLUMN, type KeyKind, TAG_COLUMN } from './key-spellings';

/** Keys of a month's bills that are like one that no line has. */
export interface NearestKeys {
  /** Columns in which keys are looked for; none where the files have no such column. */
  readonly columns: readonly string[];
  /** The most similar first. */
  readonly nearest: readonly string[];
  /** Names of columns that would have them. */
  readonly expectedColumns: string;
}

/** How many keys are named. */
const SHOWN_KEYS = 5;

/** How many different texts of a column are read. */
const MOST_TEXTS = 50_000;

const EXPECTED: Readonly<Record<BillTable, Readonly<Record<Breakdown['kind'], string>>>> = {
  focus: {
    tag: 'Tags',
    'cost-category': 'x_CostCategories or Tags',
    'account-tag': 'Tags',
    'user-attribute': 'Tags',
    resource: 'ResourceId',
  },
  cur: {
    tag: 'resource_tags, tags or resource_tags_user_…',
    'cost-category': 'cost_category, tags or cost_category_…',
    'account-tag': 'tags',
    'user-attribute': 'tags',
    resource: 'line_item_resource_id',
  },
};

/** What keys of each kind begin with; in columns of one kind they may have no prefix. */
const PREFIXES: Readonly<Record<KeyKind, RegExp>> = {
  tag: /^(?:resourceTags\/)?(?:user[:_])?/,
  'cost-category': /^costCategory[:/]/,
  'account-tag': /^accountTag[:/]/,
  'user-attribute': /^userAttribute[:/]/,
};

/** Keys of other kinds in a column of several kinds. */
const OTHER_THAN_TAGS = /^(?:costCategory|accountTag|userAttribute)[:/]/;

/** What the name of a column of one key begins with. */
const COLUMN_PREFIXES: Partial<Record<KeyKind, string>> = {
  tag: TAG_COLUMN,
  'cost-category': COST_CATEGORY_COLUMN,
};

/** Files of a table of bills. */
interface BillFiles {
  readonly table: BillTable;
  readonly files: readonly UsageFile[];
}

/** Returns the keys of a month's bills that are most like the key of a breakdown. */
export async function nearestKeys(
  session: DuckSession,
  engine: UsageEngine,
  { kind, key }: Breakdown,
  bills: BillFiles,
): Promise<NearestKeys> {
  const { table, files } = bills;
  const expectedColumns = EXPECTED[table][kind];
  if (kind === 'resource') {
    const columns = files.flatMap((file) => BILL_FORMATS[table].keyColumns(file).resource);
    return { columns: [...new Set(columns)], nearest: [], expectedColumns };
  }
  const flat = flatColumns(kind, files);
  const inColumns = await keysInColumns(session, engine, kind, bills);
  const keys = [...inColumns.keys, ...flat.map(({ key: name }) => name)];
  return {
    columns: [...new Set([...inColumns.columns, ...flat.map(({ column }) => column)])],
    nearest: await mostSimilar(session, key, keys),
    expectedColumns,
  };
}

function flatColumns(kind: KeyKind, files: readonly UsageFile[]): { column: string; key: string }[] {
  const prefix = COLUMN_PREFIXES[kind];
  if (prefix === undefined) return [];
  return files
    .flatMap((file) => [...columnNames(file)])
    .filter((column) => column.toLowerCase().startsWith(prefix))
    .map((column) => ({ column, key: column.slice(prefix.length).replace(/^user_/, '') }));
}

async function keysInColumns(
  session: DuckSession,
  engine: UsageEngine,
  kind: KeyKind,
  { table, files }: BillFiles,
): Promise<{ readonly columns: readonly string[]; readonly keys: readonly string[] }> {
  const columnsOf = (file: UsageFile): readonly string[] => {
    const { own, mixed } = BILL_FORMATS[table].keyColumns(file);
    return [...own[kind], ...mixed];
  };
  const columns = [...new Set(files.flatMap((file) => columnsOf(file)))];
  const keys: string[] = [];
  for (const column of columns) {
    const isMixed = files.some((file) => BILL_FORMATS[table].keyColumns(file).mixed.includes(column));
    const having = files.filter((file) => columnsOf(file).includes(column));
    const texts = { table, files: having, columnsOf: () => [[column, 'keys']] as const };
    const sums = await engine.sum(session, texts, {
      columns: { keys: 'VARCHAR', lines: 'BIGINT' },
      overTexts: (all) =>
        `SELECT keys, COUNT(*) AS lines FROM (${all.join('\nUNION ALL\n')}) t WHERE keys <> '' GROUP BY keys LIMIT ${String(MOST_TEXTS)}`,
      context: [],
    });
    const rows = await session.rows(
      `SELECT DISTINCT trim(unnest(${KEYS_IN_TEXT}), '''"') AS key FROM ${sums.table} ORDER BY key`,
    );
    append(
      keys,
      rows.flatMap((row) => nameOf(kind, textIn(row, 'key'), isMixed)),
    );
  }
  return { columns, keys };
}

/** The keys of a text of keys and values, in any of its forms: see member-text.ts. */
const KEYS_IN_TEXT = `CASE
  WHEN json_valid(keys) AND json_type(keys) = 'OBJECT' THEN json_keys(keys)
  WHEN regexp_matches(keys, '["''][kK]ey["'']\\s*:') THEN regexp_extract_all(keys, '["''][kK]ey["'']\\s*:\\s*["'']?([^"'',}]+)', 1)
  WHEN keys LIKE '{%' THEN regexp_extract_all(keys, '(?:^\\{|, )(''[^'']+''|"[^"]+"|[^"''={},]+?)(?:\\s*=|\\s*:\\s| -> )', 1)
  ELSE regexp_extract_all(keys, '[\\[(]["'']?([^"''\\[\\](),]+)["'']?\\s*,', 1)
END`;

/** The key without its prefix; nothing for a key of another kind in a column of several kinds. */
function nameOf(kind: KeyKind, member: string, isMixed: boolean): string[] {
  const name = member.replace(PREFIXES[kind], '');
  if (!isMixed) return [name];
  const isOfKind = kind === 'tag' ? !OTHER_THAN_TAGS.test(member) : name !== member;
  return isOfKind ? [name] : [];
}

async function mostSimilar(session: DuckSession, key: string, keys: readonly string[]): Promise<string[]> {
  const known = await session.load({
    columns: { key: 'VARCHAR' },
    rows: [...new Set(keys)].map((name) => [name] as const),
  });
  const rows = await session.rows(
    `SELECT key FROM ${known.table} ORDER BY levenshtein(lower(key), lower($1)), key LIMIT ${String(SHOWN_KEYS)}`,
    [key],
  );
  await session.drop(known);
  return rows.map((row) => textIn(row, 'key'));
}
