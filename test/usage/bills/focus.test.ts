import { asMonth } from '../../../shared/base/month';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { writeSampleEstate } from '../../../sample/generate';
import { type LoadedMonth, readMonthInputs } from '../../../shared/compute/allocation/month-inputs';
import { usageOfMonth } from '../../../shared/compute/allocation/usage-of-month';
import { openEstate } from '../../../shared/compute/month/open-estate';
import { MODEL_VERSIONS } from '../../../shared/method/model-version';
import { readListAccountsFiles } from '../../../shared/organization/list-accounts-file';
import { numberIn, textIn, withSession } from '../../../shared/sql/duck-session';
import { FolderStore } from '../../../shared/stores/folder-store';
import { leftOutLines } from '../../../shared/usage/bills/left-out-lines';
import { loadPairs } from '../../../shared/usage/service-pairs';
import { sumDrivers } from '../../../shared/usage/usage-drivers';
import { EstateFolder } from '../../support/estate-folder';
import { EXPORT_NAME } from '../../support/export-name';
import { readManifest } from '../../support/export-reader';
import { copyFolder } from '../../support/folder-contents';
import { runEstate } from '../../support/run-command';
import { keepDuckDb } from '../../support/kept-duckdb';
import { scratch } from '../../support/scratch';

/*
 * The real, anonymised FOCUS 1.0 sample as it is: 942 lines of AWS and 58 of others, whose account ids lost their
 * leading zeros. It is in an estate of real Regions with made-up racks.
 */

const MONTH = asMonth('2024-09');
const FOCUS = `focus/usage_period=${MONTH}/bill.csv`;
const REAL = readFileSync(join('sample', 'reference', 'focus_1_0_sample.csv'), 'utf8');

const [HEADER = [], ...LINES]: string[][] = parse(REAL);

const folder = scratch();

beforeAll(() => keepDuckDb());
let inputs = '';

beforeAll(async () => {
  inputs = join(folder(), 'inputs');
  await writeSampleEstate({ outDir: inputs, months: 1, lastMonth: MONTH });
  const estate = new EstateFolder(inputs);
  estate.remove(`focus/usage_period=${MONTH}`);
  estate.write(FOCUS, REAL);
});

const estateCopy = (): EstateFolder => new EstateFolder(copyFolder(inputs, folder()));

const field = (line: readonly string[], column: string): string => {
  const value = line[HEADER.indexOf(column)] ?? '';
  return value === 'NULL' ? '' : value;
};

/** The sample with some lines changed, or with others in their place. */
function written(lines: readonly (readonly string[])[]): string {
  const quote = (value: string): string => `"${value.replaceAll('"', '""')}"`;
  return [HEADER, ...lines].map((line) => `${line.map(quote).join(',')}\n`).join('');
}

/** A line of the sample with other values. */
function changed(line: readonly string[], values: Readonly<Record<string, string>>): string[] {
  return HEADER.map((column, at) => values[column] ?? line[at] ?? '');
}

/** The reason why a line is not usage of AWS; undefined for usage. */
function whyNotUsage(line: readonly string[]): string | undefined {
  const [category, provider] = [field(line, 'ChargeCategory'), field(line, 'ProviderName')];
  if (category !== 'Usage') return `of ChargeCategory ${category}`;
  if (provider !== 'AWS') return `of provider ${provider}`;
  return field(line, 'PublisherName').startsWith('Amazon') ? undefined : 'of AWS Marketplace';
}

const AWS_LINES = LINES.filter((line) => field(line, 'ProviderName') === 'AWS');

/** The first line of AWS that is usage in a Region. */
const LINE = LINES.find((line) => whyNotUsage(line) === undefined && field(line, 'RegionId') !== '') ?? [];

interface Drivers {
  /** Amount by account, cluster and product. */
  readonly amounts: Readonly<Record<string, number>>;
  readonly leftOut: readonly string[];
  readonly lines: number;
  readonly month: LoadedMonth;
}

/** What the product makes of the month's FOCUS lines, before anything is allocated by it. */
async function driversOf(estate: EstateFolder): Promise<Drivers> {
  const store = new FolderStore(estate.path);
  return withSession({}, async (session) => {
    const reader = { store, session };
    const [version] = MODEL_VERSIONS;
    if (version === undefined) throw new Error('no version');
    const organization = await readListAccountsFiles(store, '2024-10-15T00:00:00.000Z');
    const opened = await openEstate(reader);
    const read = await readMonthInputs(reader, { estate: opened, month: MONTH, version, organization });
    const month = await read.load();
    const pairs = await loadPairs(session, month.estate, 'all');
    const usage = await usageOfMonth(session, month);
    const { drivers, billSums, lines } = await sumDrivers(session, usage, pairs);
    const rows = await session.rows(
      `SELECT lpad(CAST(d.account_number AS VARCHAR), 12, '0') AS account_id, p.cluster_id, p.product_code, CAST(d.amount AS DOUBLE) AS amount
       FROM ${drivers.table} d JOIN ${pairs.table.table} p ON p.pair_id = d.pair_id`,
    );
    const amounts = rows.map((row) => [
      [textIn(row, 'account_id'), textIn(row, 'cluster_id'), textIn(row, 'product_code')].join(' '),
      numberIn(row, 'amount'),
    ]);
    if (billSums === undefined) throw new Error('no bills');
    const leftOut = (await leftOutLines(session, billSums, 'focus')).map(({ message }) => message);
    return { amounts: Object.fromEntries(amounts) as Record<string, number>, leftOut, lines, month };
  });
}

/** The same by plain loops over the raw file. */
function independentDrivers({ estate, serviceNames }: LoadedMonth, cost = 'ListCost'): Map<string, number> {
  const edges = estate.clusters.filter(({ kind }) => kind === 'edge');
  const power = (clusterId: string): number =>
    estate.racks
      .filter((rack) => rack.clusterId === clusterId)
      .reduce((sum, { powerKw }) => sum + powerKw, 0);
  const edgePower = edges.reduce((sum, { clusterId }) => sum + power(clusterId), 0);
  const amounts = new Map<string, number>();
  for (const line of AWS_LINES) {
    if (whyNotUsage(line) !== undefined) continue;
    const region = field(line, 'RegionId');
    const shares: (readonly [string, number])[] =
      region === '' || region === 'global'
        ? edges.map(({ clusterId }) => [clusterId, power(clusterId) / edgePower] as const)
        : estate.clusters
            .filter(({ regionCode }) => regionCode === region)
            .map((c) => [c.clusterId, 1] as const);
    const { names, units } = serviceNames;
    const service = (['own', 'shipped', 'name'] as const)
      .map((way) => names.find((known) => known.way === way && known.name === field(line, 'ServiceName')))
      .find((known) => known !== undefined);
    const productCode = service?.productCode ?? 'Other';
    const basis = estate.services.find((known) => known.productCode === productCode)?.basis;
    const inUnit = units.find(
      ({ way, name, unit }) =>
        way === service?.way && name === service.name && unit === field(line, 'ConsumedUnit'),
    );
    const amount =
      basis === 'economic'
        ? Number(field(line, cost))
        : Number(field(line, 'ConsumedQuantity')) * (inUnit?.weight ?? 0);
    for (const [clusterId, share] of shares) {
      const account = field(line, 'SubAccountId').padStart(12, '0');
      const key = [account, clusterId, productCode].join(' ');
      amounts.set(key, (amounts.get(key) ?? 0) + amount * share);
    }
  }
  return amounts;
}

function expectSame(amounts: Readonly<Record<string, number>>, expected: ReadonlyMap<string, number>): void {
  expect(Object.keys(amounts).sort()).toEqual([...expected.keys()].sort());
  for (const [key, amount] of expected) {
    // Amounts are held to 18 decimals, and those of split lines are rounded to them.
    const tolerance = Math.abs(amount) * 1e-9 + 1e-15;
    expect([key, Math.abs((amounts[key] ?? NaN) - amount) <= tolerance]).toEqual([key, true]);
  }
}

describe('the real sample as it is', () => {
  test('is an error by default: its account ids have fewer than 12 digits, 100 are listed and the rest is counted', async () => {
    // Prepare
    const estate = estateCopy();
    estate.write('settings.json', '{}');
    const short = LINES.map((line, index) => ({ line, row: index + 1 })).filter(
      ({ line }) => whyNotUsage(line) === undefined,
    );
    // Act
    const run = await runEstate(estate.path, folder());
    // Assess
    expect(short.every(({ line }) => /^\d{1,11}$/.test(field(line, 'SubAccountId')))).toBe(true);
    const listed = short.slice(0, 100).map(({ line, row }) => {
      const id = field(line, 'SubAccountId');
      return `${FOCUS}, row ${String(row)}, column SubAccountId: found "${id}", expected a 12-digit account id; this one has ${String(id.length)} digits: a spreadsheet removed its leading zeros (the setting pad_account_ids restores them)`;
    });
    expect(run.code).toBe(1);
    expect(run.outcomes[MONTH]?.error?.split('\n')).toEqual([
      ...listed,
      `… and ${String(short.length - 100)} more`,
    ]);
  });

  test('works once its ids are padded, and says which lines are not usage', async () => {
    // Prepare
    const others = new Map<string, number>();
    for (const line of LINES) {
      const reason = whyNotUsage(line);
      if (reason === undefined) continue;
      others.set(reason, (others.get(reason) ?? 0) + 1);
    }
    const out = folder();
    // Act
    const run = await runEstate(inputs, out);
    // Assess
    expect(run.code).toBe(0);
    const place = { out, exportName: EXPORT_NAME, month: MONTH, modelVersion: 'v1.0.0' };
    const { warnings, usageLines } = readManifest(place);
    expect(warnings.filter((warning) => warning.endsWith('are not usage'))).toEqual(
      [...others].sort().map(([reason, count]) => `${String(count)} FOCUS lines ${reason} are not usage`),
    );
    const leftOut = [...others.values()].reduce((sum, count) => sum + count, 0);
    expect(usageLines).toBe(LINES.length - leftOut);
    expect(leftOut).toBeGreaterThanOrEqual(58);
  });

  test('adds up per account, cluster and service as plain loops over the file do', async () => {
    const { amounts, month } = await driversOf(new EstateFolder(inputs));
    expectSame(amounts, independentDrivers(month));
  });

  test('takes another cost column where a setting says so', async () => {
    // Prepare
    const estate = estateCopy();
    const focus = { revenue_column: 'BilledCost' };
    estate.write('settings.json', JSON.stringify({ pad_account_ids: true, focus }));
    // Act
    const { amounts, month } = await driversOf(estate);
    // Assess
    expectSame(amounts, independentDrivers(month, 'BilledCost'));
  });

  test('has the same drivers from Parquet', async () => {
    // Prepare
    const estate = estateCopy();
    await estate.parquet(
      FOCUS,
      'SELECT * REPLACE (TRY_CAST(ListCost AS DECIMAL(28, 18)) AS ListCost) FROM csv',
    );
    // Act
    const { amounts, month } = await driversOf(estate);
    // Assess
    expectSame(amounts, independentDrivers(month));
  });
});

describe('lines of a FOCUS export', () => {
  const withLines = (...lines: readonly (readonly string[])[]): EstateFolder => {
    const estate = estateCopy();
    estate.write(FOCUS, written(lines));
    return estate;
  };

  test('that are not usage change nothing, and are counted and reported', async () => {
    const categories = ['Tax', 'Purchase', 'Credit', 'Adjustment', 'usage', ''];
    const others = categories.map((ChargeCategory) => changed(LINE, { ChargeCategory, ListCost: '1000' }));
    const estate = withLines(LINE, ...others, changed(LINE, { ProviderName: '' }));
    const { lines, leftOut } = await driversOf(estate);
    const reasons = [
      ...categories.map((text) => `of ChargeCategory ${text || '(blank)'}`),
      'of provider (blank)',
    ];
    expect(lines).toBe(1);
    expect([...leftOut].sort()).toEqual(reasons.map((text) => `1 FOCUS lines ${text} are not usage`).sort());
  });

  test('of another provider count where the settings name it', async () => {
    const estate = withLines(LINE, changed(LINE, { ProviderName: 'Acme' }));
    estate.write('settings.json', '{ "pad_account_ids": true, "focus": { "providers": ["AWS", "Acme"] } }');
    expect(await driversOf(estate)).toMatchObject({ lines: 2, leftOut: [] });
  });

  test.each([
    {
      what: 'an unknown Region',
      values: { RegionId: 'mars-north-1' },
      text: 'column RegionId: found "mars-north-1", expected the region_code of a cluster; blank and global need an edge cluster with racks',
    },
    {
      what: 'a cost that is not a number',
      values: { ListCost: 'free' },
      text: 'column ListCost: found "free", expected a number or a blank',
    },
    {
      what: 'a quantity that is not a number, in a unit that counts',
      values: {
        ServiceName: 'Amazon Simple Storage Service',
        ConsumedUnit: 'GB-Months',
        ConsumedQuantity: 'lots',
      },
      text: 'column ConsumedQuantity: found "lots", expected a number or a blank',
    },
  ])('with $what are an error that names it', async ({ values, text }) => {
    const estate = withLines(LINE, changed(LINE, values));
    await expect(driversOf(estate)).rejects.toThrow(`${FOCUS}, row 2, ${text}`);
  });

  test('of services that the estate does not have, or of none, are of Other by their cost', async () => {
    const costs = { Teleport: '7', NULL: '70', '': '700' };
    const others = Object.entries(costs).map(([ServiceName, ListCost]) =>
      changed(LINE, { ServiceName, ListCost }),
    );
    const { amounts, lines } = await driversOf(withLines(LINE, ...others));
    const ofOther = Object.entries(amounts).filter(([key]) => key.endsWith(' Other'));
    expect([lines, ofOther.map(([, amount]) => amount)]).toEqual([4, [777]]);
  });

  test('without a Region are an error where no edge cluster has racks', async () => {
    // Prepare
    const estate = withLines(changed(LINE, { RegionId: '' }), LINE);
    estate.write(`racks/usage_period=${MONTH}/racks.csv`, 'rack_id,cluster_id,kind,power_kw\n');
    estate.write(`rack_use/usage_period=${MONTH}/rack_use.csv`, 'rack_id,product_code,share\n');
    // Act and assess
    await expect(driversOf(estate)).rejects.toThrow(
      `${FOCUS}, row 1, column RegionId: found "", expected the region_code of a cluster; blank and global need an edge cluster with racks`,
    );
  });

  test.each(['', 'NULL', 'global'])(
    'of the Region %j go to the edge clusters by their power, and count once',
    async (region) => {
      // Prepare
      const estate = withLines(
        LINE,
        changed(LINE, { RegionId: region, ListCost: '10', ConsumedQuantity: '10', ConsumedUnit: 'Hours' }),
      );
      // Act
      const { amounts, lines, month } = await driversOf(estate);
      // Assess
      const { clusters, racks } = month.estate;
      const edges = clusters.filter(({ kind }) => kind === 'edge').map(({ clusterId }) => clusterId);
      const power = edges.map((edge) =>
        racks.filter(({ clusterId }) => clusterId === edge).reduce((sum, { powerKw }) => sum + powerKw, 0),
      );
      const total = power.reduce((sum, kw) => sum + kw, 0);
      const shared = edges.map((edge) => {
        const [, amount = NaN] = Object.entries(amounts).find(([key]) => key.includes(` ${edge} `)) ?? [];
        return amount;
      });
      const sum = shared.reduce((all, amount) => all + amount, 0);
      expect(edges.length).toBeGreaterThanOrEqual(2);
      expect(lines).toBe(2);
      expect(sum).toBeCloseTo(10, 12);
      shared.forEach((amount, index) => {
        expect(amount / sum).toBeCloseTo((power[index] ?? NaN) / total, 12);
      });
    },
  );

  test('with blank or NULL amounts count as 0', async () => {
    const blank = { ListCost: '', ConsumedQuantity: '' };
    const none = { ListCost: 'NULL', ConsumedQuantity: 'NULL', ConsumedUnit: 'NULL' };
    const { amounts, lines } = await driversOf(withLines(changed(LINE, blank), changed(LINE, none)));
    expect(lines).toBe(2);
    expect(Object.values(amounts)).toEqual([0]);
  });
});

describe('focus_services of the estate', () => {
  const S3 = { ServiceName: 'Our storage', ListCost: '1', ConsumedQuantity: '2' };
  const lines = [
    changed(LINE, { ...S3, ConsumedUnit: 'TB' }),
    changed(LINE, { ...S3, ConsumedUnit: 'GB' }),
    changed(LINE, { ...S3, ConsumedUnit: 'Requests' }),
  ];

  function estateWith(...map: readonly string[]): EstateFolder {
    const estate = estateCopy();
    estate.write(FOCUS, written(lines));
    estate.write(
      'services.csv',
      'product_code,service_name,basis\nAmazonS3,S3,physical\nAmazonEC2,EC2,physical\n',
    );
    estate.write(`rack_use/usage_period=${MONTH}/rack_use.csv`, 'rack_id,product_code,share\n');
    estate.write(
      `service_use/usage_period=${MONTH}/service_use.csv`,
      'cluster_id,provider_code,consumer_code,share\n',
    );
    estate.write('focus_services.csv', ['service_name,product_code,unit,weight', ...map, ''].join('\n'));
    return estate;
  }

  test('takes quantities in its units alone, times their weights', async () => {
    const estate = estateWith('Our storage,AmazonS3,GB,', 'Our storage,AmazonS3,TB,1000');
    const { amounts } = await driversOf(estate);
    expect(Object.values(amounts)).toEqual([2002]);
  });

  test('goes before the shipped map', async () => {
    const estate = estateWith('Amazon Simple Storage Service,AmazonEC2,GB,');
    estate.write(
      FOCUS,
      written([changed(LINE, { ...S3, ServiceName: 'Amazon Simple Storage Service', ConsumedUnit: 'GB' })]),
    );
    const { amounts } = await driversOf(estate);
    expect(Object.keys(amounts).map((key) => key.split(' ')[2])).toEqual(['AmazonEC2']);
  });

  test.each([
    {
      what: 'a product that services does not have',
      map: ['Our storage,AmazonGlacier,GB,'],
      text: 'row 1, column product_code: found "AmazonGlacier", expected a product_code that is in services',
    },
    {
      what: 'a negative weight',
      map: ['Our storage,AmazonS3,GB,-1'],
      text: 'row 1, column weight: found "-1", expected a number of at least 0 or a blank',
    },
    {
      what: 'a name and unit twice',
      map: ['Our storage,AmazonS3,GB,1', 'Our storage,AmazonS3,GB,2'],
      text: 'row 2, column service_name + unit: found "Our storage + GB", expected a unique key; row 1 of focus_services.csv has the same key',
    },
  ])('with $what is an error', async ({ map, text }) => {
    await expect(driversOf(estateWith(...map))).rejects.toThrow(`focus_services.csv, ${text}`);
  });
});
