import { type Duration, Size, Validations } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Architecture, Function as LambdaFunction, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { defined } from '../shared/base/defined';
import { functionCode, REPORT_PAGE } from './function-code';
import { createLogGroup } from './log-group';
import { createServiceRole } from './service-role';
import type { Settings } from './settings';
import { suppressChecks } from './suppressed-checks';
import { acknowledgeWildcards } from './wildcards';

/** Code, rights and limits of a function. */
export interface PipelineFunctionProps {
  readonly settings: Settings;
  /** File in lambdas/, without `.lambda.ts`. */
  readonly entry: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly statements: readonly PolicyStatement[];
  readonly memoryMb: number;
  /** @default - 512, which is free of charge */
  readonly storageMb?: number;
  readonly timeout: Duration;
  /** Queue for events that the function failed to process when it was invoked asynchronously. @default - none */
  readonly deadLetters?: IQueue;
  /** KMS key of the environment variables and logs. The statements must allow to decrypt with it. @default - keys of AWS */
  readonly key: IKey | undefined;
  /** True for the function that writes the report page. @default - false */
  readonly hasReportPage?: boolean;
}

/** A function with a separate role and log group. The role has the given statements, logging and tracing only. */
export class PipelineFunction extends Construct {
  readonly function: LambdaFunction;
  readonly roleArn: string;

  constructor(scope: Construct, id: string, props: PipelineFunctionProps) {
    super(scope, id);
    const { settings, entry, key } = props;
    const logGroup = createLogGroup(this, 'Logs', { logDays: settings.limits.logDays, key });
    const role = createServiceRole(this, 'Role', 'lambda');
    this.roleArn = role.roleArn;
    for (const statement of [...props.statements, logStatement(logGroup), tracingStatement()]) {
      role.addToPrincipalPolicy(statement);
    }
    this.function = new LambdaFunction(this, 'Function', {
      description: `carbon-exports ${settings.exportName}: ${entry}`,
      code: functionCode(entry, settings.architecture, props.hasReportPage === true ? [REPORT_PAGE] : []),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_22_X,
      architecture: settings.architecture === 'arm64' ? Architecture.ARM_64 : Architecture.X86_64,
      // The role's own statements replace what CDK would grant by managed policies and wildcards.
      role: role.withoutPolicyUpdates(),
      logGroup,
      tracing: Tracing.ACTIVE,
      memorySize: props.memoryMb,
      ephemeralStorageSize: Size.mebibytes(props.storageMb ?? 512),
      timeout: props.timeout,
      environment: { ...props.environment },
      ...defined({ environmentEncryption: key, deadLetterQueue: props.deadLetters }),
    });
    acknowledgeWildcards(role, [...props.statements, tracingStatement()]);
    Validations.of(this.function).acknowledge({
      id: 'AwsSolutions-L1',
      reason: 'The tests of the deployed pipeline run on Node.js 22; see docs/deploy.md.',
    });
    suppressChecks(this.function, suppressedChecks(props));
  }
}

function suppressedChecks({ key, deadLetters }: PipelineFunctionProps): Record<string, string> {
  return defined({
    CKV_AWS_115:
      'The state machine limits how many calls run at the same time; reserved concurrency would take it from the account.',
    CKV_AWS_116: deadLetters
      ? undefined
      : 'The state machine calls this function synchronously and handles its errors; no event can be lost.',
    CKV_AWS_117: 'The function calls AWS only; there is nothing in a VPC that it needs.',
    CKV_AWS_173: key
      ? undefined
      : 'Variables hold names, no secrets, and AWS encrypts them; the setting "encryption": "kms" uses a KMS key.',
  });
}

function logStatement(logGroup: LogGroup): PolicyStatement {
  return new PolicyStatement({
    actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    resources: [logGroup.logGroupArn],
  });
}

function tracingStatement(): PolicyStatement {
  return new PolicyStatement({
    actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
    resources: ['*'],
  });
}
