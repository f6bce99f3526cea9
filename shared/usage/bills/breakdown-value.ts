import { type Breakdown, MISSING_VALUES } from '../../exports/breakdown';
import type { ColumnAccess, TextColumn, UsageFile } from '../../sql/text-columns';
import { orNull } from './bill-format';
import { BILL_FORMATS } from './bill-formats';
import type { BillTable } from './bill-tables';
import { spellingsOf } from './key-spellings';
import { firstValue, memberOfText, plainValue } from './member-text';

/** What lines of bills are broken down by. */
export interface LineDetail {
  /** Name of that text among a line's: that of a resource may become the name of a model. */
  readonly name: 'keys' | 'resource_id';
  /** The text of a file's lines that the value is made of. */
  readonly textOf: (file: UsageFile) => TextColumn;
  /** SQL of a line's value, over that text. */
  readonly valueOf: (text: string) => string;
}

/** Returns how the lines of a table of bills are broken down; undefined where they are not. */
export function breakdownDetail(
  breakdown: Breakdown | undefined,
): ((table: BillTable) => LineDetail) | undefined {
  if (breakdown === undefined) return undefined;
  const other = `'${MISSING_VALUES[breakdown.kind]}'`;
  return (table) => ({
    name: breakdown.kind === 'resource' ? 'resource_id' : 'keys',
    textOf: (file) => valueText(keySources(table, breakdown, file)),
    valueOf: (text) => `coalesce(${plainValue(text)}, ${other})`,
  });
}

/** A column of a file that has values, or keys and values. */
export interface KeySource {
  readonly column: string;
  /** Keys of which the first with a value counts. @default - the column has the value itself */
  readonly members?: readonly string[];
}

/** Returns where a file has the values of a breakdown: the first of these that has one counts. */
export function keySources(table: BillTable, { kind, key }: Breakdown, file: UsageFile): KeySource[] {
  const { resource, own, mixed } = BILL_FORMATS[table].keyColumns(file);
  if (kind === 'resource') return resource.map((column) => ({ column }));
  const { members, prefixed, columns } = spellingsOf(kind, key);
  const wanted = new Set(columns);
  return [
    ...own[kind].map((column) => ({ column, members })),
    ...mixed.map((column) => ({ column, members: kind === 'tag' ? members : prefixed })),
    ...columnsOf(file)
      .filter((column) => wanted.has(column.toLowerCase()))
      .map((column) => ({ column })),
  ];
}

function columnsOf({ header, types }: UsageFile): readonly string[] {
  return header ?? [...(types?.keys() ?? [])];
}

function valueText(sources: readonly KeySource[]): TextColumn {
  if (sources.length === 0) return undefined;
  return {
    of: sources.map(({ column }) => column),
    sql: (access) => firstValue(sources.map((source) => valueIn(source, access))),
  };
}

function valueIn({ column, members }: KeySource, access: ColumnAccess): string {
  if (members === undefined) return orNull(access.textOf(column));
  if (access.typeOf(column) !== 'MAP(VARCHAR, VARCHAR)') return memberOfText(access.textOf(column), members);
  return firstValue(members.map((name) => orNull(access.memberOf(column, name))));
}
