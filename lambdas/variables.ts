/** Environment variables of the functions, shared by what sets them (infra/) and what reads them. */
export const VARIABLES = {
  /** `s3://bucket/prefix` of the estate. */
  inputs: 'INPUTS_LOCATION',
  /** `s3://bucket/prefix` of the exports. */
  exports: 'EXPORTS_LOCATION',
  /** {@link FunctionSettings} as JSON. */
  settings: 'EXPORT_SETTINGS',
  /** Roles to assume, as JSON, each for an organization; unset: the function's own role and organization. */
  organizationsRoles: 'ORGANIZATIONS_ROLE_ARNS',
  /** External id for these roles; not set where they ask for none. */
  organizationsExternalId: 'ORGANIZATIONS_EXTERNAL_ID',
  topic: 'TOPIC_ARN',
  /** Where a month is summed that is too large for its function: workgroup, Glue database, `s3://bucket/prefix`. */
  athenaWorkgroup: 'ATHENA_WORKGROUP',
  athenaDatabase: 'ATHENA_DATABASE',
  athenaScratch: 'ATHENA_SCRATCH_LOCATION',
} as const;
