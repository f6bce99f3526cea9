import { z } from 'zod';
import { roleArnSchema } from '../lambdas/organization-roles';
import { isAccountId } from '../shared/base/account-id';
import { isMonth } from '../shared/base/month';
import { breakdownSchema } from '../shared/exports/breakdown';
import { PRODUCT_DETAILS } from '../shared/exports/export-settings';
import { EXPORT_FORMATS, EXPORT_NAME_PATTERN } from '../shared/exports/layout';
import { findModelVersion, MODEL_VERSIONS } from '../shared/method/model-version';
import { ENGINE_SETTINGS } from '../shared/runs/engine-choice';
import { BILL_TABLES } from '../shared/usage/bills/bill-tables';

/*
 * The descriptions are part of the published schema, of the construct's props and of docs/reference/settings.md. Where a
 * setting has no default value, its description says what happens without it.
 */

const accountId = z.string().refine(isAccountId, 'expected an account id of 12 digits, in quotes');
const month = z.string().refine(isMonth, 'expected a month YYYY-MM');
const keyArn = z.string().regex(/^arn:[a-z-]+:kms:/, 'expected the ARN of a KMS key');
const prefix = z
  .string()
  .regex(/^([\w.=-]+(\/[\w.=-]+)*)?$/, 'expected a prefix that neither starts nor ends with a slash');
const bucket = z
  .string()
  .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'expected the name of an S3 bucket: lower case, no slash');
const bucketKey = keyArn.exactOptional().describe('KMS key of the bucket. Default: the bucket has no key.');

const inputsSchema = z
  .strictObject({
    bucket: bucket
      .exactOptional()
      .describe('Existing bucket with the estate, in the Region of the stacks. Default: a new bucket.'),
    prefix: prefix.default('').describe('Prefix of the estate in the bucket.'),
    keyArn: bucketKey,
  })
  .prefault({});

const deliverySchema = z.strictObject({
  bucket: bucket.describe('Bucket of an export of AWS Data Exports. The functions only read it.'),
  prefix: prefix.describe('The folder that contains data/ and metadata/ of the export.'),
  keyArn: bucketKey,
});

const awsTotalsSchema = z.strictObject({
  carbon: deliverySchema.describe("AWS's carbon export."),
  bills: deliverySchema
    .extend({ table: z.enum(BILL_TABLES).describe('`focus`: FOCUS 1.0 to 1.3; `cur`: CUR 2.0.') })
    .exactOptional()
    .describe("The bills by which AWS's totals are split. Default: AWS's rows are not split."),
});

const ouPath = z.string().regex(/^[^/].*[^/]$|^[^/]$/, 'expected a path such as Platform/Shared');

const internalAccountsSchema = z
  .strictObject({
    ids: z.array(accountId).default([]).describe('Account ids.'),
    ouPaths: z
      .array(ouPath)
      .default([])
      .describe('Paths of organizational units, such as Platform/Shared, with the units below them.'),
    tags: z
      .record(z.string(), z.string())
      .default({})
      .describe('Tags of accounts; an account with any of them is internal.'),
  })
  .prefault({});

const externalId = z
  .string()
  .regex(/^[\w+=,.@:/-]{2,1224}$/, 'expected an external id: 2 to 1224 letters, digits or +=,.@:/-');

const organizationsSchema = z
  .strictObject({
    roleArn: roleArnSchema
      .exactOptional()
      .describe('Role of the management account to assume. Default: the function uses its own role.'),
    roleArns: z
      .array(roleArnSchema)
      .min(1)
      .exactOptional()
      .describe(
        'One role per organization, in its management account. The account of the first one is the main payer.',
      ),
    externalId: externalId.exactOptional().describe('External id that the roles ask for. Default: none.'),
    readTags: z
      .boolean()
      .default(true)
      .describe('Whether tags of accounts are read: one throttled call per account.'),
  })
  .prefault({});

const scheduleSchema = z
  .strictObject({
    expression: z
      .string()
      .regex(/^(cron|rate)\(.+\)$/, 'expected cron(…) or rate(…)')
      .default('cron(0 6 15-22 * ? *)')
      .describe('When runs start, UTC.'),
    enabled: z.boolean().default(true).describe('Whether the schedule starts runs.'),
  })
  .prefault({});

const limitsSchema = z
  .strictObject({
    memoryMb: z.int().min(1_024).max(10_240).default(4_096).describe('Memory of export-month, MB.'),
    storageMb: z.int().min(512).max(10_240).default(4_096).describe('Disk of export-month, MB.'),
    timeoutMinutes: z.int().min(1).max(15).default(15).describe('Longest time for one month, minutes.'),
    concurrency: z
      .int()
      .min(1)
      .max(40)
      .default(5)
      .describe('Number of months that are computed at the same time.'),
    athenaMb: z
      .int()
      .min(10)
      .default(10_000)
      .describe('Limit of the data that one Athena query scans, MB. Athena accepts no limit below 10.'),
    athenaMonthMb: z
      .int()
      .min(10)
      .default(1_000_000)
      .describe("Limit of the data that one statement over a month's usage scans, MB."),
    logDays: z
      .union([z.literal(30), z.literal(90), z.literal(180), z.literal(365)])
      .default(90)
      .describe('Retention of logs, days.'),
  })
  .prefault({});

/** Every setting with its limits and default value. */
export const settingsSchema = z.strictObject({
  stackPrefix: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9]{0,39}$/, 'expected up to 40 letters and digits')
    .default('CarbonExports')
    .describe(
      "Prefix of the stacks' names; a second export in the same account and Region needs a different one.",
    ),
  exportName: z
    .string()
    .regex(EXPORT_NAME_PATTERN, 'expected 1 to 128 letters, digits, hyphens or underscores')
    .default('carbon-emissions')
    .describe('Name of the export.'),
  format: z.enum(EXPORT_FORMATS).default('parquet').describe('File format; Parquet and CSV are two exports.'),
  productDetail: z
    .enum(PRODUCT_DETAILS)
    .default('all')
    .describe("`all`: every service; `ccft`: the four products of AWS's tool."),
  strict: z
    .boolean()
    .default(false)
    .describe('Whether months with a warning that changes numbers fail instead of being published.'),
  report: z.boolean().default(true).describe('Whether runs keep the report page up to date.'),
  engine: z
    .enum(ENGINE_SETTINGS)
    .default('auto')
    .describe(
      "What sums a month's usage: the function (duckdb), Athena, or (auto) Athena where the function is too small.",
    ),
  by: z
    .array(breakdownSchema)
    .default([])
    .describe(
      'Breakdowns, each published as a separate export: tag:KEY, cost-category:NAME, account-tag:KEY, user-attribute:NAME or resource.',
    ),
  modelVersion: z
    .string()
    .refine((id) => findModelVersion(id) !== undefined, {
      error: `expected one of ${MODEL_VERSIONS.map(({ id }) => id).join(', ')}`,
    })
    .exactOptional()
    .describe('Model version of all months. Default: the version that applies to each month.'),
  months: z
    .int()
    .min(1)
    .max(1_200)
    .exactOptional()
    .describe(
      "Number of closed months with usage, counted back from the newest. Default: 38; all months of AWS's totals.",
    ),
  from: month.exactOptional().describe('First month, YYYY-MM, instead of a number of months. Default: none.'),
  schedule: scheduleSchema.describe('When runs start.'),
  inputs: inputsSchema.describe('Where the estate is stored.'),
  awsTotals: awsTotalsSchema
    .exactOptional()
    .describe(
      "AWS's own totals are exported, split by the accounts' bills. Default: totals are computed from the estate.",
    ),
  exportsPrefix: prefix.default('').describe('Prefix of everything in the exports bucket.'),
  internalAccounts: internalAccountsSchema.describe(
    "The operator's own accounts, in addition to the estate's.",
  ),
  organizations: organizationsSchema.describe('How the organization is read.'),
  mail: z
    .email('expected a mail address')
    .exactOptional()
    .describe('Mail address that receives the results of runs and the alarms. Default: no mail is sent.'),
  encryption: z
    .enum(['s3', 'kms'])
    .default('s3')
    .describe(
      'Encryption at rest: keys that AWS owns (s3), or a KMS key that the storage stack creates (kms).',
    ),
  architecture: z.enum(['arm64', 'x86_64']).default('arm64').describe('Processor of the functions.'),
  limits: limitsSchema.describe('Limits of the functions, of queries and of logs.'),
  terminationProtection: z
    .boolean()
    .default(false)
    .describe('Whether CloudFormation refuses to delete the stacks until this is turned off.'),
  permissionsBoundary: z
    .string()
    .regex(/^(arn:[a-z-]+:iam::\d{12}:policy\/)?[\w+=,.@/-]{1,128}$/, 'expected the name or ARN of a policy')
    .exactOptional()
    .describe('Name or ARN of the managed policy that bounds the rights of every role. Default: none.'),
  runbook: z
    .url('expected a URL')
    .exactOptional()
    .describe(
      'Address of the runbook that the alarms link to. Default: the alarms name the section, and the dashboard has the whole runbook.',
    ),
});

/** The settings of a deployment, checked, with default values filled in. */
export type Settings = Readonly<z.infer<typeof settingsSchema>>;
