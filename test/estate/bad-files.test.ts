import { readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeBadInput, fileOf } from '../support/bad-input';
import { MONTHS } from '../support/estates/monthly-estate';

const packed = (table: string): string => `${fileOf(table)}.gz`;
const columnar = (table: string): string => fileOf(table).replace(/csv$/, 'parquet');

/** Cuts a file to a part of its length. */
function truncate(path: string, part: number): void {
  truncateSync(path, Math.floor(statSync(path).size * part));
}

/** Spoils bytes in the middle of a Parquet file, whose footer stays valid. */
function spoilPages(path: string): void {
  const content = readFileSync(path);
  content.fill(0x5a, 4, Math.floor(content.length / 4));
  writeFileSync(path, content);
}

describeBadInput('damaged gzip files', [
  {
    what: 'usage that is cut off',
    spoil: (estate) => {
      estate.gzip(fileOf('usage'));
      truncate(join(estate.path, packed('usage')), 0.6);
    },
    message: `${packed('usage')}: expected a whole gzip file; it is truncated or damaged (unexpected end of file)`,
  },
  {
    what: 'racks that are cut off',
    spoil: (estate) => {
      estate.gzip(fileOf('racks'));
      truncate(join(estate.path, packed('racks')), 0.6);
    },
    message: `${packed('racks')}: expected a whole gzip file; it is truncated or damaged (unexpected end of file)`,
  },
  {
    what: 'a table at the root that is not gzip',
    spoil: (estate) => {
      const content = estate.read('contracts.csv');
      estate.remove('contracts.csv');
      estate.write('contracts.csv.gz', content);
    },
    message:
      'contracts.csv.gz: expected a whole gzip file; it is truncated or damaged (incorrect header check)',
    touches: MONTHS,
  },
]);

describeBadInput('columns that are there twice', [
  {
    what: 'in a table at the root',
    spoil: (estate) => {
      estate.write('sites.csv', 'site_id,cluster_id,grid_id,site_id\ns1,c1,g1,s9\n');
    },
    message:
      /^sites\.csv, column site_id: expected one column of this name, found 2: remove or rename the others/,
    touches: MONTHS,
  },
  {
    what: 'in a monthly table, once in capitals',
    spoil: (estate) => {
      estate.edit(fileOf('rack_use'), 'rack_id,product_code,share', 'rack_id,product_code,share,SHARE');
    },
    message: new RegExp(`^${fileOf('rack_use')}, column share: expected one column of this name, found 2`),
  },
  {
    what: 'in usage',
    spoil: (estate) => {
      estate.edit(
        fileOf('usage'),
        'usage_quantity,usage_revenue',
        'usage_quantity,usage_quantity,usage_revenue',
      );
    },
    message: `${fileOf('usage')}, column usage_quantity: expected one column of this name, found 2: remove or rename the others`,
  },
]);

describeBadInput('damaged Parquet files', [
  {
    what: 'usage that is cut off',
    spoil: async (estate) => {
      truncate(await estate.parquet(fileOf('usage')), 0.9);
    },
    message: `${columnar('usage')}: expected a whole Parquet file; it is truncated or damaged (Invalid Input Error: No magic bytes found at end of file 'the file')`,
  },
  {
    what: 'usage with a valid footer and damaged pages',
    spoil: async (estate) => {
      spoilPages(await estate.parquet(fileOf('usage')));
    },
    message: new RegExp(
      `^${columnar('usage')}: expected a whole Parquet file; it is truncated or damaged \\(.+\\)$`,
    ),
  },
  {
    what: 'rack_use with a valid footer and damaged pages',
    spoil: async (estate) => {
      spoilPages(await estate.parquet(fileOf('rack_use')));
    },
    message: new RegExp(
      `^${columnar('rack_use')}: expected a whole Parquet file; it is truncated or damaged \\(.+\\)$`,
    ),
  },
  {
    what: 'a table at the root with a valid footer and damaged pages',
    spoil: async (estate) => {
      spoilPages(await estate.parquet('services.csv'));
    },
    message: /^services\.parquet: expected a whole Parquet file; it is truncated or damaged \(.+\)$/,
    touches: MONTHS,
  },
  {
    what: 'an empty file',
    spoil: (estate) => {
      estate.remove('sites.csv');
      estate.write('sites.parquet', '');
    },
    message:
      "sites.parquet: expected a whole Parquet file; it is truncated or damaged (Invalid Input Error: File 'the file' too small to be a Parquet file)",
    touches: MONTHS,
  },
]);

describeBadInput('values in Parquet files', [
  {
    what: 'account ids as BIGINT in usage',
    spoil: (estate) =>
      estate.parquet(
        fileOf('usage'),
        'SELECT * REPLACE (CAST(usage_account_id AS BIGINT) AS usage_account_id) FROM csv',
      ),
    message: `${columnar('usage')}, column usage_account_id: found "BIGINT", expected a text column: a number loses the leading zeros of an account id. The setting pad_account_ids restores them in numbers of 64 bits`,
  },
  {
    what: 'account ids as BIGINT in internal_accounts',
    spoil: (estate) =>
      estate.parquet('internal_accounts.csv', 'SELECT CAST(account_id AS BIGINT) AS account_id FROM csv'),
    message:
      /^internal_accounts\.parquet, column account_id: found "BIGINT", expected a text column: a number loses the leading zeros of an account id\n/,
    touches: MONTHS,
  },
  {
    what: 'NaN and Infinity in columns of doubles',
    spoil: (estate) =>
      estate.parquet(
        fileOf('usage'),
        `SELECT usage_account_id, cluster_id, product_code, CAST('NaN' AS DOUBLE) AS usage_quantity, CAST('Infinity' AS DOUBLE) AS usage_revenue FROM csv LIMIT 1`,
      ),
    message: [
      `${columnar('usage')}, row 1, column usage_quantity: found "nan", expected a number or a blank`,
      `${columnar('usage')}, row 1, column usage_revenue: found "inf", expected a number or a blank`,
    ].join('\n'),
  },
  {
    what: 'NaN in power_kw',
    spoil: (estate) =>
      estate.parquet(
        fileOf('racks'),
        `SELECT * REPLACE (CAST('NaN' AS DOUBLE) AS power_kw) FROM csv LIMIT 1`,
      ),
    message: new RegExp(
      `^${columnar('racks')}, row 1, column power_kw: found "nan", expected a number of at least 0$`,
    ),
  },
  {
    what: 'a null where a value belongs',
    spoil: (estate) =>
      estate.parquet('sites.csv', 'SELECT * REPLACE (CAST(NULL AS VARCHAR) AS grid_id) FROM csv'),
    message: 'sites.parquet, row 1, column grid_id: found "", expected a value, not a blank',
    touches: MONTHS,
  },
  {
    what: 'an unknown cluster in the third row',
    spoil: (estate) =>
      estate.parquet(
        fileOf('usage'),
        `SELECT * REPLACE (CASE WHEN product_code = 'B' THEN 'c9' ELSE cluster_id END AS cluster_id) FROM csv`,
      ),
    message: `${columnar('usage')}, row 3, column cluster_id: found "c9", expected a cluster_id that is in clusters`,
  },
  {
    what: 'a missing column',
    spoil: (estate) => estate.parquet(fileOf('service_use'), 'SELECT * EXCLUDE (share) FROM csv'),
    message: `${columnar('service_use')}, column share: expected the column to be there`,
  },
  {
    what: 'a file of which no column is known',
    spoil: (estate) => estate.parquet(fileOf('usage'), 'SELECT 1 AS id FROM csv'),
    message: ['usage_account_id', 'cluster_id', 'product_code', 'usage_quantity', 'usage_revenue']
      .map((column) => `${columnar('usage')}, column ${column}: expected the column to be there`)
      .join('\n'),
  },
]);

describeBadInput('damaged text', [
  {
    what: 'a table at the root that is not UTF-8',
    spoil: (estate) => {
      estate.write(
        'services.csv',
        Buffer.from(estate.read('services.csv').replace('A,A', 'A,Zürich'), 'latin1'),
      );
    },
    message: 'services.csv: expected text in UTF-8; it holds other bytes',
    touches: MONTHS,
  },
  {
    what: 'a table at the root in UTF-16 without a byte order mark',
    spoil: (estate) => {
      estate.write('services.csv', Buffer.from(estate.read('services.csv'), 'utf16le'));
    },
    message: /^services\.csv(: expected|, column product_code: expected the column to be there)/,
    touches: MONTHS,
  },
  {
    what: 'a row with too many fields and one with too few',
    spoil: (estate) => {
      estate.append('contracts.csv', 'k2,ppa,g1,2025,1,1,1', 'k3,ppa');
    },
    message: [
      'contracts.csv, row 2: expected 6 fields as in the header, found 7',
      'contracts.csv, row 3: expected 6 fields as in the header, found 2',
    ].join('\n'),
    touches: MONTHS,
  },
  {
    what: 'a quote that is not closed',
    spoil: (estate) => {
      estate.append('contracts.csv', '"k2,ppa,g1,2025,1,1');
    },
    message:
      'contracts.csv, row 2: expected a record as RFC 4180 has it (Quote Not Closed: the parsing is finished with an opening quote at line 3)',
    touches: MONTHS,
  },
]);
