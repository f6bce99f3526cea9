import { textLiteral } from '../../sql/dialect';
import { foundIn, matches } from '../../sql/patterns';
import { orNull } from './bill-format';

/*
 * Texts of a column with keys and values. A JSON object is read as such. The other forms are what tools make of a map:
 *
 * - a list of pairs, as JSON or as Python writes it: [["team", "red"]], [('team', 'red')]
 * - a list of structures: [{"key": "team", "value": "red"}]
 * - Python's text of a dictionary: {'team': 'red', 'owner': None}
 * - DuckDB's text of a map, and that of Java: {team=red, 'a=b'='it\'s'}
 * - Spark's text of a map: {team -> red}
 *
 * Each form is read from its beginning, pair by pair, so that a value that looks like a key is never read as one.
 */

/** A text in quotes. */
const QUOTED = String.raw`"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'`;

/** A text without quotes: it has no sign that separates pairs. */
const BARE = String.raw`[^'",:=\s\[\](){}][^'",=\[\](){}]*`;

const VALUE = `(?:${QUOTED}|${BARE})`;

const BETWEEN = String.raw`\s*[:,=]\s*`;

const START = String.raw`^\s*(?:array\()?`;

/** The pairs before the one that is looked for. */
const EARLIER_PAIRS = String.raw`[\s\[({]*(?:${VALUE}${BETWEEN}${VALUE}?[\s\])}]*,[\s\[({]*)*`;

/** A list of structures: the first member of each is its key, the second its value. */
const STRUCTURES = String.raw`${START}[\s\[(]*\{\s*["'][kK]ey["']`;

const EARLIER_STRUCTURES = String.raw`[\s\[(]*(?:\{\s*${VALUE}\s*:\s*${VALUE}\s*,\s*${VALUE}\s*:\s*${VALUE}?\s*\}[\s,]*)*\{\s*["'][kK]ey["']\s*:\s*`;

/** What a literal begins with, apart from the plain values. */
const MARK = 'chr(1)';

/**
 * SQL of the value that a text of keys and values has under the first of some names; NULL where it has none. The result
 * may be a literal that {@link plainValue} decodes.
 */
export function memberOfText(text: string, names: readonly string[]): string {
  const members = names.map((name) =>
    orNull(`json_extract_scalar(${text}, ${textLiteral(`$[${JSON.stringify(name)}]`)})`),
  );
  const others = names.map(
    (name) => `CASE WHEN ${contains(text, name)} THEN ${MARK} || ${literalOf(text, name)} END`,
  );
  // Not in a CASE: DuckDB finds the common parts of its branches anew in each.
  return firstValue([...members, ...others]);
}

/** SQL of a plain value out of a result of {@link memberOfText}. */
export function plainValue(value: string): string {
  const literal = `substr(${value}, 2)`;
  const inside = `substr(${value}, 3, length(${value}) - 3)`;
  const unescaped = `replace(replace(replace(replace(${inside}, '\\\\', chr(2)), '\\''', ''''), '\\"', '"'), chr(2), '\\')`;
  return `CASE
    WHEN ${value} IS NULL OR substr(${value}, 1, 1) <> ${MARK} THEN ${value}
    WHEN ${literal} LIKE '"%' THEN ${orNull(`coalesce(json_extract_scalar(${literal}, '$'), ${unescaped})`)}
    WHEN ${literal} LIKE '''%' THEN ${orNull(unescaped)}
    WHEN lower(trim(${literal})) IN ('null', 'none', 'nan') THEN NULL
    ELSE trim(${literal})
  END`;
}

/** SQL of the first of some values that is not NULL. */
export function firstValue(values: readonly string[]): string {
  const [only = 'CAST(NULL AS VARCHAR)'] = values;
  return values.length <= 1 ? only : `coalesce(${values.join(', ')})`;
}

function contains(text: string, name: string): string {
  const inside = [...new Set(quotedForms(name).map((form) => form.slice(1, -1)))];
  return inside.map((form) => `strpos(${text}, ${textLiteral(form)}) > 0`).join(' OR ');
}

function literalOf(text: string, name: string): string {
  const key = `(?:${[...quotedForms(name), name].map(inPattern).join('|')})`;
  const found = (pattern: string): string => foundIn(text, pattern, 1);
  const inStructures = `${START}${EARLIER_STRUCTURES}${key}\\s*,\\s*["'][vV]alue["']\\s*:\\s*(${VALUE})`;
  const inPairs = `${START}${EARLIER_PAIRS}${key}${BETWEEN}(${VALUE})`;
  const inArrows = String.raw`(?:^\{|, )${inPattern(name)} -> (.*?)(?:, [^,]*? -> .*|\}$)`;
  return `CASE
    WHEN ${matches(text, STRUCTURES)} THEN ${found(inStructures)}
    WHEN strpos(${text}, ' -> ') > 0 AND ${text} LIKE '{%' THEN coalesce(${found(inArrows)}, ${found(inPairs)})
    ELSE ${found(inPairs)}
  END`;
}

/** A name as JSON and Python write it; Python's json.dumps writes other than Latin letters as \uXXXX. */
function quotedForms(name: string): string[] {
  const json = JSON.stringify(name);
  const ascii = json.replaceAll(
    /[\u0080-\uffff]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  const inQuotes = name.replaceAll('\\', '\\\\').replaceAll("'", "\\'");
  return [...new Set([json, ascii, `'${inQuotes}'`])];
}

function inPattern(text: string): string {
  return text.replaceAll(/[\\^$.|?*+()[\]{}]/g, String.raw`\$&`);
}
