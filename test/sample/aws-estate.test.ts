import { join } from 'node:path';
import { writeAwsEstate } from '../../sample/aws-estate';
import { splitManifestOf, splitRowsOf } from '../support/aws-totals';
import { hashesOf } from '../support/folder-contents';
import { runEstate } from '../support/run-command';
import { scratch } from '../support/scratch';

const folder = scratch();

test('the sample of an AWS customer goes from real bills to services, and is the same wherever it is written', async () => {
  // Prepare
  const [one, two, out] = [join(folder(), 'one'), join(folder(), 'two'), folder()];
  await writeAwsEstate(one);
  await writeAwsEstate(two);
  // Act
  const run = await runEstate(one, out, '--as-of', '2024-10-20');
  // Assess
  expect(hashesOf(two)).toEqual(hashesOf(one));
  expect([run.code, run.problems, run.notAvailable]).toEqual([0, [], []]);
  const { awsTotals, usageLines } = splitManifestOf(out, '2024-09');
  expect(usageLines).toBeGreaterThan(900);
  expect(awsTotals?.rows.unsplit).toBe(7);
  expect(awsTotals?.withoutBill.count).toBe(0);
  const products = new Set((await splitRowsOf(out, '2024-09')).map((row) => row['product_code']));
  expect([...products]).toEqual(
    expect.arrayContaining(['AmazonEC2', 'AmazonRDS', 'AmazonCloudFront', 'Other']),
  );
});
