import { readEstateSettings } from '../../../shared/estate/estate-settings';
import { withSession } from '../../../shared/sql/duck-session';
import { FolderStore } from '../../../shared/stores/folder-store';
import { asMonth } from '../../../shared/base/month';
import { type BillFacts, billFacts, liesInside, reachesInto } from '../../../shared/usage/bills/bill-facts';
import { DUCK_ENGINE } from '../../../shared/usage/lines/duck-engine';
import type { UsageEngine } from '../../../shared/usage/lines/usage-engine';
import { billCsv, type BillRow, estateWithoutUsage, FOCUS_BILL, focusRow, rowsOf } from '../../support/bills';
import { asParquet } from '../../support/parquet';
import { runEstate } from '../../support/run-command';
import { scratch } from '../../support/scratch';

const folder = scratch();

test('columns of a bill may have the names that engines use for the path of a file', async () => {
  const inputs = estateWithoutUsage(folder());
  inputs.write(FOCUS_BILL, billCsv([focusRow({}, { filename: '/tmp/x', path: 'y', line: 'z' })]));
  await inputs.parquet(FOCUS_BILL);
  const out = folder();
  const { code } = await runEstate(inputs.path, out);
  expect(code).toBe(0);
  expect(await rowsOf(out, '2025-01')).toHaveLength(1);
});

test('lines of an unknown file are an error: they would count in no month, or whole in one', async () => {
  const path = folder();
  const settings = await readEstateSettings(new FolderStore(path));
  // An engine that spells the file's path otherwise than it was given.
  const other: UsageEngine = {
    ...DUCK_ENGINE,
    sum: (session, _texts, { columns }) =>
      session.table(
        columns,
        `SELECT 's3://bucket//bill.csv' AS path, CAST(NULL AS VARCHAR) AS payer, CAST(NULL AS VARCHAR) AS currency, '2025-02-01' AS first, '2025-02-02' AS last, 0 AS zoned, 0 AS invalid`,
      ),
  };
  const file = { file: FOCUS_BILL, path: 's3://bucket/bill.csv', header: Object.keys(focusRow()) };
  await withSession({}, async (session) => {
    await expect(billFacts(other, session, { table: 'focus', files: [file], settings })).rejects.toThrow(
      'lines of s3://bucket//bill.csv, which is not a file that was read',
    );
  });
});

const TYPES = { ChargePeriodStart: 'TIMESTAMP', ChargePeriodEnd: 'TIMESTAMP_MS' };
const MONTHS = ['2024-12', '2025-01', '2025-02', '2025-03'].map(asMonth);

/** What a month's reading takes from the facts of a bill. */
function usesOf(facts: BillFacts | undefined) {
  if (facts === undefined) throw new Error('a bill has no facts');
  const { payers, currencies } = facts;
  const months = MONTHS.map((month) => [liesInside(facts, month), reachesInto(facts, month)]);
  return { payers, currencies, months };
}

/** The uses of a bill's facts, with the statistics of its file and without them, and how often the lines were summed. */
async function factsOf(rows: readonly BillRow[]) {
  const path = folder();
  const store = new FolderStore(path);
  const settings = await readEstateSettings(store);
  const inputs = estateWithoutUsage(path);
  const file = FOCUS_BILL.replace('.csv', '.parquet');
  inputs.write(file, await asParquet(billCsv(rows), TYPES));
  return withSession({}, async (session) => {
    let scans = 0;
    const engine: UsageEngine = {
      ...DUCK_ENGINE,
      sum: (at, texts, sums) => {
        if (texts.summed !== undefined) scans += 1;
        return DUCK_ENGINE.sum(at, texts, sums);
      },
    };
    const read = await engine.read({ store, session }, 'focus', file);
    const usesFrom = async (one: typeof read) =>
      usesOf((await billFacts(engine, session, { table: 'focus', files: [one], settings })).get(file));
    const uses = await usesFrom(read);
    const byStatistics = scans === 0;
    const withoutStatistics = await usesFrom({ ...read, times: new Map(), constants: new Map() });
    await read.copy.release();
    return { uses, withoutStatistics, byStatistics };
  });
}

const NEAR_END = { start: '2025-01-31 23:00:00', end: '2025-02-01 00:00:00' };

test.each([
  ['in one month', [{}, NEAR_END], true],
  ['with a time that is blank', [{}, { start: '', end: '' }, { end: '' }], true],
  ['across the end of a month', [{}, { ...NEAR_END, end: '2025-02-01 01:00:00' }], false],
  ['that begins at the end of a month', [{}, { start: NEAR_END.end, end: '' }], false],
  ['of several payers', [{}, { payer: '000000000043' }], false],
  ['of several currencies', [{}, { currency: 'EUR' }], false],
  ['without a payer', [{ payer: '' }, { payer: 'NULL' }], false],
])('the statistics of a bill %s decide the facts that its lines have', async (_, charges, isDecided) => {
  const { uses, withoutStatistics, byStatistics } = await factsOf(charges.map((charge) => focusRow(charge)));
  expect(uses).toEqual(withoutStatistics);
  expect(byStatistics).toBe(isDecided);
});

test('charges that are not usage decide no facts, wherever they are', async () => {
  const tax = focusRow({ payer: '000000000042' }, { ChargeCategory: 'Tax' });
  const unused = focusRow({}, { CommitmentDiscountStatus: 'Unused' });
  const ofOthers = focusRow({}, { ProviderName: 'Other' });
  for (const rows of [[tax], [tax, unused], [unused, ofOthers]]) {
    const { uses, withoutStatistics } = await factsOf(rows);
    expect(uses).toEqual(withoutStatistics);
    expect(uses.payers).toEqual([]);
  }
  const taxLater = focusRow(
    { start: '2025-02-01 00:00:00', end: '2025-02-02 00:00:00' },
    { ChargeCategory: 'Tax' },
  );
  const { uses, withoutStatistics } = await factsOf([focusRow(), taxLater]);
  expect(uses).toEqual(withoutStatistics);
  expect(uses.payers).toEqual(['000000000042']);
});
