import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { carbonCsv, carbonFile, AWS_ROW } from '../../support/aws-totals';
import { billCsv, CUR_BILL, curRow } from '../../support/bills';
import { EstateFolder } from '../../support/estate-folder';
import { monthlyEstate } from '../../support/estates/monthly-estate';
import { runEstate } from '../../support/run-command';
import { scratch } from '../../support/scratch';

/*
 * NUL bytes and huge records are errors with file and row in every table that the engine reads as CSV.
 */

const folder = scratch();
const CARBON = carbonFile();
const USAGE = 'usage/usage_period=2025-01/usage-part-1.csv';

const ENDS = [
  ['NUL bytes', '\0'.repeat(1_000), 'expected text in UTF-8; found a NUL byte'],
  ['a field of 3 MB', `"${'x'.repeat(3 << 20)}"\n`, 'expected a record of at most 2 MB; found a longer one'],
] as const;

function awsEstate(): EstateFolder {
  const estate = new EstateFolder(folder());
  estate.write(CARBON, carbonCsv([AWS_ROW]));
  estate.write(CUR_BILL, billCsv([curRow()]));
  return estate;
}

describe.each([
  { file: USAGE, row: 5, estate: () => EstateFolder.of(monthlyEstate(['2025-01']), folder()) },
  { file: CARBON, row: 2, estate: awsEstate },
  { file: CUR_BILL, row: 2, estate: awsEstate },
])('$file', ({ file, row, estate }) => {
  test.each(ENDS)('that ends with %s', async (_, end, problem) => {
    const inputs = estate();
    appendFileSync(join(inputs.path, file), end);
    const { code, outcomes } = await runEstate(inputs.path, folder());
    expect(code).toBe(1);
    expect(outcomes['2025-01']?.error).toContain(`${file}, row ${String(row)}: ${problem}`);
  });
});
