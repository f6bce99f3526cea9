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

/** Errors that may pass: those of Lambda itself, and the one name that the functions give to all of theirs. */
export const TRANSIENT_ERRORS = [
  'TransientError',
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.TooManyRequestsException',
  'Lambda.ClientExecutionTimeoutException',
  'Lambda.Unknown',
  // The sandbox was killed in the middle of its work; running out of memory has a name of its own.
  'Runtime.ExitError',
] as const;

/** Longest run there can be; the lock's lease is longer. */
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
 * Gather, plan, export every planned month, finish. No step's failure ends the run before the last one, which reports
 * it, gives the export free and turns the execution red.
 */
export function pipelineDefinition(
  scope: Construct,
  arns: StepFunctionArns,
  concurrency: number,
): DefinitionBody {
  const stepInput = {
    'execution.$': '$$.Execution.Name',
    'startedAt.$': '$$.Execution.StartTime',
    'state.$': '$',
  };
  const finish = task(scope, STEPS.finishRun, arns.finishRun, stepInput, { ResultPath: '$.end' });
  const gather = task(scope, STEPS.gatherAccounts, arns.gatherAccounts, stepInput, {
    ResultPath: '$.accounts',
  });
  const plan = task(scope, STEPS.planMonths, arns.planMonths, stepInput, { ResultPath: '$.plan' });
  plan.addCatch(finish, { resultPath: '$.planFailure' });
  // Earlier snapshots may still tell about the months.
  gather.addCatch(plan, { resultPath: '$.accountsFailure' });
  const months = monthsMap(scope, arns.exportMonth, concurrency);
  finish.next(
    new Choice(scope, 'IsGood')
      .when(Condition.stringEquals('$.end.status', 'succeeded'), new Succeed(scope, 'Green'))
      .otherwise(new Fail(scope, 'Red', { error: 'RunFailed', causePath: '$.end.cause' })),
  );
  plan.next(months);
  months.next(finish);
  return DefinitionBody.fromChainable(Chain.start(gather).next(plan));
}

function monthsMap(scope: Construct, exportMonthArn: string, concurrency: number): MapState {
  const failed = new Pass(scope, 'MonthFailed', {
    parameters: { 'failed.$': '$.at', 'failure.$': '$.failure' },
  });
  const exportMonth = task(
    scope,
    STEPS.exportMonth,
    exportMonthArn,
    { 'asOf.$': '$.asOf', 'at.$': '$.at' },
    {},
  );
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

/**
 * A step that calls a function. It is written as it will stand in the definition: CDK's own task would also allow
 * every version of the function, by a wildcard.
 */
function task(
  scope: Construct,
  name: string,
  functionArn: string,
  parameters: Readonly<Record<string, string>>,
  rest: Readonly<Record<string, string>>,
): CustomState {
  return new CustomState(scope, name, {
    stateJson: { Type: 'Task', Resource: functionArn, Parameters: parameters, Retry: [RETRY], ...rest },
  });
}
