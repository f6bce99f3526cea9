/*
 * Computes the monthly cost of a deployment from measured durations, and prints the table of docs/deploy.md:
 * node -r tsx/cjs infra/monthly-cost.ts
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { METRICS } from '../lambdas/metric-names';

/*
 * Prices in US East (N. Virginia), USD: the first tier, without the free tier. AWS publishes them below
 * https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws/<offer>/<version>/us-east-1/index.json, where the version is the
 * instant of publication. On 2026-11-26 they were read in public documents that quote these lists:
 * - https://github.com/ocelhq/ocel docs/research/price-book.md (commit b3c9bd1): Lambda and S3, lists of 2026-08-31;
 * - https://github.com/ArdurAI/veer docs/architecture/cost-model/README.md: S3 and CloudWatch with their SKUs, the same lists.
 * Other documents quote later lists with the same prices: AWSLambda 20260919002359 and AmazonS3 20260928230416.
 */
const PRICES = {
  /** AWSLambda 20260831092318, usage type Lambda-GB-Second-ARM. x86_64 costs 0.0000166667. */
  lambdaGbSecond: 0.0000133334,
  /** AWSLambda 20260831092318, usage type Request-ARM. */
  lambdaRequest: 0.0000002,
  /**
   * Standard workflows: 0.0250 for 1,000 on https://aws.amazon.com/step-functions/pricing/, in a stored copy without a date.
   * No dated list was found.
   */
  stateTransition: 0.000025,
  /** AmazonS3 20260831092225, usage type Requests-Tier1, SKU E9YHNFENF4XQBZR6. */
  s3Put: 0.000005,
  /** AmazonS3 20260831092225, usage type Requests-Tier2, SKU ZWQ6Q48CRJXX4FXE. */
  s3Get: 0.0000004,
  /** AmazonS3 20260831092225, usage type TimedStorage-ByteHrs, SKU WP9ANXZGBYYSGJEA. */
  s3GbMonth: 0.023,
  /** AmazonCloudWatch 20260831092148, standard resolution, SKU EVETVUGEN3MUTMXM. */
  alarm: 0.1,
  /** AmazonCloudWatch 20260831092148, SKU KG586CTNGQ4VRZKZ. */
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
/** Alarms of the monitoring stack. */
export const ALARMS = 7;

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
  return (
    compute + requests + steps + s3 + ALARMS * PRICES.alarm + Object.keys(METRICS).length * PRICES.metric
  );
}

/** Returns the table of docs/deploy.md in Markdown. */
export function costTable(): string {
  const file = join(__dirname, '..', 'docs', 'measured-months.json');
  const count = (value: number): string => value.toLocaleString('en-US');
  const rows = measuredSchema.parse(JSON.parse(readFileSync(file, 'utf8'))).map((size) => {
    const seconds = (size.milliseconds / 1_000).toFixed(1);
    return [count(size.accounts), count(size.usageRows), seconds, count(size.rssMb), costOf(size).toFixed(2)];
  });
  const head = ['accounts', 'usage lines a month', 'one month, s', 'memory, MB', 'USD a month'];
  const lines = [head, head.map(() => '---:'), ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

if (require.main === module) console.log(costTable());
