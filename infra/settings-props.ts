/* Made by `npm run generate` from infra/settings-schema.ts. */

/** The settings of a deployment: props of the construct, and the member carbonExports of cdk.json. */
export interface SettingsProps {
  /** Prefix of the stacks' names; a second export in the same account and Region needs a different one. @default CarbonExports */
  readonly stackPrefix?: string;
  /** Name of the export. @default carbon-emissions */
  readonly exportName?: string;
  /** File format; Parquet and CSV are two exports. @default parquet */
  readonly format?: 'parquet' | 'csv';
  /** `all`: every service; `ccft`: the four products of AWS's tool. @default all */
  readonly productDetail?: 'all' | 'ccft';
  /** Whether months with a warning that changes numbers fail instead of being published. @default false */
  readonly strict?: boolean;
  /** Whether runs keep the report page up to date. @default true */
  readonly report?: boolean;
  /** What sums a month's usage: the function (duckdb), Athena, or (auto) Athena where the function is too small. @default auto */
  readonly engine?: 'auto' | 'duckdb' | 'athena';
  /** Breakdowns, each published as a separate export: tag:KEY, cost-category:NAME, account-tag:KEY, user-attribute:NAME or resource. */
  readonly by?: readonly string[];
  /** Model version of all months. @default - the version that applies to each month */
  readonly modelVersion?: string;
  /** Number of closed months with usage, counted back from the newest. @default - 38; all months of AWS's totals */
  readonly months?: number;
  /** First month, YYYY-MM, instead of a number of months. @default - none */
  readonly from?: string;
  /** When runs start. */
  readonly schedule?: {
    /** When runs start, UTC. @default cron(0 6 15-22 * ? *) */
    readonly expression?: string;
    /** Whether the schedule starts runs. @default true */
    readonly enabled?: boolean;
  };
  /** Where the estate is stored. */
  readonly inputs?: {
    /** Existing bucket with the estate, in the Region of the stacks. @default - a new bucket */
    readonly bucket?: string;
    /** Prefix of the estate in the bucket. @default '' */
    readonly prefix?: string;
    /** KMS key of the bucket. @default - the bucket has no key */
    readonly keyArn?: string;
  };
  /** AWS's own totals are exported, split by the accounts' bills. @default - totals are computed from the estate */
  readonly awsTotals?: {
    /** AWS's carbon export. */
    readonly carbon: {
      /** Bucket of an export of AWS Data Exports. The functions only read it. */
      readonly bucket: string;
      /** The folder that contains data/ and metadata/ of the export. */
      readonly prefix: string;
      /** KMS key of the bucket. @default - the bucket has no key */
      readonly keyArn?: string;
    };
    /** The bills by which AWS's totals are split. @default - AWS's rows are not split */
    readonly bills?: {
      /** Bucket of an export of AWS Data Exports. The functions only read it. */
      readonly bucket: string;
      /** The folder that contains data/ and metadata/ of the export. */
      readonly prefix: string;
      /** KMS key of the bucket. @default - the bucket has no key */
      readonly keyArn?: string;
      /** `focus`: FOCUS 1.0 to 1.3; `cur`: CUR 2.0. */
      readonly table: 'focus' | 'cur';
    };
  };
  /** Prefix of everything in the exports bucket. @default '' */
  readonly exportsPrefix?: string;
  /** The operator's own accounts, in addition to the estate's. */
  readonly internalAccounts?: {
    /** Account ids. @default [] */
    readonly ids?: readonly string[];
    /** Paths of organizational units, such as Platform/Shared, with the units below them. @default [] */
    readonly ouPaths?: readonly string[];
    /** Tags of accounts; an account with any of them is internal. @default {} */
    readonly tags?: Readonly<Record<string, string>>;
  };
  /** How the organization is read. */
  readonly organizations?: {
    /** Role of the management account to assume. @default - the function uses its own role */
    readonly roleArn?: string;
    /** One role per organization, in its management account. The account of the first one is the main payer. */
    readonly roleArns?: readonly string[];
    /** External id that the roles ask for. @default - none */
    readonly externalId?: string;
    /** Whether tags of accounts are read: one throttled call per account. @default true */
    readonly readTags?: boolean;
  };
  /** Mail address that receives the results of runs and the alarms. @default - no mail is sent */
  readonly mail?: string;
  /** Encryption at rest: keys that AWS owns (s3), or a KMS key that the storage stack creates (kms). @default s3 */
  readonly encryption?: 's3' | 'kms';
  /** Processor of the functions. @default arm64 */
  readonly architecture?: 'arm64' | 'x86_64';
  /** Limits of the functions, of queries and of logs. */
  readonly limits?: {
    /** Memory of export-month, MB. @default 4096 */
    readonly memoryMb?: number;
    /** Disk of export-month, MB. @default 4096 */
    readonly storageMb?: number;
    /** Longest time for one month, minutes. @default 15 */
    readonly timeoutMinutes?: number;
    /** Number of months that are computed at the same time. @default 5 */
    readonly concurrency?: number;
    /** Limit of the data that one Athena query scans, MB. Athena accepts no limit below 10. @default 10000 */
    readonly athenaMb?: number;
    /** Limit of the data that one statement over a month's usage scans, MB. @default 1000000 */
    readonly athenaMonthMb?: number;
    /** Retention of logs, days. @default 90 */
    readonly logDays?: 30 | 90 | 180 | 365;
  };
  /** Whether CloudFormation refuses to delete the stacks until this is turned off. @default false */
  readonly terminationProtection?: boolean;
  /** Name or ARN of the managed policy that bounds the rights of every role. @default - none */
  readonly permissionsBoundary?: string;
  /** Address of the runbook that the alarms link to. @default - the alarms name the section, and the dashboard has the whole runbook */
  readonly runbook?: string;
}
