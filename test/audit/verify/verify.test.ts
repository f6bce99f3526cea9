import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { CALCULATION_REVISION } from '../../../shared/compute/month/calculation-revision';
import { dataKey, asExportMonth, manifestKey, stateKey } from '../../../shared/exports/layout';
import { withSession } from '../../../shared/sql/duck-session';
import { EstateFolder } from '../../support/estate-folder';
import { listedAccount, monthlyEstate } from '../../support/estates/monthly-estate';
import { EXPORT_NAME } from '../../support/export-name';
import { copyFolder } from '../../support/folder-contents';
import { nonEmpty } from '../../support/non-empty';
import { publishedEstate } from '../../support/published-estate';
import { runEstate } from '../../support/run-command';
import { scratch } from '../../support/scratch';
import { differencesIn, runVerify, verifyEstate } from '../../support/verify-command';

/*
 * verify reports every kind of damage to an export or to its inputs, and nothing else.
 */

const JANUARY = asExportMonth('2025-01', 'v2.0.0');
const DATA = dataKey(EXPORT_NAME, JANUARY, 'parquet');
const MANIFEST = manifestKey(EXPORT_NAME, JANUARY);
const STATE = stateKey(EXPORT_NAME, JANUARY);
const USAGE = 'usage/usage_period=2025-01/usage-part-1.csv';

const folder = scratch();
// The last month of v1.0.0 and the first of v2.0.0
const base = publishedEstate(folder, ['2024-12', JANUARY.month]);

describe('what a run has published', () => {
  test.each([
    { what: 'Parquet', options: [] },
    { what: 'CSV', options: ['--format', 'csv'] },
    { what: 'the products of the AWS tool', options: ['--product-detail', 'ccft'] },
    { what: 'another model version', options: ['--model', 'v1.0.0'] },
    { what: 'padded account ids', options: ['--pad-account-ids'] },
  ])('as $what is verified, every value of it', async ({ options }) => {
    // Prepare
    const out = folder();
    expect((await runEstate(base.inputs, out, ...options)).code).toBe(0);
    // Act
    const result = await verifyEstate(
      base.inputs,
      out,
      ...options.filter((option) => option === '--pad-account-ids'),
    );
    // Assess
    expect(differencesIn(result)).toEqual([]);
    expect([result.code, result.verified]).toEqual([0, true]);
    for (const month of nonEmpty(result.months)) {
      expect(month.values).toBe(month.rows * 7);
      expect(month.rows).toBeGreaterThan(0);
      expect(month.usageLines).toBe(4);
      expect(month.largestDifference).toBeLessThan(1e-14);
    }
  });

  test('is verified where usage is Parquet and in several files', async () => {
    // Prepare
    const estate = new EstateFolder(copyFolder(base.inputs, folder()));
    await estate.parquet(USAGE);
    estate.write(
      'usage/usage_period=2025-01/more.csv.gz',
      gzipSync(
        'usage_account_id,cluster_id,product_code,usage_quantity,usage_revenue\n000000000001,c1,A,.5,+1e-3\n',
      ),
    );
    const out = folder();
    expect((await runEstate(estate.path, out)).code).toBe(0);
    // Act
    const result = await verifyEstate(estate.path, out, '--month', '2025-01');
    // Assess
    expect(differencesIn(result)).toEqual([]);
    expect(result.months.map(({ month, usageLines }) => [month, usageLines])).toEqual([['2025-01', 5]]);
  });

  test('is printed with the program, the figures and the verdict', async () => {
    // Act
    const { code, stdout } = await runVerify(base.inputs, base.published);
    // Assess
    expect(code).toBe(0);
    const revision = `calculation revision ${String(CALCULATION_REVISION)}`;
    expect(stdout).toContain(`carbon-exports 0.1.0 (${revision}), model versions v1.0.0, v2.0.0`);
    expect(stdout).toMatch(/2 months, 6 rows, 42 values compared, 8 usage lines summed/);
    expect(stdout.trimEnd()).toMatch(/VERIFIED: every published value follows from the inputs\.$/);
  });
});

interface Damage {
  readonly what: string;
  readonly harm: (place: { out: string; estate: EstateFolder }) => unknown;
  readonly says: RegExp;
}

/** Writes the data file anew from a query over it, and its hash and size into the manifest, as a forger would. */
async function forge(out: string, query: string, compression = 'snappy'): Promise<void> {
  const path = join(out, DATA);
  const forged = `${path}.forged`;
  await withSession({}, async (session) => {
    await session.run(
      `COPY (${query.replaceAll('DATA', `read_parquet('${path}', hive_partitioning = false)`)}) TO '${forged}' (FORMAT parquet, COMPRESSION ${compression})`,
    );
  });
  renameSync(forged, path);
}

const editManifest = (out: string, edit: (manifest: Record<string, unknown>) => void): void => {
  const path = join(out, MANIFEST);
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  edit(manifest);
  writeFileSync(path, `${JSON.stringify(manifest, undefined, 1)}\n`);
};

const DAMAGES: readonly Damage[] = [
  {
    what: 'a value that is wrong by a millionth',
    harm: ({ out }) =>
      forge(
        out,
        'SELECT * REPLACE (total_scope_1_emissions_value * 1.000001 AS total_scope_1_emissions_value) FROM DATA',
      ),
    says: /row 000000000001 c1 A, column total_scope_1_emissions_value: found .*, expected /,
  },
  {
    what: 'a row that is missing',
    harm: ({ out }) => forge(out, "SELECT * FROM DATA WHERE usage_account_id <> '000000000001'"),
    says: /row 000000000001 c1 A: not found in the file, expected by the inputs/,
  },
  {
    what: 'a row that is in the file twice',
    harm: ({ out }) => forge(out, 'SELECT * FROM DATA UNION ALL SELECT * FROM DATA'),
    says: /expected rows in order of their keys and each once/,
  },
  {
    what: 'a row of an account that used nothing',
    harm: ({ out }) => forge(out, "SELECT * REPLACE ('000000000003' AS usage_account_id) FROM DATA"),
    says: /row 000000000003 c1 A: found in the file, expected no such row from the inputs/,
  },
  {
    what: 'rows in another order',
    harm: ({ out }) => forge(out, 'SELECT * FROM DATA ORDER BY usage_account_id DESC'),
    says: /expected rows in order of their keys and each once/,
  },
  {
    what: 'another unit',
    harm: ({ out }) => forge(out, "SELECT * REPLACE ('kg' AS total_mbm_emissions_unit) FROM DATA"),
    says: /column total_mbm_emissions_unit: found "kg", expected "MTCO2e"/,
  },
  {
    what: 'another payer',
    harm: ({ out }) => forge(out, "SELECT * REPLACE ('000000000001' AS payer_account_id) FROM DATA"),
    says: /column payer_account_id: found "000000000001", expected "000000000042"/,
  },
  {
    what: 'another instant of refresh',
    harm: ({ out }) =>
      forge(out, "SELECT * REPLACE (TIMESTAMP '2025-01-01 00:00:00' AS last_refresh_timestamp) FROM DATA"),
    says: /column last_refresh_timestamp: found "2025-01-01 00:00:00", expected "2025-03-15 00:00:00"/,
  },
  {
    what: 'a column of another type',
    harm: ({ out }) =>
      forge(out, 'SELECT * REPLACE (CAST(usage_account_id AS BIGINT) AS usage_account_id) FROM DATA'),
    says: /found the columns .*usage_account_id BIGINT/,
  },
  {
    what: 'a data file whose bytes changed',
    harm: ({ out }) => forge(out, 'SELECT * FROM DATA', 'zstd'),
    says: /: found the SHA-256 \w+, expected \w+ by the manifest/,
  },
  {
    what: 'a data file that is cut off',
    harm: ({ out }) => {
      const path = join(out, DATA);
      writeFileSync(path, readFileSync(path).subarray(0, 200));
    },
    says: /: found 200 bytes, expected \d+ by the manifest/,
  },
  {
    what: 'a data file that is gone',
    harm: ({ out }) => {
      rmSync(join(out, DATA));
    },
    says: /-00001\.snappy\.parquet: the data file is missing/,
  },
  {
    what: 'a manifest that is cut off',
    harm: ({ out }) => {
      writeFileSync(join(out, MANIFEST), '{');
    },
    says: /manifest: cannot be read, expected a manifest of this program/,
  },
  {
    what: 'a ledger that was changed',
    harm: ({ out }) => {
      editManifest(out, (manifest) => {
        const ledger = manifest['ledgerKg'] as Record<string, Record<string, number>>;
        const unused = ledger['retained_internal'] ?? {};
        unused['scope_1'] = (unused['scope_1'] ?? 0) + 1;
      });
    },
    says: /ledger, scope_1, in: found .* kg, expected /,
  },
  {
    what: 'another execution id',
    harm: ({ out }) => {
      editManifest(out, (manifest) => {
        manifest['executionId'] = 'x';
      });
    },
    says: /manifest, executionId: found x, expected /,
  },
  {
    what: 'inputs that changed since',
    harm: ({ estate }) => {
      estate.edit(USAGE, ',3,', ',4,');
    },
    says: /inputs have changed since: usage$/,
  },
  {
    what: 'inputs that broke since',
    harm: ({ estate }) => {
      estate.edit('electricity.csv', '2025-01,1', '2025-01,NaN');
    },
    says: /the month cannot be computed from the inputs: electricity\.csv, row 2, column mwh/,
  },
  {
    what: 'a file below data/ that no run published',
    harm: ({ out }) => {
      new EstateFolder(out).write(`${EXPORT_NAME}/data/notes.txt`, 'x');
    },
    says: /carbon\/data\/notes\.txt: found a file that no manifest names, and Athena reads it; remove it/,
  },
  {
    what: 'a month that failed',
    harm: ({ out }) => {
      const path = join(out, STATE);
      writeFileSync(path, readFileSync(path, 'utf8').replace('"done"', '"failed"'));
    },
    says: /2025-01 v2\.0\.0: found status failed, expected done/,
  },
  {
    what: 'an input that the exact method does not know',
    harm: ({ out }) => {
      editManifest(out, (manifest) => {
        (manifest['inputs'] as Record<string, string>)['heat'] = 'x';
      });
    },
    says: /not recomputed: the exact method does not know the input heat/,
  },
];

test.each(DAMAGES)('$what is reported, and the exit code is 1', async ({ harm, says }) => {
  // Prepare
  const out = copyFolder(base.published, folder());
  const estate = new EstateFolder(copyFolder(base.inputs, folder()));
  await harm({ out, estate });
  // Act
  const result = await verifyEstate(estate.path, out);
  // Assess
  expect([result.code, result.verified]).toEqual([1, false]);
  expect(differencesIn(result).join('\n')).toMatch(new RegExp(says.source, 'm'));
  // A file of a month is never to be removed, not even where the month's manifest cannot be read.
  expect(result.problems.filter((problem) => /usage_period=.*remove it/.test(problem))).toEqual([]);
  const others = result.months.filter(({ month }) => month !== JANUARY.month);
  expect(others.map(({ differenceCount }) => differenceCount)).toEqual([0]);
});

test('a changed value in a CSV export is reported', async () => {
  // Prepare
  const out = folder();
  expect((await runEstate(base.inputs, out, '--format', 'csv')).code).toBe(0);
  const path = join(out, dataKey(EXPORT_NAME, JANUARY, 'csv'));
  const [header = '', first = '', ...rest] = gunzipSync(readFileSync(path)).toString().split('\n');
  writeFileSync(path, gzipSync([header, first.replace(/(0\.\d)\d/, '$17'), ...rest].join('\n')));
  // Act
  const result = await verifyEstate(base.inputs, out, '--month', '2025-01');
  // Assess
  expect(result.code).toBe(1);
  expect(differencesIn(result).join('\n')).toMatch(/_value: found .*, expected /);
});

test('an export that has nothing is not verified', async () => {
  const result = await verifyEstate(base.inputs, folder());
  expect(result.code).toBe(2);
  expect(differencesIn(result)).toEqual([`export ${EXPORT_NAME} has no published month to verify`]);
});

test('accounts that are not in the organization are verified too', async () => {
  // Prepare
  const tables = monthlyEstate();
  const estate = EstateFolder.of(
    { ...tables, accounts: { Accounts: [listedAccount('000000000042')] } },
    join(folder(), 'inputs'),
  );
  const out = folder();
  expect((await runEstate(estate.path, out)).code).toBe(0);
  // Act
  const result = await verifyEstate(estate.path, out);
  // Assess
  expect(differencesIn(result)).toEqual([]);
});
