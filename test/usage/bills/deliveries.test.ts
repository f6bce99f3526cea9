import { gzipSync } from 'node:zlib';
import { billCsv, curRow, focusRow, runBills, sharesOf, warningsOf } from '../../support/bills';
import { scratch } from '../../support/scratch';

const folder = scratch();
const ONE = '000000000001';
const TWO = '000000000002';
const PAYER = '000000000042';
const PERIOD = 'BILLING_PERIOD=2025-01';

const bill = (account: string): string => billCsv([focusRow({ account })]);
const manifest = (...files: readonly string[]): string =>
  JSON.stringify({
    executionId: 'x',
    exportArn: 'arn:aws:bcm-data-exports:us-east-1:000000000042:export/bill',
    columns: [],
    dataFiles: files.map((file) => `s3://bucket/prefix/bill/data/${PERIOD}/${file}`),
  });

const OLD = '2025-01-20T10:00:00Z-0a';
const NEW = '2025-01-21T10:00:00Z-0b';

describe('a bill as AWS Data Exports delivers it', () => {
  test.each(['focus', 'focus/bill', 'focus/payer/bill'])('that is overwritten, below %s', async (root) => {
    const { code, out } = await runBills(folder(), {
      [`${root}/data/${PERIOD}/bill-00001.csv`]: bill(ONE),
      [`${root}/data/${PERIOD}/bill-00002.csv`]: bill(TWO),
      [`${root}/metadata/${PERIOD}/bill-Manifest.json`]: manifest('bill-00001.csv', 'bill-00002.csv'),
    });
    expect(code).toBe(0);
    expect(await sharesOf(out, '2025-01')).toEqual({ [ONE]: 0.5, [TWO]: 0.5 });
  });

  test('without metadata: every file counts', async () => {
    const { out } = await runBills(folder(), {
      [`cur/data/${PERIOD}/bill-00001.csv`]: billCsv([curRow({ account: ONE })]),
      [`cur/data/${PERIOD}/bill-00002.csv`]: billCsv([curRow({ account: TWO })]),
    });
    expect(await sharesOf(out, '2025-01')).toEqual({ [ONE]: 0.5, [TWO]: 0.5 });
  });

  test('whose partition FOCUS writes in small letters', async () => {
    const { code, out } = await runBills(folder(), {
      [`focus/bill/data/billing_period=2025-01/bill-00001.csv`]: bill(ONE),
      [`focus/bill/metadata/billing_period=2025-01/bill-Manifest.json`]: manifest('bill-00001.csv').replace(
        'BILLING_PERIOD',
        'billing_period',
      ),
    });
    expect(code).toBe(0);
    expect(await sharesOf(out, '2025-01')).toEqual({ [ONE]: 1 });
  });

  test('that is created anew: the newest execution with a manifest counts, an unfinished one does not', async () => {
    const unfinished = '2025-01-22T10:00:00Z-0c';
    const { code, out } = await runBills(folder(), {
      [`focus/bill/data/${PERIOD}/${OLD}/bill-00001.csv`]: bill(ONE),
      [`focus/bill/metadata/${PERIOD}/${OLD}/bill-Manifest.json`]: manifest(`${OLD}/bill-00001.csv`),
      [`focus/bill/data/${PERIOD}/${NEW}/bill-00001.csv`]: bill(TWO),
      [`focus/bill/metadata/${PERIOD}/${NEW}/bill-Manifest.json`]: manifest(`${NEW}/bill-00001.csv`),
      [`focus/bill/data/${PERIOD}/${unfinished}/bill-00001.csv`]: bill('000000000003'),
    });
    expect(code).toBe(0);
    expect(await sharesOf(out, '2025-01')).toEqual({ [TWO]: 1 });
    expect(warningsOf(out, '2025-01').join()).toContain(
      `focus/bill/data/${PERIOD}/${unfinished}/bill-00001.csv is not in the newest manifest and is not read`,
    );
  });

  test('that changed its compression within a month: the files of the manifest count', async () => {
    const { code, out } = await runBills(folder(), {
      [`focus/bill/data/${PERIOD}/bill-00001.csv`]: bill(ONE),
      [`focus/bill/data/${PERIOD}/bill-00001.csv.gz`]: gzipSync(bill(TWO)),
      [`focus/bill/metadata/${PERIOD}/bill-Manifest.json`]: manifest('bill-00001.csv.gz'),
    });
    expect(code).toBe(0);
    expect(await sharesOf(out, '2025-01')).toEqual({ [TWO]: 1 });
    expect(warningsOf(out, '2025-01').join()).toContain('bill-00001.csv is not in the newest manifest');
  });

  test('that is created anew, with a copy of the newest manifest beside the executions', async () => {
    const { code, out } = await runBills(folder(), {
      [`focus/bill/data/${PERIOD}/${NEW}/bill-00001.csv`]: bill(TWO),
      [`focus/bill/metadata/${PERIOD}/${NEW}/bill-Manifest.json`]: manifest(`${NEW}/bill-00001.csv`),
      [`focus/bill/metadata/${PERIOD}/bill-Manifest.json`]: manifest(`${NEW}/bill-00001.csv`),
    });
    expect(code).toBe(0);
    expect(await sharesOf(out, '2025-01')).toEqual({ [TWO]: 1 });
  });

  test.each(['aws-programmatic-access-test-object', 'desktop.ini', '.DS_Store', 'marker_$folder$', ''])(
    'with the marker %j in every folder',
    async (marker) => {
      const folders = ['focus', 'focus/bill', 'focus/bill/data', `focus/bill/data/${PERIOD}`];
      const more = [`focus/bill/data/${PERIOD}/${NEW}`, `focus/bill/metadata/${PERIOD}/${NEW}`, 'racks'];
      const name = marker === '' ? 'empty' : marker;
      const markers = [...folders, ...more].map((place) => [`${place}/${name}`, marker]);
      const { code, out, problems } = await runBills(folder(), {
        ...(Object.fromEntries(markers) as Record<string, string>),
        [`focus/bill/data/${PERIOD}/${NEW}/bill-00001.csv`]: bill(TWO),
        [`focus/bill/metadata/${PERIOD}/${NEW}/bill-Manifest.json`]: manifest(`${NEW}/bill-00001.csv`),
      });
      expect([problems, code]).toEqual([[], 0]);
      expect(await sharesOf(out, '2025-01')).toEqual({ [TWO]: 1 });
    },
  );

  test('that is created anew, without metadata: the newest execution counts', async () => {
    const { out } = await runBills(folder(), {
      [`focus/bill/data/${PERIOD}/${OLD}/bill-00001.csv`]: bill(ONE),
      [`focus/bill/data/${PERIOD}/${NEW}/bill-00001.csv`]: bill(TWO),
    });
    expect(await sharesOf(out, '2025-01')).toEqual({ [TWO]: 1 });
    expect(warningsOf(out, '2025-01')).toContain(`${OLD} is older than ${NEW} and is not read`);
  });

  test('of two payers, an export each', async () => {
    const { out } = await runBills(folder(), {
      [`focus/one/data/${PERIOD}/one-00001.csv`]: bill(ONE),
      [`focus/two/data/${PERIOD}/two-00001.csv`]: billCsv([
        focusRow({ account: TWO, payer: '000000000077' }),
      ]),
    });
    expect(await sharesOf(out, '2025-01')).toEqual({ [ONE]: 0.5, [TWO]: 0.5 });
  });
});

describe('an invalid delivery', () => {
  const DATA = `focus/bill/data/${PERIOD}/bill-00001.csv`;
  const MANIFEST = `focus/bill/metadata/${PERIOD}/bill-Manifest.json`;
  const OTHER_MONTH = 'focus/bill/metadata/BILLING_PERIOD=2024-12/bill-Manifest.json';

  test.each([
    {
      what: 'whose manifest names a file that is not there',
      files: { [DATA]: bill(ONE), [MANIFEST]: manifest('bill-00001.csv', 'bill-00002.csv') },
      message: `${MANIFEST}: expected the file bill-00002.csv that it names to be there`,
    },
    {
      what: 'whose manifest names no file although one is there',
      files: { [DATA]: bill(ONE), [MANIFEST]: manifest() },
      message: `${MANIFEST}: expected dataFiles with the files of the delivery, found an empty list although bill-00001.csv is there; deliver the export again`,
    },
    {
      what: 'whose manifest is not a manifest',
      files: { [DATA]: bill(ONE), [MANIFEST]: '{"columns": []}' },
      message: `${MANIFEST}: expected a manifest of AWS Data Exports with dataFiles`,
    },
    {
      what: 'that is cut off before its manifest, where other months have one',
      files: {
        [DATA]: bill(ONE),
        [OTHER_MONTH]: '{"dataFiles": []}',
      },
      message: `${DATA}: expected a manifest below metadata/ for ${PERIOD}: without it the delivery is not complete`,
    },
    {
      what: 'in two layouts at once',
      files: { [DATA]: bill(ONE), [`focus/bill/data/${PERIOD}/${NEW}/bill-00001.csv`]: bill(TWO) },
      message: `${DATA}: expected one layout: there are files next to the folder ${NEW} of an execution, which would count twice`,
    },
    {
      what: 'that changed from new executions to overwriting within a month',
      files: {
        [`focus/bill/data/${PERIOD}/${NEW}/bill-00001.csv`]: bill(TWO),
        [`focus/bill/metadata/${PERIOD}/${NEW}/bill-Manifest.json`]: manifest(`${NEW}/bill-00001.csv`),
        [DATA]: bill(ONE),
        [MANIFEST]: manifest('bill-00001.csv'),
      },
      message: `${MANIFEST}: expected one way of delivery: it is next to the execution ${NEW}, and the month would be read from one of them; delete the older of them`,
    },
    {
      what: 'that changed its compression within a month, without manifests',
      files: { [DATA]: bill(ONE), [`${DATA}.gz`]: gzipSync(bill(ONE)) },
      message: `${DATA}: expected one format: ${DATA}.gz has the same name in another format and would count twice; delete the older of them`,
    },
    {
      what: 'of one payer in two exports',
      files: {
        [`focus/first/data/${PERIOD}/bill-00001.csv`]: bill(ONE),
        [`focus/second/data/${PERIOD}/bill-00001.csv`]: bill(TWO),
      },
      message: `focus/second/data/${PERIOD}/bill-00001.csv: expected one delivery of the bill of payer ${PAYER}; focus/first/data/${PERIOD}/bill-00001.csv is another one, and it would count twice`,
    },
    {
      what: 'with a file of another kind',
      files: { [DATA]: bill(ONE), [`focus/bill/data/${PERIOD}/notes.txt`]: 'x' },
      message: `focus/bill/data/${PERIOD}/notes.txt: expected a file that ends in .csv, .csv.gz or .parquet`,
    },
  ])('$what is an error', async ({ files, message }) => {
    const january = 'usage/usage_period=2025-02/usage.csv';
    const { code, outcomes, problems } = await runBills(folder(), {
      ...files,
      [january]: `usage_account_id,cluster_id,product_code,usage_quantity,usage_revenue\n${ONE},c1,A,1,\n`,
    });
    expect(code).toBe(1);
    expect([outcomes['2025-01']?.error, ...problems]).toContain(message);
    expect(outcomes['2025-02']?.status).toBe('published');
  });

  test('in a folder without a month is reported', async () => {
    const { code, problems } = await runBills(folder(), { 'focus/bill/data/bill-00001.csv': bill(ONE) });
    expect(code).toBe(1);
    expect(problems).toEqual([
      'focus/bill/data/bill-00001.csv: expected a folder usage_period=YYYY-MM or BILLING_PERIOD=YYYY-MM',
    ]);
  });
});
