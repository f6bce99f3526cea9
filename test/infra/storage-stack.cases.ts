import { deployed } from './configurations';
import { statementsIn } from './statements';

interface BucketProperties {
  readonly PublicAccessBlockConfiguration: unknown;
  readonly OwnershipControls: unknown;
  readonly BucketEncryption: { readonly ServerSideEncryptionConfiguration: readonly unknown[] };
  readonly VersioningConfiguration?: unknown;
  readonly LifecycleConfiguration: { readonly Rules: readonly Record<string, unknown>[] };
  readonly LoggingConfiguration?: { readonly DestinationBucketName: string };
}

/** Buckets of a deployment by the first word of their logical id. */
function bucketsOf(configuration: 'defaults' | 'everySetting'): Map<string, BucketProperties> {
  return new Map(
    deployed(configuration)
      .resources('AWS::S3::Bucket')
      .map(({ id, properties }) => [
        id.replace(/(?:Bucket)?[0-9A-F]{8}$/, ''),
        properties as unknown as BucketProperties,
      ]),
  );
}

describe.each([
  ['defaults', ['AccessLogs', 'Exports', 'Inputs', 'QueryResults']],
  ['everySetting', ['AccessLogs', 'Exports', 'QueryResults']],
] as const)('buckets with %s', (configuration, names) => {
  const deployment = deployed(configuration);
  const buckets = bucketsOf(configuration);

  test('there is one bucket per purpose; an existing inputs bucket is not created', () => {
    expect([...buckets.keys()].sort()).toEqual(names);
  });

  test('every bucket blocks public access and has no access control lists', () => {
    expect(buckets.size).toBe(names.length);
    for (const bucket of buckets.values()) {
      expect(bucket.PublicAccessBlockConfiguration).toEqual({
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      });
      expect(bucket.OwnershipControls).toEqual({ Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] });
    }
  });

  test('CloudFormation keeps every bucket and its policy', () => {
    const resources = deployment.resources('AWS::S3::Bucket');
    expect(resources).toHaveLength(names.length);
    expect(new Set(resources.map(({ deletionPolicy }) => deletionPolicy))).toEqual(new Set(['Retain']));
  });

  test('every bucket refuses requests without TLS 1.2', () => {
    const policies = deployment.resources('AWS::S3::BucketPolicy');
    expect(policies).toHaveLength(names.length);
    for (const { properties } of policies) {
      const denied = statementsIn(properties.PolicyDocument).filter(({ Effect }) => Effect === 'Deny');
      expect(denied.map(({ Condition }) => Condition)).toEqual([
        { Bool: { 'aws:SecureTransport': 'false' } },
        { NumericLessThan: { 's3:TlsVersion': 1.2 } },
      ]);
    }
  });

  test('accesses to every other bucket are logged', () => {
    const others = [...buckets].filter(([name]) => name !== 'AccessLogs');
    expect(others).toHaveLength(names.length - 1);
    for (const [, { LoggingConfiguration: logging }] of others) {
      expect(logging?.DestinationBucketName).toMatch(/^<AccessLogs/);
    }
  });

  test('S3 removes interrupted uploads after a day', () => {
    const others = [...buckets].filter(([name]) => name !== 'AccessLogs');
    expect(others).toHaveLength(names.length - 1);
    for (const [, { LifecycleConfiguration: lifecycle }] of others) {
      expect(lifecycle.Rules).toContainEqual({
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
        Status: 'Enabled',
      });
    }
  });
});

describe('lifecycle and encryption', () => {
  test('replaced versions of inputs and exports are kept for 90 days', () => {
    const buckets = bucketsOf('defaults');
    for (const name of ['Inputs', 'Exports']) {
      const bucket = buckets.get(name);
      expect(bucket?.VersioningConfiguration).toEqual({ Status: 'Enabled' });
      expect(bucket?.LifecycleConfiguration.Rules).toContainEqual({
        NoncurrentVersionExpiration: { NoncurrentDays: 90 },
        Status: 'Enabled',
      });
    }
  });

  test('access logs expire after 90 days, query results after 30, scratch files after one', () => {
    const buckets = bucketsOf('defaults');
    const expirations = (name: string): unknown[] =>
      (buckets.get(name)?.LifecycleConfiguration.Rules ?? [])
        .filter((rule) => 'ExpirationInDays' in rule)
        .map(({ Prefix, ExpirationInDays }) => [Prefix, ExpirationInDays]);
    expect(expirations('AccessLogs')).toEqual([[undefined, 90]]);
    expect(expirations('QueryResults')).toEqual([
      [undefined, 30],
      ['scratch/', 1],
    ]);
  });

  test.each([
    ['defaults', { SSEAlgorithm: 'AES256' }],
    ['everySetting', { SSEAlgorithm: 'aws:kms' }],
  ] as const)('with %s, objects are encrypted with %j', (configuration, expected) => {
    const others = [...bucketsOf(configuration)].filter(([name]) => name !== 'AccessLogs');
    expect(others.length).toBeGreaterThanOrEqual(2);
    for (const [, { BucketEncryption: encryption }] of others) {
      expect(encryption.ServerSideEncryptionConfiguration).toMatchObject([
        { ServerSideEncryptionByDefault: expected },
      ]);
    }
  });

  test('the KMS key rotates and outlives the stack', () => {
    const keys = deployed('everySetting').resources('AWS::KMS::Key');
    expect(keys).toMatchObject([{ deletionPolicy: 'Retain', properties: { EnableKeyRotation: true } }]);
    expect(deployed('defaults').resources('AWS::KMS::Key')).toEqual([]);
  });
});
