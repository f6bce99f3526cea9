/** A service of the sample. Names and product codes are those of AWS; prices and weights are made up in their order. */
export interface ServiceFact {
  readonly code: string;
  /** Name as FOCUS exports of AWS spell it. */
  readonly name: string;
  readonly basis: 'physical' | 'economic';
  /** USD per unit of quantity (Hours, GB-Months, GB, Requests); none: rows carry no quantity. */
  readonly usdPerUnit?: number;
  /** Share of spend next to the other services; 0: it is unused. */
  readonly weight: number;
  /** Where its lines are booked, other than in a Region. */
  readonly place?: 'edge' | 'both';
}

/** The services in the order in which an estate takes them: the 24 of the real FOCUS rows come first. */
export const SERVICES: readonly ServiceFact[] = [
  {
    code: 'AmazonEC2',
    name: 'Amazon Elastic Compute Cloud',
    basis: 'physical',
    usdPerUnit: 0.12,
    weight: 30,
  },
  {
    code: 'AmazonS3',
    name: 'Amazon Simple Storage Service',
    basis: 'physical',
    usdPerUnit: 0.023,
    weight: 9,
  },
  {
    code: 'AmazonCloudFront',
    name: 'Amazon CloudFront',
    basis: 'physical',
    usdPerUnit: 0.085,
    weight: 4,
    place: 'both',
  },
  { code: 'AmazonCloudWatch', name: 'AmazonCloudWatch', basis: 'economic', weight: 5 },
  { code: 'AWSLambda', name: 'AWS Lambda', basis: 'economic', usdPerUnit: 0.0000167, weight: 4 },
  {
    code: 'AmazonRDS',
    name: 'Amazon Relational Database Service',
    basis: 'physical',
    usdPerUnit: 0.2,
    weight: 12,
  },
  { code: 'AmazonDynamoDB', name: 'Amazon DynamoDB', basis: 'physical', usdPerUnit: 0.25, weight: 4 },
  { code: 'AWSELB', name: 'Elastic Load Balancing', basis: 'economic', weight: 4 },
  { code: 'AmazonVPC', name: 'Amazon Virtual Private Cloud', basis: 'economic', weight: 3 },
  { code: 'AmazonECS', name: 'Amazon Elastic Container Service', basis: 'economic', weight: 4 },
  {
    code: 'AmazonEKS',
    name: 'Amazon Elastic Container Service for Kubernetes',
    basis: 'economic',
    weight: 2,
  },
  { code: 'AmazonECR', name: 'Amazon EC2 Container Registry (ECR)', basis: 'economic', weight: 0.6 },
  {
    code: 'AWSQueueService',
    name: 'Amazon Simple Queue Service',
    basis: 'economic',
    usdPerUnit: 0.0000004,
    weight: 0.6,
  },
  { code: 'AmazonSNS', name: 'Amazon Simple Notification Service', basis: 'economic', weight: 0.3 },
  { code: 'AmazonStates', name: 'AWS Step Functions', basis: 'economic', weight: 0.4 },
  {
    code: 'awskms',
    name: 'AWS Key Management Service',
    basis: 'economic',
    usdPerUnit: 0.000003,
    weight: 0.6,
  },
  { code: 'AWSSystemsManager', name: 'AWS Systems Manager', basis: 'economic', weight: 0.2 },
  { code: 'AWSCloudTrail', name: 'AWS CloudTrail', basis: 'economic', weight: 0.5 },
  { code: 'AmazonEFS', name: 'Amazon Elastic File System', basis: 'physical', usdPerUnit: 0.02, weight: 1.2 },
  { code: 'AmazonApiGateway', name: 'Amazon API Gateway', basis: 'economic', weight: 0.6 },
  { code: 'AWSSecurityHub', name: 'AWS Security Hub', basis: 'economic', weight: 0.3 },
  { code: 'AmazonRoute53', name: 'Amazon Route 53', basis: 'economic', weight: 0.3, place: 'edge' },
  { code: 'awswaf', name: 'AWS WAF', basis: 'economic', weight: 0.4, place: 'both' },
  { code: 'ROSA', name: 'Red Hat OpenShift Service on AWS', basis: 'economic', weight: 0.6 },
  { code: 'AmazonRedshift', name: 'Amazon Redshift', basis: 'physical', usdPerUnit: 1.1, weight: 3 },
  { code: 'AmazonKinesis', name: 'Amazon Kinesis', basis: 'economic', weight: 1 },
  { code: 'AmazonES', name: 'Amazon OpenSearch Service', basis: 'economic', weight: 2.5 },
  { code: 'AmazonElastiCache', name: 'Amazon ElastiCache', basis: 'economic', weight: 2 },
  { code: 'AWSSecretsManager', name: 'AWS Secrets Manager', basis: 'economic', weight: 0.3 },
  { code: 'AWSConfig', name: 'AWS Config', basis: 'economic', weight: 0.5 },
  { code: 'AmazonGuardDuty', name: 'Amazon GuardDuty', basis: 'economic', weight: 0.5 },
  { code: 'AmazonWorkSpaces', name: 'Amazon WorkSpaces', basis: 'economic', weight: 0 },
];

/** A share drawn between two bounds, 0 to 1. */
export type ShareRange = readonly [code: string, low: number, high: number];

/** What a rack does: the services on it, with the lowest and highest share of its resources. Made up. */
export const RACK_ROLES = {
  mixed: [
    ['AmazonEC2', 0.2, 0.32],
    ['AmazonS3', 0.12, 0.2],
    ['AmazonCloudFront', 0.02, 0.05],
    ['AWSLambda', 0.04, 0.08],
    ['AmazonCloudWatch', 0.03, 0.06],
    ['AmazonDynamoDB', 0.03, 0.06],
    ['AmazonVPC', 0.01, 0.03],
    ['AWSELB', 0.01, 0.03],
  ],
  compute: [
    ['AmazonEC2', 0.42, 0.74],
    ['AmazonVPC', 0.01, 0.03],
  ],
  storage: [
    ['AmazonS3', 0.4, 0.65],
    ['AmazonEFS', 0.02, 0.06],
    ['AmazonDynamoDB', 0.01, 0.04],
  ],
  database: [
    ['AmazonDynamoDB', 0.18, 0.35],
    ['AmazonRedshift', 0.12, 0.25],
    ['AmazonKinesis', 0.04, 0.1],
  ],
  serverless: [
    ['AWSLambda', 0.22, 0.4],
    ['AmazonCloudWatch', 0.12, 0.22],
    ['awskms', 0.02, 0.05],
    ['AmazonKinesis', 0.03, 0.06],
    ['AmazonWorkSpaces', 0.01, 0.02],
  ],
  edge: [
    ['AmazonCloudFront', 0.45, 0.72],
    ['AmazonRoute53', 0.03, 0.07],
    ['awswaf', 0.03, 0.06],
  ],
} as const satisfies Record<string, readonly ShareRange[]>;

/** Roles of {@link RACK_ROLES}. */
export type RackRole = keyof typeof RACK_ROLES;

/**
 * Which share of a provider's emissions a consumer causes, everywhere: [provider, consumer, share]. Made up.
 * EC2 and S3 use each other, and so do Lambda and CloudWatch: dependency cycles.
 */
export const DEPENDENCIES: readonly (readonly [provider: string, consumer: string, share: number])[] = [
  ['AmazonEC2', 'AmazonRDS', 0.09],
  ['AmazonEC2', 'AmazonECS', 0.06],
  ['AmazonEC2', 'AWSELB', 0.05],
  ['AmazonEC2', 'AmazonEKS', 0.03],
  ['AmazonEC2', 'AmazonES', 0.03],
  ['AmazonEC2', 'AmazonElastiCache', 0.03],
  ['AmazonEC2', 'AmazonS3', 0.02],
  ['AmazonEC2', 'AWSLambda', 0.02],
  ['AmazonEC2', 'AmazonCloudWatch', 0.02],
  ['AmazonEC2', 'AmazonVPC', 0.02],
  ['AmazonEC2', 'AmazonRedshift', 0.02],
  ['AmazonEC2', 'AWSQueueService', 0.015],
  ['AmazonEC2', 'AmazonEFS', 0.015],
  ['AmazonEC2', 'AmazonKinesis', 0.01],
  ['AmazonEC2', 'AmazonApiGateway', 0.01],
  ['AmazonEC2', 'AmazonSNS', 0.01],
  ['AmazonEC2', 'AmazonStates', 0.01],
  ['AmazonEC2', 'AWSSystemsManager', 0.01],
  ['AmazonEC2', 'AWSCloudTrail', 0.01],
  ['AmazonEC2', 'AWSConfig', 0.01],
  ['AmazonEC2', 'AmazonGuardDuty', 0.01],
  ['AmazonEC2', 'ROSA', 0.01],
  ['AmazonEC2', 'AmazonECR', 0.005],
  ['AmazonEC2', 'AWSSecurityHub', 0.005],
  ['AmazonEC2', 'AWSSecretsManager', 0.005],
  ['AmazonEC2', 'awskms', 0.005],
  ['AmazonEC2', 'awswaf', 0.005],
  ['AmazonS3', 'AmazonEC2', 0.05],
  ['AmazonS3', 'AmazonECR', 0.04],
  ['AmazonS3', 'AmazonRDS', 0.04],
  ['AmazonS3', 'AWSCloudTrail', 0.03],
  ['AmazonS3', 'AmazonRedshift', 0.03],
  ['AmazonS3', 'AmazonCloudWatch', 0.02],
  ['AmazonDynamoDB', 'AWSQueueService', 0.06],
  ['AmazonDynamoDB', 'AmazonStates', 0.03],
  ['AmazonDynamoDB', 'AWSSystemsManager', 0.03],
  ['AmazonDynamoDB', 'AmazonApiGateway', 0.02],
  ['AWSLambda', 'AmazonCloudWatch', 0.03],
  ['AWSLambda', 'AmazonStates', 0.02],
  ['AWSLambda', 'AWSSecurityHub', 0.01],
  ['AmazonCloudWatch', 'AWSLambda', 0.04],
  ['awskms', 'AmazonS3', 0.2],
  ['awskms', 'AWSSecretsManager', 0.1],
  ['awskms', 'AmazonRDS', 0.05],
  ['AmazonKinesis', 'AmazonCloudWatch', 0.05],
  ['AmazonKinesis', 'AWSCloudTrail', 0.03],
  ['AmazonCloudFront', 'awswaf', 0.03],
  ['AmazonCloudFront', 'AmazonApiGateway', 0.02],
  ['AmazonRoute53', 'AmazonCloudFront', 0.1],
];

/** Clusters with separate rows for one provider instead of the rows of all clusters, and their scale. Made up. */
export const OWN_DEPENDENCIES: readonly {
  readonly cluster: string;
  readonly provider: string;
  readonly scale: number;
}[] = [
  { cluster: 'us-east-1', provider: 'AmazonEC2', scale: 1.25 },
  { cluster: 'eu-central-1', provider: 'AmazonS3', scale: 0.7 },
  { cluster: 'cf-na', provider: 'AmazonCloudFront', scale: 1.5 },
];
