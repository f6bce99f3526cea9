import { Aws, Stack } from 'aws-cdk-lib';
import { CfnDatabase } from 'aws-cdk-lib/aws-glue';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { VARIABLES } from '../lambdas/variables';
import { databaseName } from './catalog-stack';
import { locationStatements } from './location-policies';
import type { Settings } from './settings';
import { type Location, uriOf } from './storage-stack';
import { createWorkgroup } from './workgroup';

/** Where months are summed that are too large for a function, and what the function may do there. */
export class MonthAthena extends Construct {
  /** What the function is told. */
  readonly environment: Readonly<Record<string, string>>;
  readonly statements: readonly PolicyStatement[];

  /**
   * @param scratch what is there while a month is summed
   * @param sources where usage lies
   */
  constructor(
    scope: Construct,
    id: string,
    settings: Settings,
    scratch: Location,
    sources: readonly Location[],
  ) {
    super(scope, id);
    const database = `${databaseName(settings)}_scratch`;
    new CfnDatabase(this, 'Database', {
      catalogId: Stack.of(this).account,
      databaseInput: { name: database, description: 'Tables of months that are being computed' },
    });
    const { name } = createWorkgroup(this, 'Workgroup', {
      name: `${settings.stackPrefix}Months`,
      description: 'Sums over the usage of months, with a limit of what one may scan',
      scanMb: settings.limits.athenaMonthMb,
      results: scratch,
    });
    this.environment = {
      [VARIABLES.athenaWorkgroup]: name,
      [VARIABLES.athenaDatabase]: database,
      [VARIABLES.athenaScratch]: `${uriOf(scratch)}/months`,
    };
    this.statements = [
      new PolicyStatement({
        actions: ['athena:StartQueryExecution', 'athena:GetQueryExecution', 'athena:StopQueryExecution'],
        resources: [arnOf('athena', `workgroup/${name}`)],
      }),
      new PolicyStatement({
        actions: ['athena:GetDataCatalog'],
        resources: [arnOf('athena', 'datacatalog/AwsDataCatalog')],
      }),
      ...catalogStatements(database),
      ...locationStatements(scratch, 'write'),
      // Athena writes and reads with the function's rights, and asks where buckets lie.
      new PolicyStatement({
        actions: ['s3:ListMultipartUploadParts'],
        resources: [`${bucketArn(scratch)}/${scratch.prefix}/*`],
      }),
      new PolicyStatement({ actions: ['s3:ListBucketMultipartUploads'], resources: [bucketArn(scratch)] }),
      new PolicyStatement({
        actions: ['s3:GetBucketLocation'],
        resources: [scratch, ...sources].map(bucketArn),
      }),
    ];
  }
}

/** Athena looks for the database `default` before any other. */
function catalogStatements(database: string): PolicyStatement[] {
  const catalog = arnOf('glue', 'catalog');
  const databases = ['default', database].map((name) => arnOf('glue', `database/${name}`));
  return [
    new PolicyStatement({ actions: ['glue:GetDatabase'], resources: [catalog, ...databases] }),
    new PolicyStatement({
      actions: ['glue:CreateTable', 'glue:DeleteTable', 'glue:GetTable'],
      resources: [catalog, arnOf('glue', `database/${database}`), arnOf('glue', `table/${database}/*`)],
    }),
  ];
}

function arnOf(service: string, resource: string): string {
  return `arn:${Aws.PARTITION}:${service}:${Aws.REGION}:${Aws.ACCOUNT_ID}:${resource}`;
}

function bucketArn({ bucketName }: Location): string {
  return `arn:${Aws.PARTITION}:s3:::${bucketName}`;
}
