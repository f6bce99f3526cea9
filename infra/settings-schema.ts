import { z } from 'zod';
import { roleArnSchema } from '../lambdas/organization-roles';
import { isAccountId } from '../shared/base/account-id';
import { isMonth } from '../shared/base/month';
import { breakdownSchema } from '../shared/exports/breakdown';
import { EXPORT_FORMATS, EXPORT_NAME_PATTERN } from '../shared/exports/layout';
import { PRODUCT_DETAILS } from '../shared/exports/export-settings';
import { findModelVersion, MODEL_VERSIONS } from '../shared/method/model-version';
import { ENGINE_SETTINGS } from '../shared/runs/engine-choice';
import { BILL_TABLES } from '../shared/usage/bills/bill-tables';

const accountId = z.string().refine(isAccountId, 'expected an account id of 12 digits, in quotes');
const month = z.string().refine(isMonth, 'expected a month YYYY-MM');
const keyArn = z.string().regex(/^arn:[a-z-]+:kms:/, 'expected the ARN of a KMS key');
const prefix = z
  .string()
  .regex(/^([\w.=-]+(\/[\w.=-]+)*)?$/, 'expected a prefix that neither starts nor ends with a slash');
const bucket = z
  .string()
  .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'expected the name of an S3 bucket: lower case, no slash');

const inputsSchema = z
  .strictObject({
    /** Existing bucket with the estate, in the Region of the stacks. @default - a new bucket */
    bucket: bucket.exactOptional(),
    prefix: prefix.default(''),
    /** KMS key of the existing bucket. @default - the bucket has no key */
    keyArn: keyArn.exactOptional(),
  })
  .prefault({});

/** An export of AWS Data Exports in S3. The functions only read it. */
const deliverySchema = z.strictObject({
  bucket,
  /** The folder that contains data/ and metadata/ of the export. */
  prefix,
  /** KMS key of the bucket. @default - the bucket has no key */
  keyArn: keyArn.exactOptional(),
});

const awsTotalsSchema = z.strictObject({
  /** AWS's carbon export. */
  carbon: deliverySchema,
  /** The bills by which AWS's totals are split. @default - AWS's rows are not split */
  bills: deliverySchema.extend({ table: z.enum(BILL_TABLES) }).exactOptional(),
});

const internalAccountsSchema = z
  .strictObject({
    ids: z.array(accountId).default([]),
    ouPaths: z
      .array(z.string().regex(/^[^/].*[^/]$|^[^/]$/, 'expected a path such as Platform/Shared'))
      .default([]),
    tags: z.record(z.string(), z.string()).default({}),
  })
  .prefault({});

const organizationsSchema = z
  .strictObject({
    /** Role of the management account to assume. @default - the function uses its own role */
    roleArn: roleArnSchema.exactOptional(),
    /** One role per organization, in its management account. The account of the first one is the main payer. */
    roleArns: z.array(roleArnSchema).min(1).exactOptional(),
    /** External id that the roles ask for. @default - none */
    externalId: z
      .string()
      .regex(/^[\w+=,.@:/-]{2,1224}$/, 'expected an external id: 2 to 1224 letters, digits or +=,.@:/-')
      .exactOptional(),
    /** Whether tags of accounts are read: one throttled call per account. */
    readTags: z.boolean().default(true),
  })
  .prefault({});

const scheduleSchema = z
  .strictObject({
    expression: z
      .string()
      .regex(/^(cron|rate)\(.+\)$/, 'expected cron(…) or rate(…)')
      .default('cron(0 6 15-22 * ? *)'),
    enabled: z.boolean().default(true),
  })
  .prefault({});

const limitsSchema = z
  .strictObject({
    /** Memory of export-month, MB. */
    memoryMb: z.int().min(1_024).max(10_240).default(4_096),
    /** Disk of export-month, MB. */
    storageMb: z.int().min(512).max(10_240).default(4_096),
    /** Longest time for one month, minutes. */
    timeoutMinutes: z.int().min(1).max(15).default(15),
    /** Number of months computed at the same time. */
    concurrency: z.int().min(1).max(40).default(5),
    /** Limit of the data that one Athena query scans, MB. Athena accepts no limit below 10. */
    athenaMb: z.int().min(10).default(10_000),
    /** Limit of the data that one statement over a month's usage scans, MB. */
    athenaMonthMb: z.int().min(10).default(1_000_000),
    /** Retention of logs, days. */
    logDays: z.union([z.literal(30), z.literal(90), z.literal(180), z.literal(365)]).default(90),
  })
  .prefault({});

/** Every setting with its limits and default value. */
export const settingsSchema = z.strictObject({
  /** Prefix of the stacks' names; a second export in the same account and Region needs a different one. */
  stackPrefix: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9]{0,39}$/, 'expected up to 40 letters and digits')
    .default('CarbonExports'),
  exportName: z
    .string()
    .regex(EXPORT_NAME_PATTERN, 'expected 1 to 128 letters, digits, hyphens or underscores')
    .default('carbon-emissions'),
  format: z.enum(EXPORT_FORMATS).default('parquet'),
  productDetail: z.enum(PRODUCT_DETAILS).default('all'),
  /** Whether months with a warning that changes numbers fail instead of being published. */
  strict: z.boolean().default(false),
  /** Whether runs keep the report page up to date. */
  report: z.boolean().default(true),
  /** What sums a month's usage: the function, Athena, or (auto) Athena where the function is too small. */
  engine: z.enum(ENGINE_SETTINGS).default('auto'),
  /** Breakdowns; each one is published as a separate export. */
  by: z.array(breakdownSchema).default([]),
  /** Model version of all months. @default - the version that applies to each month */
  modelVersion: z
    .string()
    .refine((id) => findModelVersion(id) !== undefined, {
      error: `expected one of ${MODEL_VERSIONS.map(({ id }) => id).join(', ')}`,
    })
    .exactOptional(),
  /** Number of closed months with usage, counted back from the newest. @default - 38 */
  months: z.int().min(1).max(1_200).exactOptional(),
  /** First month, instead of a number of months. */
  from: month.exactOptional(),
  schedule: scheduleSchema,
  inputs: inputsSchema,
  /** AWS's own totals are exported, split by the accounts' bills. @default - totals are computed from the estate */
  awsTotals: awsTotalsSchema.exactOptional(),
  /** Prefix of everything in the exports bucket. */
  exportsPrefix: prefix.default(''),
  internalAccounts: internalAccountsSchema,
  organizations: organizationsSchema,
  /** Mail address that receives the results of runs and the alarms. @default - no mail is sent */
  mail: z.email('expected a mail address').exactOptional(),
  /** Encryption at rest: keys that AWS owns (s3), or a KMS key that the storage stack creates. */
  encryption: z.enum(['s3', 'kms']).default('s3'),
  architecture: z.enum(['arm64', 'x86_64']).default('arm64'),
  limits: limitsSchema,
  /** Address of the runbook that the alarms link to. */
  runbook: z
    .url('expected a URL')
    .default('https://github.com/carbon-exports/carbon-exports/blob/main/docs/runbook.md'),
});

/** The settings of a deployment, checked, with default values filled in. */
export type Settings = Readonly<z.infer<typeof settingsSchema>>;
