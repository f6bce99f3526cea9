import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { assertAllRecordsRead } from '../../../shared/usage/lines/all-records';
import { billCsv, estateWithoutUsage, FOCUS_BILL, focusRow } from '../../support/bills';
import { runEstate } from '../../support/run-command';
import { scratch } from '../../support/scratch';

/*
 * DuckDB passes over the last record of a CSV file where it is longer than its buffer, without an error: the number of
 * records that it reads is compared with the number in the bytes of the file.
 */

const folder = scratch();
const FORTY_MB = 40 << 20;

async function errorWith(end: string | Buffer): Promise<string | undefined> {
  const inputs = estateWithoutUsage(folder());
  inputs.write(FOCUS_BILL, billCsv([focusRow(), focusRow()]));
  appendFileSync(join(inputs.path, FOCUS_BILL), end);
  const { code, months } = await runEstate(inputs.path, folder());
  expect(code).toBe(1);
  return months.find(({ month }) => month === '2025-01')?.error;
}

test('a file that ends with 40 MB of NUL bytes is an error', async () => {
  expect(await errorWith(Buffer.alloc(FORTY_MB))).toContain(
    `${FOCUS_BILL}, row 3: expected text in UTF-8; found a NUL byte`,
  );
});

test('a last record with a field of 40 MB is an error', async () => {
  const [, long = ''] = billCsv([focusRow({}, { Tags: 'x'.repeat(FORTY_MB) })]).split('\n');
  expect(await errorWith(`${long}\n`)).toContain(
    `${FOCUS_BILL}, row 3: expected a record of at most 2 MB; found a longer one`,
  );
});

test('fewer or more records than the bytes have are an error', () => {
  const texts = {
    table: 'focus',
    files: [2, 3].map((records) => ({ file: FOCUS_BILL, path: FOCUS_BILL, records })),
  };
  expect(() => {
    assertAllRecordsRead(texts, 5);
  }).not.toThrow();
  for (const read of [4, 6]) {
    expect(() => {
      assertAllRecordsRead(texts, read);
    }).toThrow(
      `found 5 records in the bytes of ${FOCUS_BILL}, ${FOCUS_BILL}, and the engine read ${String(read)}`,
    );
  }
});
