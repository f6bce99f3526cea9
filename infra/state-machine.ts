import { Duration } from 'aws-cdk-lib';
import {
  Chain,
  Choice,
  Condition,
  CustomState,
  DefinitionBody,
  Fail,
  JsonPath,
  Map as MapState,
  Pass,
  Succeed,
} from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';

/** ARNs of the functions that the steps call. */
export interface StepFunctionArns {
  readonly gatherAccounts: string;
  readonly planMonths: string;
  readonly exportMonth: string;
  readonly finishRun: string;
}

/** Names of the steps that call a function. */
export const STEPS = {
  gatherAccounts: 'GatherAccounts',
  planMonths: 'PlanMonths',
  exportMonth: 'ExportMonth',
  finishRun: 'FinishRun',
} as const;

/** Errors that are retried: those of Lambda, and the one name of all transient errors of the functions. */
export const TRANSIENT_ERRORS = [
  'TransientError',
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.TooManyRequestsException',
  'Lambda.ClientExecutionTimeoutException',
  'Lambda.Unknown',
  // The sandbox was killed during its work. Running out of memory has a different name.
  'Runtime.ExitError',
] as const;

/** Longest duration of a run. The lease of the lock is longer. */
export const RUN_TIMEOUT = Duration.hours(12);

const RETRY = {
  ErrorEquals: TRANSIENT_ERRORS,
  IntervalSeconds: 5,
  MaxAttempts: 4,
  BackoffRate: 2,
  MaxDelaySeconds: 120,
  JitterStrategy: 'FULL',
};

/**
 * Returns the definition of a run: gather, plan, export a page of the planned months, take the next page while months are
 * left, finish. A step that fails does not end the run: the last step reports the failure, releases the locks and lets the
 * execution fail.
 */
export function pipelineDefinition(
  scope: Construct,
  arns: StepFunctionArns,
  concurrency: number,
): DefinitionBody {
  const gather = step(scope, STEPS.gatherAccounts, arns.gatherAccounts, '$.accounts');
  const plan = step(scope, STEPS.planMonths, arns.planMonths, '$.plan');
  const finish = step(scope, STEPS.finishRun, arns.finishRun, '$.end');
  const months = monthsMap(scope, arns.exportMonth, concurrency);
  // Earlier snapshots of the organization may still cover the months.
  gather.addCatch(plan, { resultPath: '$.accountsFailure' });
  plan.addCatch(finish, { resultPath: '$.planFailure' });
  plan.next(months);
  // A plan has no limit, and the state has one of 256 KB: shared/runs/run-pages.ts.
  months.next(
    new Choice(scope, 'HasMonthsLeft')
      .when(Condition.numberGreaterThan('$.plan.left', 0), plan)
      .otherwise(finish),
  );
  finish.next(
    new Choice(scope, 'HasSucceeded')
      .when(Condition.stringEquals('$.end.status', 'succeeded'), new Succeed(scope, 'RunSucceeded'))
      .otherwise(new Fail(scope, 'RunFailed', { error: 'RunFailed', causePath: '$.end.cause' })),
  );
  return DefinitionBody.fromChainable(Chain.start(gather).next(plan));
}

function monthsMap(scope: Construct, exportMonthArn: string, concurrency: number): MapState {
  const exportMonth = task(scope, STEPS.exportMonth, {
    Resource: exportMonthArn,
    Parameters: { 'asOf.$': '$.asOf', 'at.$': '$.at' },
  });
  const failed = new Pass(scope, 'MonthFailed', {
    parameters: { 'failed.$': '$.at', 'failure.$': '$.failure' },
  });
  exportMonth.addCatch(failed, { resultPath: '$.failure' });
  const map = new MapState(scope, 'Months', {
    itemsPath: '$.plan.months',
    itemSelector: {
      asOf: JsonPath.stringAt('$.plan.asOf'),
      at: JsonPath.objectAt('$$.Map.Item.Value'),
    },
    maxConcurrency: concurrency,
    resultPath: '$.results',
  });
  return map.itemProcessor(exportMonth);
}

/** A step that receives the execution and its whole state, and adds its result to the state. */
function step(scope: Construct, name: string, functionArn: string, resultPath: string): CustomState {
  return task(scope, name, {
    Resource: functionArn,
    Parameters: {
      'execution.$': '$$.Execution.Name',
      'startedAt.$': '$$.Execution.StartTime',
      'state.$': '$',
    },
    ResultPath: resultPath,
  });
}

/** A call of a function in Amazon States Language: CDK's LambdaInvoke would also allow every version, by a wildcard. */
function task(scope: Construct, name: string, stateJson: Readonly<Record<string, unknown>>): CustomState {
  return new CustomState(scope, name, { stateJson: { Type: 'Task', ...stateJson, Retry: [RETRY] } });
}
