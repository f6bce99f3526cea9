import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { writeAwsEstate } from '../sample/aws-estate';
import { awsExportName } from '../shared/runs/month-versions';
import { exitWith, main } from './main';
import { DEFAULT_EXPORT_NAME } from '../api/values';

/** The `--as-of` of the run. */
const AS_OF = '2024-10-20';

const TOP_SERVICES = `
SELECT product_code, count(DISTINCT usage_account_id) AS accounts,
  round(1000 * sum(total_lbm_emissions_value), 4) AS lbm_kg, round(1000 * sum(total_mbm_emissions_value), 4) AS mbm_kg
FROM carbon_latest GROUP BY product_code ORDER BY mbm_kg DESC LIMIT 12`;

/** `npm run start:aws`: splits a made-up carbon export of AWS into services, by the real bills of one month. */
async function start(): Promise<number> {
  const base = join(__dirname, '..', 'build', 'sample-aws');
  const inputs = join(base, 'inputs');
  if (!existsSync(inputs)) {
    const unfinished = `${inputs}.unfinished`;
    await rm(unfinished, { recursive: true, force: true });
    await writeAwsEstate(unfinished);
    await rename(unfinished, inputs);
  }
  const out = join(base, 'exports');
  const exitCode = await main(['run', '--inputs', inputs, '--out', out, '--as-of', AS_OF]);
  if (exitCode !== 0) return exitCode;
  const name = awsExportName(DEFAULT_EXPORT_NAME);
  console.log(
    "\nServices within AWS's four product groups (the carbon figures of this sample are made up):\n",
  );
  const queried = await main(['query', '--out', out, '--export-name', name, TOP_SERVICES]);
  const shown = (path: string): string => relative(process.cwd(), path);
  console.log(`
Next steps
  the report page, in a browser          ${shown(join(out, name, 'report.html'))}
  inputs, and which of them are real     ${shown(join(inputs, 'README.md'))}
  the export, laid out as in S3          ${shown(join(out, name, 'data'))}
  totals, split and unsplit per account  ${shown(join(out, name, 'metadata'))}/…/${name}-Manifest.json (awsTotals)
  your own two exports                   docs/user-guide.md`);
  return queried;
}

exitWith(start);
