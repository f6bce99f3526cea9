import { hiveType } from '../../../shared/usage/athena/hive-types';

test.each([
  ['VARCHAR', 'string'],
  ['DOUBLE', 'double'],
  ['BIGINT', 'bigint'],
  ['INTEGER', 'int'],
  ['BOOLEAN', 'boolean'],
  ['DECIMAL(38,18)', 'decimal(38,18)'],
  ['TIMESTAMP', 'timestamp'],
  ['TIMESTAMP WITH TIME ZONE', 'timestamp'],
  ['MAP(VARCHAR, VARCHAR)', 'map<string,string>'],
  ['MAP(VARCHAR, DOUBLE)', 'map<string,double>'],
  ['STRUCT(region_code VARCHAR, vcpu INTEGER)', 'struct<region_code:string,vcpu:int>'],
  ['STRUCT(rate DECIMAL(10,2), at TIMESTAMP WITH TIME ZONE)', 'struct<rate:decimal(10,2),at:timestamp>'],
])('%s is %s', (type, expected) => {
  expect(hiveType(type)).toBe(expected);
});

test.each([
  ['a type of DuckDB alone', 'HUGEINT'],
  ['unsigned numbers, which Hive does not have', 'UBIGINT'],
  ['bytes', 'BLOB'],
  ['numbers that engines spell with different digits', 'FLOAT'],
  ['a list', 'VARCHAR[]'],
  ['a member whose name Hive would change', 'STRUCT(Team VARCHAR)'],
  ['a member among others whose name Hive would change', 'STRUCT(a INTEGER, Team VARCHAR)'],
  ['a member with a name in quotes', 'STRUCT("user:team" VARCHAR)'],
  ['a struct in a struct', 'STRUCT(a STRUCT(b INTEGER))'],
  ['a map of lists', 'MAP(VARCHAR, VARCHAR[])'],
])('%s has none: %s', (_what, type) => {
  expect(hiveType(type)).toBeUndefined();
});
