import { deployed } from './configurations';
import { statementsByRole } from './statements';

describe('release of locks', () => {
  const deployment = deployed('breakdowns');
  const [machine] = deployment.resources('AWS::StepFunctions::StateMachine');
  const [rule, ...otherRules] = deployment.resources('AWS::Events::Rule');
  const [fn] = deployment.resources('AWS::Lambda::Function').filter(({ id }) => id.startsWith('ReleaseLock'));

  test('executions of this state machine that were stopped, failed or timed out call release-lock', () => {
    expect(otherRules).toEqual([]);
    expect(rule?.properties).toMatchObject({
      EventPattern: {
        source: ['aws.states'],
        'detail-type': ['Step Functions Execution Status Change'],
        detail: {
          stateMachineArn: [`<${machine?.id ?? ''}>`],
          status: ['ABORTED', 'FAILED', 'TIMED_OUT'],
        },
      },
      State: 'ENABLED',
      Targets: [{ Arn: fn?.id, RetryPolicy: { MaximumRetryAttempts: 10 } }],
    });
  });

  test('only this rule of this account may call it', () => {
    expect(deployment.resources('AWS::Lambda::Permission')).toMatchObject([
      {
        properties: {
          Action: 'lambda:InvokeFunction',
          FunctionName: fn?.id,
          Principal: 'events.amazonaws.com',
          SourceArn: `<${rule?.id ?? ''}>`,
          SourceAccount: '123456789012',
        },
      },
    ]);
  });

  test('an event that it fails to process goes to the dead-letter queue', () => {
    const [queue] = deployment.resources('AWS::SQS::Queue');
    expect(fn?.properties.DeadLetterConfig).toEqual({ TargetArn: `<${queue?.id ?? ''}>` });
  });

  test('it may delete the lock of every export and nothing else', () => {
    const deleting = (statementsByRole(deployment).get('ReleaseLock') ?? []).filter(({ Action }) =>
      Action.includes('s3:DeleteObject'),
    );
    expect(deleting).toHaveLength(1);
    expect(deleting[0]?.Resource.map((arn) => arn.replace(/^[^/]*\//, ''))).toEqual([
      'carbon-emissions/state/lock*',
      'carbon-emissions-by-tag-Cost-Center/state/lock*',
      'carbon-emissions-by-cost-category-Unit/state/lock*',
      'carbon-emissions-by-resource/state/lock*',
    ]);
  });
});
