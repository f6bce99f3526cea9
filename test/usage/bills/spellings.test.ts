import { join } from 'node:path';
import { writeAwsEstate } from '../../../sample/aws-estate';
import { AWS_NAME } from '../../support/aws-totals';
import { readManifest } from '../../support/export-reader';
import { runEstate } from '../../support/run-command';
import { scratch } from '../../support/scratch';
import { EstateFolder } from '../../support/estate-folder';
import { type SpelledBill, spelledBills } from '../../support/spelled-bills';

const folder = scratch();
const FOCUS = 'focus/usage_period=2024-09/focus-1.0-sample.csv';
const EXPORTS = ['', '-by-tag-environment', '-by-tag-business-unit-c725743e', '-by-resource'];

/** Returns the hash and the rows of each export of AWS's sample with its bill replaced by this one. */
async function exportsOf({ table, file, content }: SpelledBill): Promise<unknown[]> {
  const inputs = folder();
  await writeAwsEstate(inputs);
  const estate = new EstateFolder(inputs);
  estate.remove('focus');
  estate.write(`${table}/usage_period=2024-09/${file}`, content);
  const out = folder();
  const by = ['--by', 'tag:environment', 'tag:business_unit', 'resource'];
  const { code, months } = await runEstate(inputs, out, '--as-of', '2024-10-20', ...by);
  expect({ code, months }).toMatchObject({ code: 0 });
  return EXPORTS.map((suffix) => {
    const at = { out, exportName: AWS_NAME + suffix, month: '2024-09', modelVersion: 'v3.0.0' };
    const { rows, sha256 } = readManifest(at).file;
    return [suffix, rows, sha256];
  });
}

test('real lines in every spelling and type of FOCUS and CUR 2.0 lead to the same export', async () => {
  const sample = folder();
  await writeAwsEstate(sample);
  const bills = await spelledBills(join(sample, FOCUS));
  const original = { name: 'as delivered', table: 'focus', file: 'bill.csv' } as const;
  const content = Buffer.from(new EstateFolder(sample).read(FOCUS));
  const expected = await exportsOf({ ...original, content });
  expect(expected.map((found) => (found as unknown[])[1])).toEqual(
    expect.arrayContaining([expect.any(Number)]),
  );
  expect(bills).toHaveLength(10);
  for (const bill of bills) expect([bill.name, await exportsOf(bill)]).toEqual([bill.name, expected]);
}, 300_000);
