/** Names of the functions' environment variables, which infra/ sets and lambdas/ reads. */
export const VARIABLES = {
  /** `s3://bucket/prefix` of the estate. */
  inputs: 'INPUTS_LOCATION',
  /** `s3://bucket/prefix` of the exports. */
  exports: 'EXPORTS_LOCATION',
  /** {@link FunctionSettings} as JSON. */
  settings: 'EXPORT_SETTINGS',
  /** Roles to assume, as JSON, one per organization; unset: the function's role reads its own organization. */
  organizationsRoles: 'ORGANIZATIONS_ROLE_ARNS',
  /** External id for these roles; not set where they ask for none. */
  organizationsExternalId: 'ORGANIZATIONS_EXTERNAL_ID',
  topic: 'TOPIC_ARN',
  /** Glue database of the export's tables, in which finish-run registers partitions. */
  catalogDatabase: 'CATALOG_DATABASE',
  /** Where Athena sums months that are too large for the function: workgroup, Glue database, `s3://bucket/prefix`. */
  athenaWorkgroup: 'ATHENA_WORKGROUP',
  athenaDatabase: 'ATHENA_DATABASE',
  athenaScratch: 'ATHENA_SCRATCH_LOCATION',
} as const;
