/**
 * The keys and values of a text: a JSON object, a list of pairs or of structures, Python's text of these, or the text that
 * DuckDB, Java or Spark makes of a map. A value that has members is not a pair. The first value of a key counts.
 *
 * @example
 * pairsOf("[('team', 'red')]").get('team'); // 'red'
 */
export function pairsOf(text: string): ReadonlyMap<string, string> {
  const pairs = new Map<string, string>();
  for (const [key, value] of pairsIn(text)) if (!pairs.has(key)) pairs.set(key, value);
  return pairs;
}

type Pair = readonly [key: string, value: string];

function pairsIn(text: string): Pair[] {
  const json = jsonOf(text);
  if (json !== undefined) return jsonPairs(json);
  if (text.startsWith('{') && text.includes(' -> ')) return arrowPairs(text);
  const values = valuesIn(text);
  const size = /^\s*(?:array\()?[\s[(]*\{\s*["'][kK]ey["']/.test(text) && !text.startsWith('{') ? 4 : 2;
  const pairs: Pair[] = [];
  for (let at = 0; at + 1 < values.length; at += size) {
    const [key, value] = size === 4 ? [values[at + 1], values[at + 3]] : [values[at], values[at + 1]];
    pairs.push([key ?? '', value ?? '']);
  }
  return pairs;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function jsonPairs(json: unknown): Pair[] {
  if (json === null || typeof json !== 'object') return [];
  if (!Array.isArray(json)) return Object.entries(json).map(([key, value]) => [key, plain(value)]);
  return json.flatMap((item: unknown): Pair[] => {
    if (Array.isArray(item)) return item.length < 2 ? [] : [[plain(item[0]), plain(item[1])]];
    if (item === null || typeof item !== 'object') return [];
    const members = new Map<string, unknown>(Object.entries(item));
    const key = members.get('key') ?? members.get('Key');
    return [[plain(key), plain(members.get('value') ?? members.get('Value'))]];
  });
}

function plain(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === undefined || value === null || typeof value === 'object' ? '' : JSON.stringify(value);
}

/** Spark: `{team -> red, owner -> x}`. */
function arrowPairs(text: string): Pair[] {
  return text
    .slice(1, -1)
    .split(/, (?=[^,]*? -> )/)
    .map((pair): Pair => {
      const [key = '', ...value] = pair.split(' -> ');
      return [key, value.join(' -> ')];
    });
}

const BRACKETS = '[](){}';
const SEPARATORS = ',:=';

/** The values of a text in their order, without brackets and separators; nothing between two separators is blank. */
function valuesIn(text: string): string[] {
  const values: string[] = [];
  let [at, isOpen] = [text.startsWith('array(') ? 'array('.length : 0, true];
  while (at < text.length) {
    const sign = text.charAt(at);
    if (sign === '"' || sign === "'") {
      const end = endOfQuoted(text, at);
      values.push(unquoted(text.slice(at, end)));
      [at, isOpen] = [end, false];
    } else if (SEPARATORS.includes(sign)) {
      if (isOpen) values.push('');
      [at, isOpen] = [at + 1, true];
    } else if (BRACKETS.includes(sign) || sign.trim() === '') {
      at += 1;
    } else {
      const end = endOfBare(text, at);
      values.push(bareValue(text.slice(at, end).trim()));
      [at, isOpen] = [end, false];
    }
  }
  return values;
}

function endOfQuoted(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text.charAt(at) !== text.charAt(start)) at += text.charAt(at) === '\\' ? 2 : 1;
  return at + 1;
}

/** A colon inside belongs to it: `aws:createdBy`. */
function endOfBare(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && !`'",=${BRACKETS}`.includes(text.charAt(at))) at += 1;
  return at;
}

function bareValue(text: string): string {
  return ['null', 'none', 'nan'].includes(text.toLowerCase()) ? '' : text;
}

function unquoted(literal: string): string {
  const json = literal.startsWith('"') ? jsonOf(literal) : undefined;
  return typeof json === 'string' ? json : literal.slice(1, -1).replaceAll(/\\(['"\\])/g, '$1');
}
