import { Stack } from 'aws-cdk-lib';
import { CfnDatabase } from 'aws-cdk-lib/aws-glue';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { VARIABLES } from '../lambdas/variables';
import { databaseName } from './catalog-stack';
import { bucketArn, locationStatements } from './location-policies';
import { arnOf } from './service-role';
import type { Settings } from './settings';
import { type Location, uriOf } from './storage-stack';
import { createWorkgroup } from './workgroup';

/** What Athena needs to sum a month. */
export interface MonthAthenaProps {
  readonly settings: Settings;
  /** Where files are stored while a month is summed. */
  readonly scratch: Location;
  /** Where usage is stored. */
  readonly sources: readonly Location[];
}

/** The Athena workgroup and database that sum months too large for a function, and the function's rights there. */
export class MonthAthena extends Construct {
  /** Environment variables of the function. */
  readonly environment: Readonly<Record<string, string>>;
  readonly statements: readonly PolicyStatement[];

  constructor(scope: Construct, id: string, { settings, scratch, sources }: MonthAthenaProps) {
    super(scope, id);
    const database = `${databaseName(settings)}_scratch`;
    new CfnDatabase(this, 'Database', {
      catalogId: Stack.of(this).account,
      databaseInput: { name: database, description: 'Temporary tables of months that are being computed' },
    });
    const { name } = createWorkgroup(this, 'Workgroup', {
      name: `${settings.stackPrefix}Months`,
      description: 'Sums the usage of months; each query has a limit of scanned data',
      scanMb: settings.limits.athenaMonthMb,
      results: scratch,
    });
    this.environment = {
      [VARIABLES.athenaWorkgroup]: name,
      [VARIABLES.athenaDatabase]: database,
      [VARIABLES.athenaScratch]: `${uriOf(scratch)}/months`,
    };
    this.statements = [
      ...workgroupStatements(name),
      ...catalogStatements(database),
      ...bucketStatements(scratch, sources),
    ];
  }
}

function workgroupStatements(workgroup: string): PolicyStatement[] {
  return [
    new PolicyStatement({
      actions: ['athena:StartQueryExecution', 'athena:GetQueryExecution', 'athena:StopQueryExecution'],
      resources: [arnOf('athena', `workgroup/${workgroup}`)],
    }),
    new PolicyStatement({
      actions: ['athena:GetDataCatalog'],
      resources: [arnOf('athena', 'datacatalog/AwsDataCatalog')],
    }),
  ];
}

/** Athena reads and writes with the rights of the function, and asks for the Region of each bucket. */
function bucketStatements(scratch: Location, sources: readonly Location[]): PolicyStatement[] {
  return [
    ...locationStatements(scratch, { put: ['*'], delete: ['*'] }),
    new PolicyStatement({
      actions: ['s3:ListMultipartUploadParts'],
      resources: [`${bucketArn(scratch.bucketName)}/${scratch.prefix}/*`],
    }),
    new PolicyStatement({
      actions: ['s3:ListBucketMultipartUploads'],
      resources: [bucketArn(scratch.bucketName)],
    }),
    new PolicyStatement({
      actions: ['s3:GetBucketLocation'],
      resources: [scratch, ...sources].map(({ bucketName }) => bucketArn(bucketName)),
    }),
  ];
}

/** Athena asks for the database `default` before any other one. */
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
