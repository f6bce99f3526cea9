import type { Node } from 'constructs';
import { z } from 'zod';
import { roleArnSchema } from '../lambdas/organization-roles';
import { CarbonError } from '../shared/base/carbon-error';
import { isMonth } from '../shared/base/month';
import { CARBON_VERSION } from '../shared/compute/aws-totals/carbon-columns';
import { breakdownSchema } from '../shared/exports/breakdown-settings';
import { EXPORT_FORMATS, EXPORT_NAME_PATTERN } from '../shared/exports/layout';
import { PRODUCT_DETAILS } from '../shared/exports/product-detail';
import { findModelVersion, MODEL_VERSIONS } from '../shared/method/model-version';
import { ENGINE_SETTINGS } from '../shared/runs/engine-choice';
import { BILL_TABLES } from '../shared/usage/bills/bill-tables';
import { breakdownProblems } from './breakdown-problems';

/** Member of the context (cdk.json) that holds the settings. */
export const SETTINGS_CONTEXT = 'carbonExports';

const accountId = z.string().regex(/^\d{12}$/, 'expected an account id of 12 digits, in quotes');
const month = z.string().refine(isMonth, 'expected a month YYYY-MM');
const arn = (service: string): z.ZodString =>
  z.string().regex(new RegExp(`^arn:[a-z-]+:${service}:`), `expected an ARN of ${service}`);
const prefix = z
  .string()
  .regex(/^([\w.=-]+(\/[\w.=-]+)*)?$/, 'expected a prefix without a slash at its ends, or nothing');

const bucket = z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'expected the name of a bucket');

const inputsSchema = z
  .strictObject({
    /** Existing bucket of the estate; it has to lie in the stack's Region. @default - a new bucket */
    bucket: bucket.exactOptional(),
    prefix: prefix.default(''),
    /** KMS key of the existing bucket. @default - none */
    keyArn: arn('kms').exactOptional(),
  })
  .prefault({});

/** An export of AWS Data Exports in S3, which is only read. */
const deliverySchema = z.strictObject({
  bucket,
  /** The folder that holds the export's data/ and metadata/. */
  prefix,
  /** KMS key of the bucket. @default - none */
  keyArn: arn('kms').exactOptional(),
});

const awsTotalsSchema = z.strictObject({
  /** AWS's own carbon export. */
  carbon: deliverySchema,
  /** The bills by which it is split. @default - none: AWS's rows stay whole */
  bills: deliverySchema.extend({ table: z.enum(BILL_TABLES) }).exactOptional(),
  /** Versions that Athena looks for; a run fails loudly when AWS delivers another. */
  modelVersions: z
    .array(z.string().regex(CARBON_VERSION, 'expected a version such as v3.0.0'))
    .min(1)
    .default(['v1.0.0', 'v2.0.0', 'v3.0.0']),
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

const limitsSchema = z
  .strictObject({
    /** Memory of export-month, MB. */
    memoryMb: z.int().min(1_024).max(10_240).default(4_096),
    /** Disk of export-month, MB. */
    storageMb: z.int().min(512).max(10_240).default(4_096),
    /** Longest time one month may take, minutes. */
    timeoutMinutes: z.int().min(1).max(15).default(15),
    /** Months computed at the same time. */
    concurrency: z.int().min(1).max(40).default(5),
    /** What one Athena query may scan at most, MB. Athena takes no less than 10. */
    athenaMb: z.int().min(10).default(10_000),
    /** What one statement over a month's usage may scan at most, MB. */
    athenaMonthMb: z.int().min(10).default(1_000_000),
    /** How long logs are kept, days. */
    logDays: z.union([z.literal(30), z.literal(90), z.literal(180), z.literal(365)]).default(90),
  })
  .prefault({});

const settingsSchema = z.strictObject({
  /** Prefix of the stacks' names; another export in the same account and Region needs another. */
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
  /** What sums a month's usage: the function, Athena, or the function wherever the month fits it. */
  engine: z.enum(ENGINE_SETTINGS).default('auto'),
  /** What rows are broken down by, each into a separate export. */
  by: z.array(breakdownSchema).default([]),
  /** Model version of all months. @default - the version that applies to each month */
  modelVersion: z
    .string()
    .refine((id) => findModelVersion(id) !== undefined, {
      error: `expected one of ${MODEL_VERSIONS.map(({ id }) => id).join(', ')}`,
    })
    .exactOptional(),
  /** The last so many closed months with usage. @default - 38 */
  months: z.int().min(1).max(1_200).exactOptional(),
  /** First month, instead of a number of months. */
  from: month.exactOptional(),
  schedule: z
    .strictObject({
      expression: z
        .string()
        .regex(/^(cron|rate)\(.+\)$/, 'expected cron(…) or rate(…)')
        .default('cron(0 6 15-22 * ? *)'),
      enabled: z.boolean().default(true),
    })
    .prefault({}),
  inputs: inputsSchema,
  /** AWS's own totals are exported, split by the accounts' bills. @default - totals are computed from the estate */
  awsTotals: awsTotalsSchema.exactOptional(),
  /** Prefix of everything in the exports bucket. */
  exportsPrefix: prefix.default(''),
  internalAccounts: internalAccountsSchema,
  organizations: z
    .strictObject({
      /** Role of the management account to assume. @default - the function's own role */
      roleArn: roleArnSchema.exactOptional(),
      /** Roles of several management accounts, each for its organization; the first one's account is the main payer. */
      roleArns: z.array(roleArnSchema).min(1).exactOptional(),
      /** Whether accounts' tags are read: one throttled call per account. */
      readTags: z.boolean().default(true),
    })
    .prefault({}),
  /** Address that is told about runs and alarms. @default - nobody */
  mail: z.email('expected a mail address').exactOptional(),
  /** Encryption at rest: keys of S3 and SNS, or a KMS key of the stack's own. */
  encryption: z.enum(['s3', 'kms']).default('s3'),
  architecture: z.enum(['arm64', 'x86_64']).default('arm64'),
  limits: limitsSchema,
  /** Where alarms' runbook lies. */
  runbook: z
    .url('expected a URL')
    .default('https://github.com/carbon-exports/carbon-exports/blob/main/docs/runbook.md'),
});

/** What is deployed: the context of cdk.json, checked, with defaults filled in. */
export type Settings = Readonly<z.infer<typeof settingsSchema>>;

/** The settings are not what they can be. Names every one that is wrong. */
export class SettingsError extends CarbonError {
  constructor(message: string, options?: ErrorOptions) {
    super('usage', message, options);
  }
}

/**
 * Checks settings as they stand in cdk.json.
 *
 * @throws SettingsError with every setting that is unknown or has a value it cannot have
 */
export function parseSettings(raw: unknown): Settings {
  const parsed = settingsSchema.safeParse(raw ?? {});
  const problems = parsed.success
    ? problemsBetween(parsed.data)
    : parsed.error.issues.map(({ path, message }) => `${[SETTINGS_CONTEXT, ...path].join('.')}: ${message}`);
  if (parsed.success && problems.length === 0) return parsed.data;
  throw new SettingsError(`cdk.json:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
}

function problemsBetween(settings: Settings): string[] {
  const { months, from, inputs, internalAccounts, organizations } = settings;
  const tags = Object.keys(internalAccounts.tags);
  return [
    ...(months !== undefined && from !== undefined
      ? [`${SETTINGS_CONTEXT}.from: expected either from or months`]
      : []),
    ...(inputs.keyArn !== undefined && inputs.bucket === undefined
      ? [`${SETTINGS_CONTEXT}.inputs.keyArn: expected a bucket that the key belongs to`]
      : []),
    ...(tags.length > 0 && !organizations.readTags
      ? [`${SETTINGS_CONTEXT}.internalAccounts.tags: expected organizations.readTags to be true`]
      : []),
    ...problemsOfRoles(organizations),
    ...breakdownProblems(settings).map((problem) => `${SETTINGS_CONTEXT}.by: ${problem}`),
    ...(settings.awsTotals === undefined ? [] : problemsOfAwsTotals(settings)),
  ];
}

function problemsOfRoles({ roleArn, roleArns = [] }: Settings['organizations']): string[] {
  const name = `${SETTINGS_CONTEXT}.organizations.roleArns`;
  return [
    ...(roleArn !== undefined && roleArns.length > 0 ? [`${name}: expected either roleArn or roleArns`] : []),
    ...(new Set(roleArns).size < roleArns.length ? [`${name}: expected each role once`] : []),
  ];
}

/** What is decided where totals are computed has no say over AWS's. */
function problemsOfAwsTotals({ modelVersion, productDetail, internalAccounts }: Settings): string[] {
  const { ids, ouPaths, tags } = internalAccounts;
  const given = [
    ...(modelVersion === undefined ? [] : ['modelVersion']),
    ...(productDetail === 'all' ? [] : ['productDetail']),
    ...(ids.length + ouPaths.length + Object.keys(tags).length === 0 ? [] : ['internalAccounts']),
  ];
  return given.map((name) => `${SETTINGS_CONTEXT}.${name}: expected nothing beside awsTotals`);
}

/** Reads the settings from the context; `-c carbonExports.architecture=x86_64` overrides one at the top. */
export function settingsOf(node: Node): Settings {
  const base: unknown = node.tryGetContext(SETTINGS_CONTEXT) ?? {};
  if (typeof base !== 'object' || base === null) {
    throw new SettingsError(`cdk.json: ${SETTINGS_CONTEXT}: expected an object`);
  }
  const overrides = Object.keys(settingsSchema.shape).flatMap((name) => {
    const value: unknown = node.tryGetContext(`${SETTINGS_CONTEXT}.${name}`);
    return value === undefined ? [] : [[name, value] as const];
  });
  return parseSettings({ ...base, ...Object.fromEntries(overrides) });
}
