import { type BadInput, describeBadInput, fileOf } from '../support/bad-input';
import { FOCUS_BILL } from '../support/bills';
import type { EstateFolder } from '../support/estate-folder';

const HEADER = 'usage_account_id,cluster_id,product_code,usage_quantity,usage_revenue\n';
const ELEVEN =
  'a 12-digit account id; this one has 11 digits: a spreadsheet removed its leading zeros (the setting pad_account_ids restores them)';

const USAGE = fileOf('usage');

/** A case that writes the month's usage anew, as CSV, as gzip or as Parquet. */
function written(lines: readonly string[], ...problems: readonly string[]): Omit<BadInput, 'what'> {
  return {
    spoil: (estate: EstateFolder) => {
      estate.write(USAGE, HEADER + lines.map((line) => `${line}\n`).join(''));
    },
    message: problems.map((problem) => `${USAGE}, ${problem}`).join('\n'),
  };
}

describeBadInput('ids in usage', [
  {
    what: 'an account id of 11 digits',
    ...written(
      ['00000000001,c1,A,1,'],
      `row 1, column usage_account_id: found "00000000001", expected ${ELEVEN}`,
    ),
  },
  {
    what: 'an account id of 13 digits',
    ...written(
      ['0000000000011,c1,A,1,'],
      'row 1, column usage_account_id: found "0000000000011", expected a 12-digit account id',
    ),
  },
  {
    what: 'an account id in scientific notation',
    ...written(
      ['1.23457E+11,c1,A,1,'],
      'row 1, column usage_account_id: found "1.23457E+11", expected a 12-digit account id',
    ),
  },
  {
    what: 'an account id with hyphens',
    ...written(
      ['0000-0000-0001,c1,A,1,'],
      'row 1, column usage_account_id: found "0000-0000-0001", expected a 12-digit account id',
    ),
  },
  {
    what: 'a negative account id',
    ...written(
      ['-00000000001,c1,A,1,'],
      'row 1, column usage_account_id: found "-00000000001", expected a 12-digit account id',
    ),
  },
  {
    what: 'an account id of a sign and 11 digits',
    ...written(
      ['-12345678901,c1,A,1,'],
      'row 1, column usage_account_id: found "-12345678901", expected a 12-digit account id',
    ),
  },
  {
    what: 'a blank account id',
    ...written([',c1,A,1,'], 'row 1, column usage_account_id: found "", expected a 12-digit account id'),
  },
  {
    what: 'an unknown cluster',
    ...written(
      ['000000000001,c1,A,1,', '000000000001,c9,A,1,'],
      'row 2, column cluster_id: found "c9", expected a cluster_id that is in clusters',
    ),
  },
  {
    what: 'an unknown service',
    ...written(
      ['000000000001,c1,Z,1,'],
      'row 1, column product_code: found "Z", expected a product_code that is in services',
    ),
  },
  {
    what: 'everything wrong with a line at once',
    ...written(
      ['1,c9,Z,much,1e20'],
      `row 1, column usage_account_id: found "1", expected ${ELEVEN.replace('11', '1')}`,
      'row 1, column cluster_id: found "c9", expected a cluster_id that is in clusters',
      'row 1, column product_code: found "Z", expected a product_code that is in services',
      'row 1, column usage_quantity: found "much", expected a number or a blank',
      'row 1, column usage_revenue: found "1e20", expected a number below 1e20',
    ),
  },
]);

/** A line whose quantity is not a number. */
const quantity = (text: string, found = text): Omit<BadInput, 'what'> =>
  written(
    ['000000000001,c1,A,1,', `000000000001,c1,A,${text},`],
    `row 2, column usage_quantity: found "${found}", expected a number or a blank`,
  );

describeBadInput('numbers in usage', [
  { what: 'a text', ...quantity('much') },
  { what: 'NaN', ...quantity('NaN') },
  { what: 'Infinity', ...quantity('Infinity') },
  { what: 'minus Infinity', ...quantity('-inf') },
  { what: 'underscores', ...quantity('1_000') },
  { what: 'a thousands separator', ...quantity('"1,000"', '1,000') },
  { what: 'hexadecimal', ...quantity('0x10') },
  { what: 'a number that overflows', ...quantity('1e400') },
  {
    what: 'a revenue that is not a number, of a service that goes by quantity',
    ...written(
      ['000000000001,c1,A,1,free'],
      'row 1, column usage_revenue: found "free", expected a number or a blank',
    ),
  },
  {
    what: 'a number beyond 1e20',
    ...written(
      ['000000000001,c1,A,100000000000000000000,'],
      'row 1, column usage_quantity: found "100000000000000000000", expected a number below 1e20',
    ),
  },
  {
    what: 'a number with an exponent that no engine reads',
    ...written(
      ['000000000001,c1,A,1e-99999999999,'],
      'row 1, column usage_quantity: found "1e-99999999999", expected a number or a blank',
    ),
  },
  {
    what: 'valid numbers whose sum is above the limit',
    ...written([1, 2, 3, 4].map((line) => `000000000001,c1,A,9999999999999999999${String(line)},`)),
    message: 'usage: expected quantities and revenues whose sums stay below 1e20',
  },
  {
    what: 'a net-negative quantity',
    ...written(['000000000001,c1,A,1.5,', '000000000001,c1,A,-2,', '000000000002,c1,A,9,']),
    message:
      'usage, column usage_quantity: found "-0.5", expected quantities of account 000000000001 for A in c1 that add up to at least 0',
  },
]);

describeBadInput('invalid records of usage', [
  {
    what: 'too few fields and too many',
    ...written(
      ['000000000001,c1,A,1,', '000000000001,c1,A', '000000000001,c1,A,1,2,3'],
      'row 2: expected 5 fields as in the header, found 3',
      'row 3: expected 5 fields as in the header, found 6',
    ),
  },
  {
    what: 'a quote that is not closed',
    ...written(
      ['000000000001,c1,A,1,', '000000000001,c1,"A,1,', '000000000002,c1,A,1,'],
      'row 2: expected a record as RFC 4180 has it (a quote is not closed, or text follows a closed one)',
    ),
  },
  {
    what: 'bytes that are no UTF-8',
    spoil: (estate) => {
      const latin1 = Buffer.from('000000000001,c1,Zürich,1,\n', 'latin1');
      estate.write(USAGE, Buffer.concat([Buffer.from(`${HEADER}000000000001,c1,A,1,\n`), latin1]));
    },
    message: `${USAGE}, row 2: expected text in UTF-8; it holds other bytes`,
  },
  {
    what: 'lines that end in two ways',
    spoil: (estate) => {
      estate.write(USAGE, `${HEADER.trimEnd()}\r\n000000000001,c1,A,1,5\n000000000002,c1,A,1,5\r\n`);
    },
    message: `${USAGE}: expected records as RFC 4180 has them, with one kind of line break throughout`,
  },
  {
    what: 'one damaged file among valid ones',
    spoil: (estate) => {
      estate.write('usage/usage_period=2025-01/more.csv', `${HEADER}000000000001,c1\n`);
    },
    message: 'usage/usage_period=2025-01/more.csv, row 1: expected 5 fields as in the header, found 2',
  },
]);

describeBadInput('files of usage', [
  {
    what: 'a copy of a file',
    spoil: (estate) => {
      estate.write('usage/usage_period=2025-01/usage-part-2.csv', estate.read(USAGE));
    },
    message: `usage/usage_period=2025-01/usage-part-2.csv: expected content that no other file has; it is a copy of ${USAGE} and would count twice`,
  },
  {
    what: 'a copy that is packed',
    spoil: (estate) => {
      estate.write('usage/usage_period=2025-01/again.csv', estate.read(USAGE));
      estate.gzip('usage/usage_period=2025-01/again.csv');
    },
    message: `${USAGE}: expected content that no other file has; it is a copy of usage/usage_period=2025-01/again.csv.gz and would count twice`,
  },
  {
    what: 'a copy of racks',
    spoil: (estate) => {
      estate.write('racks/usage_period=2025-01/racks-part-2.csv', estate.read(fileOf('racks')));
    },
    message:
      /^racks\/usage_period=2025-01\/racks-part-2\.csv: expected content that no other file has; it is a copy of racks\/usage_period=2025-01\/racks-part-1\.csv and would count twice\n/,
  },
  {
    what: 'usage and focus in one month',
    spoil: (estate) => {
      estate.write(FOCUS_BILL, 'SubAccountId\n');
    },
    message:
      'usage_period=2025-01: expected one of usage, focus, cur for one month: usage and focus would count twice',
  },
  {
    what: 'a file that is not a table',
    spoil: (estate) => {
      estate.write('usage/usage_period=2025-01/usage.xlsx', 'PK');
    },
    message: 'usage/usage_period=2025-01/usage.xlsx: expected a file that ends in .csv, .csv.gz or .parquet',
  },
]);

const MANY_LINES = Array.from({ length: 250 }, () => '000000000001,c9,A,1,');

describeBadInput('more problems than can be read', [
  {
    what: '100 are shown and the rest is counted, in usage',
    ...written(MANY_LINES),
    message: [
      ...Array.from(
        { length: 100 },
        (_, index) =>
          `${USAGE}, row ${String(index + 1)}, column cluster_id: found "c9", expected a cluster_id that is in clusters`,
      ),
      '… and 150 more',
    ].join('\n'),
  },
  {
    what: '100 are shown and the rest is counted, in the small tables',
    spoil: (estate) => {
      const lines = Array.from({ length: 103 }, (_, index) => `r${String(index)},c1,server,x\n`);
      estate.write(fileOf('racks'), `rack_id,cluster_id,kind,power_kw\n${lines.join('')}`);
    },
    message: [
      ...Array.from(
        { length: 100 },
        (_, index) =>
          `${fileOf('racks')}, row ${String(index + 1)}, column power_kw: found "x", expected a number of at least 0`,
      ),
      '… and 3 more',
    ].join('\n'),
  },
  {
    what: '100 are shown and the rest is counted, in invalid records',
    ...written(Array.from({ length: 120 }, () => 'x')),
    message: [
      ...Array.from(
        { length: 100 },
        (_, index) => `${USAGE}, row ${String(index + 1)}: expected 5 fields as in the header, found 1`,
      ),
      '… and 20 more',
    ].join('\n'),
  },
]);

const PARQUET = USAGE.replace(/\.csv$/, '.parquet');

/** A case that writes the month's usage as Parquet, whose amounts are doubles. */
function doubles(lines: readonly string[], message: string): Omit<BadInput, 'what'> {
  return {
    spoil: async (estate: EstateFolder) => {
      written(lines).spoil(estate);
      await estate.parquet(
        USAGE,
        'SELECT * REPLACE (CAST(usage_quantity AS DOUBLE) AS usage_quantity, CAST(usage_revenue AS DOUBLE) AS usage_revenue) FROM csv',
      );
    },
    message,
  };
}

describeBadInput('doubles in usage', [
  ...[
    { value: 'NaN', shown: 'nan', expected: 'a number or a blank' },
    { value: 'Infinity', shown: 'inf', expected: 'a number or a blank' },
    { value: '-1e20', shown: '-1e+20', expected: 'a number below 1e20' },
  ].map(({ value, shown, expected }) => ({
    what: value,
    ...doubles(
      ['000000000001,c1,A,1,', `000000000001,c1,A,${value},`],
      `${PARQUET}, row 2, column usage_quantity: found "${shown}", expected ${expected}`,
    ),
  })),
  {
    what: 'a revenue that is not a number, of a service that goes by quantity',
    ...doubles(
      ['000000000001,c1,A,1,nan'],
      `${PARQUET}, row 1, column usage_revenue: found "nan", expected a number or a blank`,
    ),
  },
  // Integers of 128 bits hold the first sum, and do not hold the second.
  ...[2, 4].map((count) => ({
    what: `${String(count)} valid numbers whose sum is above the limit`,
    ...doubles(
      Array.from({ length: count }, () => '000000000001,c1,A,70000000000000000000,'),
      'usage: expected quantities and revenues whose sums stay below 1e20',
    ),
  })),
  {
    what: 'a net-negative quantity',
    ...doubles(
      ['000000000001,c1,A,1.5,', '000000000001,c1,A,-2,', '000000000002,c1,A,9,'],
      'usage, column usage_quantity: found "-0.5", expected quantities of account 000000000001 for A in c1 that add up to at least 0',
    ),
  },
]);
