import { awsTotals } from './scenario-aws-totals';
import { brokenMonth, killedLambda, restatement, twoAtOnce } from './scenario-changes';
import { failingS3, throttledOrganizations } from './scenario-faults';
import { firstRun, nothingNew } from './scenario-first-run';
import { twoOrganizations } from './scenario-organizations';
import { wholeHistory } from './scenario-history';
import { glueCatalog, localCommandOnS3, lockOnS3, s3Store } from './scenario-services';
import { doctorAndInit } from './scenario-doctor';
import { breakdownOfUsage, totalsBrokenDown } from './scenario-breakdowns';
import { scope3 } from './scenario-scope-3';
import { stoppedExecution } from './scenario-stopped';
import type { World } from './world';

/** The scenarios in their order: each one starts from the state in which the one before ended. */
export const SCENARIOS: readonly (readonly [string, (world: World) => Promise<void>])[] = [
  ['The S3 store', s3Store],
  ['The lock on S3', lockOnS3],
  ['The catalog in Glue', glueCatalog],
  ['doctor and init against AWS', doctorAndInit],
  ['First run of 38 months', firstRun],
  ['Nothing new', nothingNew],
  ['The local command from bucket to bucket', localCommandOnS3],
  ['One month is restated', restatement],
  ['A broken month', brokenMonth],
  ['A function is killed in the middle of a month', killedLambda],
  ['Two executions at once', twoAtOnce],
  ['An execution is stopped', stoppedExecution],
  ['Organizations throttles, and an account is gone', throttledOrganizations],
  ['S3 fails', failingS3],
  ["AWS's own totals, split", awsTotals],
  ["AWS's own totals, broken down by a tag", totalsBrokenDown],
  ['A breakdown of usage without tags', breakdownOfUsage],
  ["AWS's whole history", wholeHistory],
  ['Scope 3 and its companion', scope3],
  ['Two organizations', twoOrganizations],
];
