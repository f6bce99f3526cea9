/*
 * Computes the monthly cost of a deployment from measured durations, and prints the table of docs/deploy.md:
 * node -r tsx/cjs infra/monthly-cost.ts
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** US East (N. Virginia), November 2026, USD; without the free tier. */
const PRICES = {
  lambdaGbSecond: 0.0000133334,
  lambdaRequest: 0.0000002,
  stateTransition: 0.000025,
  s3Put: 0.000005,
  s3Get: 0.0000004,
  s3GbMonth: 0.023,
  alarm: 0.1,
  metric: 0.3,
};

/** Content of docs/measured-months.json, copied by hand from the output of test/aws/measure.ts. */
const measuredSchema = z.array(
  z.object({
    accounts: z.number(),
    usageRows: z.number(),
    usageBytes: z.number(),
    /** Of one month in export-month, the slowest of the repetitions. */
    milliseconds: z.number(),
    rssMb: z.number(),
  }),
);

/** Memory of export-month in cdk.json, GB. */
const MEMORY_GB = 4;
/** Runs of the schedule per month. */
const RUNS = 8;
/** Months checked when a month's inputs arrive: the tables at the root change, so every month is checked. */
const CHECKED_MONTHS = 38;
/** A run that finds nothing new: two functions with half a GB and finish-run with 2 GB, for some seconds each. */
const LIGHT_GB_SECONDS = (2 * 0.5 + 2) * 5;
const TRANSITIONS_PER_RUN = 8;
/** Requests to S3 per month that is checked, and per run. */
const GETS_PER_MONTH = 100;
const GETS_PER_RUN = 150;
const PUTS_PER_MONTH = 6;
const ALARMS = 7;
const METRICS = 6;

/** Returns US dollars per month. Every month that is checked takes as long as one that is computed. */
function costOf({ milliseconds, usageBytes }: z.infer<typeof measuredSchema>[number]): number {
  const compute =
    (CHECKED_MONTHS * (milliseconds / 1_000) * MEMORY_GB + RUNS * LIGHT_GB_SECONDS) * PRICES.lambdaGbSecond;
  const requests = (CHECKED_MONTHS + RUNS * 3) * PRICES.lambdaRequest;
  const steps = (RUNS * TRANSITIONS_PER_RUN + CHECKED_MONTHS * 2) * PRICES.stateTransition;
  const s3 =
    (CHECKED_MONTHS * GETS_PER_MONTH + RUNS * GETS_PER_RUN) * PRICES.s3Get +
    CHECKED_MONTHS * PUTS_PER_MONTH * PRICES.s3Put +
    // Inputs, exports of about the same size, and one old version of each.
    ((CHECKED_MONTHS * usageBytes * 4) / 1e9) * PRICES.s3GbMonth;
  return compute + requests + steps + s3 + ALARMS * PRICES.alarm + METRICS * PRICES.metric;
}

const file = join(__dirname, '..', 'docs', 'measured-months.json');
const measured = measuredSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
console.log(
  '| accounts | usage lines a month | one month, s | memory, MB | USD a month |\n| ---: | ---: | ---: | ---: | ---: |',
);
for (const size of measured) {
  const { accounts, usageRows, milliseconds, rssMb } = size;
  const cells = [accounts, usageRows].map((count) => count.toLocaleString('en-US'));
  console.log(
    `| ${[...cells, (milliseconds / 1_000).toFixed(1), String(rssMb), costOf(size).toFixed(2)].join(' | ')} |`,
  );
}
