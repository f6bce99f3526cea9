/**
 * Types of Hive for DuckDB's types of one value. Not FLOAT: as texts, which are what counts, the engines spell it with
 * different digits.
 */
const SCALARS: Readonly<Record<string, string>> = {
  BOOLEAN: 'boolean',
  TINYINT: 'tinyint',
  SMALLINT: 'smallint',
  INTEGER: 'int',
  BIGINT: 'bigint',
  DOUBLE: 'double',
  VARCHAR: 'string',
  DATE: 'date',
  TIMESTAMP: 'timestamp',
  TIMESTAMP_S: 'timestamp',
  TIMESTAMP_MS: 'timestamp',
  TIMESTAMP_NS: 'timestamp',
  'TIMESTAMP WITH TIME ZONE': 'timestamp',
};

/** Hive stores names of members in small letters and would rename others. */
const MEMBER = /^([a-z0-9_]+) ([A-Z ]+|DECIMAL\(\d+,\d+\))$/;

/**
 * Returns the type of a Parquet column in Hive, and so in Athena; undefined for a type that Athena cannot read or reads
 * differently.
 *
 * @param type DuckDB's name of the column's type
 */
export function hiveType(type: string): string | undefined {
  const scalar = scalarType(type);
  if (scalar !== undefined) return scalar;
  const map = /^MAP\((\w+), ([^()]+)\)$/.exec(type);
  if (map !== null) {
    const [key, value] = [scalarType(map[1] ?? ''), scalarType(map[2] ?? '')];
    return key === undefined || value === undefined ? undefined : `map<${key},${value}>`;
  }
  const struct = /^STRUCT\((.+)\)$/.exec(type);
  if (struct === null) return undefined;
  const members = (struct[1] ?? '').split(/, (?=[a-z0-9_]+ [A-Z])/).map((member) => {
    const [, name = '', memberType = ''] = MEMBER.exec(member) ?? [];
    const hive = scalarType(memberType);
    return hive === undefined ? undefined : `${name}:${hive}`;
  });
  return members.includes(undefined) ? undefined : `struct<${members.join(',')}>`;
}

function scalarType(type: string): string | undefined {
  return /^DECIMAL\(\d+,\d+\)$/.test(type) ? type.toLowerCase() : SCALARS[type];
}
