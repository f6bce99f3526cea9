import { deployed, ENCRYPTIONS } from './configurations';
import { type Statement, statementsIn } from './statements';

const ACCOUNT = '123456789012';

/** Whether a statement lets CloudWatch act for this alarm, and for alarms of this account only. */
function allowsAlarm({ Effect, Principal, Condition }: Statement, alarmName: string): boolean {
  const arn = `arn:aws:cloudwatch:us-east-1:${ACCOUNT}:alarm:${alarmName}`;
  const pattern = Condition?.ArnLike?.['aws:SourceArn'];
  return (
    Effect === 'Allow' &&
    JSON.stringify(Principal) === '{"Service":"cloudwatch.amazonaws.com"}' &&
    Condition?.StringEquals?.['aws:SourceAccount'] === ACCOUNT &&
    typeof pattern === 'string' &&
    arn.startsWith(pattern.replace(/\*$/, ''))
  );
}

describe.each(ENCRYPTIONS)('messages with %s', (configuration) => {
  const deployment = deployed(configuration);
  const [topic] = deployment.resources('AWS::SNS::Topic');
  const [topicPolicy] = deployment.resources('AWS::SNS::TopicPolicy');
  const [queue] = deployment.resources('AWS::SQS::Queue');
  const [queuePolicy] = deployment.resources('AWS::SQS::QueuePolicy');
  const keyStatements = deployment
    .resources('AWS::KMS::Key')
    .flatMap(({ properties }) => statementsIn(properties.KeyPolicy));

  test('every alarm may publish to its topic, and use the key of the topic', () => {
    const alarms = deployment.resources('AWS::CloudWatch::Alarm');
    expect(alarms).toHaveLength(7);
    expect(topicPolicy?.properties.Topics).toEqual([`<${topic?.id ?? ''}>`]);
    const isEncrypted = topic?.properties.KmsMasterKeyId !== undefined;
    expect(isEncrypted).toBe(configuration === 'everySetting');
    for (const { properties } of alarms) {
      expect(properties.AlarmActions).toEqual([`<${topic?.id ?? ''}>`]);
      const name = String(properties.AlarmName);
      const publishing = statementsIn(topicPolicy?.properties.PolicyDocument).filter((statement) =>
        allowsAlarm(statement, name),
      );
      expect(publishing.map(({ Action }) => Action)).toEqual([['sns:Publish']]);
      const using = keyStatements.filter((statement) => allowsAlarm(statement, name));
      expect(using.map(({ Action }) => Action)).toEqual(
        isEncrypted ? [['kms:Decrypt', 'kms:GenerateDataKey']] : [],
      );
    }
  });

  test('alarms of other names or accounts may not publish', () => {
    const statements = statementsIn(topicPolicy?.properties.PolicyDocument);
    expect(statements.length).toBeGreaterThan(1);
    expect(statements.filter((statement) => allowsAlarm(statement, 'Other-Alarm'))).toEqual([]);
  });

  test('the rule that releases locks may send to the dead-letter queue, and use its key', () => {
    const [rule] = deployment.resources('AWS::Events::Rule');
    const ofEvents = ({ Principal }: Statement): boolean =>
      JSON.stringify(Principal) === '{"Service":"events.amazonaws.com"}';
    expect(statementsIn(queuePolicy?.properties.PolicyDocument).filter(ofEvents)).toMatchObject([
      {
        Action: ['sqs:SendMessage'],
        Condition: {
          StringEquals: { 'aws:SourceAccount': ACCOUNT },
          ArnLike: { 'aws:SourceArn': `<${rule?.id ?? ''}>` },
        },
      },
    ]);
    const using = keyStatements.filter(ofEvents).map(({ Condition }) => Condition?.ArnLike);
    expect(using).toEqual(
      configuration === 'everySetting'
        ? [{ 'aws:SourceArn': `arn:aws:events:us-east-1:${ACCOUNT}:rule/CarbonExportsPipeline-*` }]
        : [],
    );
  });

  test('the dead-letter queue is encrypted', () => {
    expect(queue?.properties).toMatchObject(
      configuration === 'everySetting'
        ? { KmsMasterKeyId: expect.stringContaining('Key') as unknown }
        : { SqsManagedSseEnabled: true },
    );
  });
});

describe('the KMS key', () => {
  const deployment = deployed('everySetting');
  const [key] = deployment.resources('AWS::KMS::Key');
  const keyName = `<${key?.id ?? ''}>`;

  test('it encrypts every log group, and CloudWatch Logs may use it for these', () => {
    const groups = deployment.resources('AWS::Logs::LogGroup');
    expect(groups).toHaveLength(6);
    for (const { properties } of groups) expect(properties.KmsKeyId).toBe(keyName);
    const [statement, ...others] = statementsIn(key?.properties.KeyPolicy).filter(({ Principal }) =>
      JSON.stringify(Principal).includes('logs.'),
    );
    expect(others).toEqual([]);
    expect(statement?.Condition).toEqual({
      ArnLike: {
        'kms:EncryptionContext:aws:logs:arn': [
          `arn:aws:logs:us-east-1:${ACCOUNT}:log-group:CarbonExportsPipeline-*`,
          `arn:aws:logs:us-east-1:${ACCOUNT}:log-group:/aws/vendedlogs/states/CarbonExportsPipeline`,
        ],
      },
    });
  });

  test('it encrypts the environment variables of every function, and each role may decrypt them', () => {
    const functions = deployment.resources('AWS::Lambda::Function');
    expect(functions).toHaveLength(5);
    for (const { properties } of functions) expect(properties.KmsKeyArn).toBe(keyName);
    const policies = deployment.resources('AWS::IAM::Policy').filter(({ id }) => id.includes('Function'));
    expect(policies).toHaveLength(5);
    for (const { properties } of policies) {
      const decrypting = statementsIn(properties.PolicyDocument).filter(
        ({ Action, Resource }) => Action.includes('kms:Decrypt') && Resource.includes(keyName),
      );
      expect(decrypting.length).toBeGreaterThan(0);
    }
  });

  test('the schedule may use it for the dead-letter queue', () => {
    const [policy] = deployment
      .resources('AWS::IAM::Policy')
      .filter(({ id }) => id.startsWith('ScheduleRole'));
    expect(statementsIn(policy?.properties.PolicyDocument)).toContainEqual({
      Effect: 'Allow',
      Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
      Resource: [keyName],
    });
  });
});
