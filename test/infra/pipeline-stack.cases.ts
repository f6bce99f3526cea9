import { type Configuration, deployed } from './configurations';
import { allStatements } from './statements';

interface FunctionProperties {
  readonly MemorySize: number;
  readonly EphemeralStorage: { readonly Size: number };
  readonly Timeout: number;
  readonly Runtime: string;
  readonly Architectures: readonly string[];
  readonly TracingConfig: { readonly Mode: string };
  readonly LoggingConfig: { readonly LogGroup: string };
  readonly Environment: { readonly Variables: Readonly<Record<string, string>> };
}

/** Functions of a deployment by name. */
function functionsOf(configuration: Configuration): Map<string, FunctionProperties> {
  return new Map(
    deployed(configuration)
      .resources('AWS::Lambda::Function')
      .map(({ id, properties }) => [
        id.replace(/Function.*$/, ''),
        properties as unknown as FunctionProperties,
      ]),
  );
}

describe('functions', () => {
  test('each function has its memory, disk and longest duration', () => {
    const sizes = [...functionsOf('defaults')].map(([name, { MemorySize, EphemeralStorage, Timeout }]) => [
      name,
      MemorySize,
      EphemeralStorage.Size,
      Timeout,
    ]);
    expect(sizes.sort()).toEqual([
      ['ExportMonth', 4_096, 4_096, 900],
      // It writes the report page.
      ['FinishRun', 2_048, 4_096, 900],
      ['GatherAccounts', 512, 512, 900],
      ['PlanMonths', 512, 512, 900],
      ['ReleaseLock', 256, 512, 60],
    ]);
  });

  test('without the report page, finish-run is small and may not write it', () => {
    const finish = functionsOf('withoutReport').get('FinishRun');
    expect([finish?.MemorySize, finish?.EphemeralStorage.Size]).toEqual([512, 512]);
    const writable = (configuration: Configuration): string[] =>
      allStatements(deployed(configuration)).flatMap(({ Resource }) =>
        Resource.filter((arn) => arn.endsWith('/report.html')),
      );
    expect(writable('defaults')).toHaveLength(1);
    expect(writable('withoutReport')).toEqual([]);
  });

  test.each([
    ['defaults', 'arm64'],
    ['everySetting', 'x86_64'],
  ] as const)('with %s, every function runs on Node.js 22 and %s, and is traced', (name, architecture) => {
    const functions = [...functionsOf(name).values()];
    expect(functions).toHaveLength(5);
    for (const { Runtime, Architectures, TracingConfig } of functions) {
      expect(Runtime).toBe('nodejs22.x');
      expect(Architectures).toEqual([architecture]);
      expect(TracingConfig.Mode).toBe('Active');
    }
  });

  test('every function and the state machine have a separate log group that keeps logs for 90 days', () => {
    const groups = deployed('defaults').resources('AWS::Logs::LogGroup');
    expect(groups).toHaveLength(6);
    expect(new Set(groups.map(({ properties }) => properties.RetentionInDays))).toEqual(new Set([90]));
    const used = [...functionsOf('defaults').values()].map(({ LoggingConfig }) => LoggingConfig.LogGroup);
    expect(new Set(used).size).toBe(5);
  });

  test('every function receives the addresses of AWS’s deliveries', () => {
    const functions = [...functionsOf('awsTotals').values()];
    expect(functions).toHaveLength(5);
    for (const { Environment } of functions) {
      expect(JSON.parse(Environment.Variables.EXPORT_SETTINGS ?? '')).toMatchObject({
        awsTotals: {
          sources: { aws_carbon: 's3://reports/carbon/monthly', focus: 's3://bills/focus/daily' },
        },
      });
    }
  });

  test('every function receives the breakdowns', () => {
    const functions = [...functionsOf('breakdowns').values()];
    expect(functions).toHaveLength(5);
    for (const { Environment } of functions) {
      expect(JSON.parse(Environment.Variables.EXPORT_SETTINGS ?? '')).toMatchObject({
        by: ['tag:Cost-Center', 'cost-category:Unit', 'resource'],
      });
    }
  });
});

describe('schedule', () => {
  test('it runs from the 15th to the 22nd, in UTC, with the scheduled time as as-of', () => {
    const schedules = deployed('defaults').resources('AWS::Scheduler::Schedule');
    expect(schedules).toMatchObject([
      {
        properties: {
          ScheduleExpression: 'cron(0 6 15-22 * ? *)',
          ScheduleExpressionTimezone: 'Etc/UTC',
          State: 'ENABLED',
          Target: {
            Input: '{"asOf":"<aws.scheduler.scheduled-time>"}',
            RetryPolicy: { MaximumEventAgeInSeconds: 3_600, MaximumRetryAttempts: 10 },
          },
        },
      },
    ]);
  });

  test('an event that starts no run stays in the dead-letter queue for 14 days', () => {
    const queues = deployed('defaults').resources('AWS::SQS::Queue');
    expect(queues).toMatchObject([{ properties: { MessageRetentionPeriod: 14 * 24 * 3_600 } }]);
    const [schedule] = deployed('defaults').resources('AWS::Scheduler::Schedule');
    expect(schedule?.properties.Target).toMatchObject({
      DeadLetterConfig: { Arn: `<${queues[0]?.id ?? ''}>` },
    });
  });
});

describe('notifications', () => {
  test('the mail address of the settings subscribes to the topic', () => {
    expect(deployed('defaults').resources('AWS::SNS::Subscription')).toEqual([]);
    expect(deployed('everySetting').resources('AWS::SNS::Subscription')).toMatchObject([
      { properties: { Protocol: 'email', Endpoint: 'carbon@example.com' } },
    ]);
  });
});

test('outputs name what an operator needs after a deployment', () => {
  const outputs = deployed('everySetting').outputs();
  expect([...outputs.keys()].sort()).toEqual([
    'DatabaseName',
    'ExportMonthRoleArn',
    'ExportsLocation',
    'GatherAccountsRoleArn',
    'InputsLocation',
    'PlanMonthsRoleArn',
    'StateMachineArn',
    'WorkgroupName',
  ]);
  expect(outputs.get('InputsLocation')).toBe('s3://an-estate/prod/carbon');
});
