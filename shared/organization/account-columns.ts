/** A column of the accounts table. */
export interface AccountColumn {
  readonly name: string;
  readonly type: 'string' | 'timestamp';
  readonly comment: string;
  /** Null where the organization did not report it. */
  readonly optional?: true;
}

/** Columns of the monthly snapshot of the organization: the Parquet schema and the catalog's table are made from them. */
export const ACCOUNT_COLUMNS: readonly AccountColumn[] = [
  { name: 'account_id', type: 'string', comment: 'Account, 12 digits' },
  { name: 'account_name', type: 'string', comment: 'Name of the account' },
  {
    name: 'state',
    type: 'string',
    comment: 'PENDING_ACTIVATION, ACTIVE, SUSPENDED, PENDING_CLOSURE or CLOSED',
  },
  {
    name: 'ou_path',
    type: 'string',
    comment: 'Names of the organizational units from the root down, /-separated; blank where unknown',
  },
  { name: 'tags', type: 'string', comment: 'Tags of the account as JSON object' },
  {
    name: 'joined',
    type: 'timestamp',
    comment: 'When the account joined the organization (UTC)',
    optional: true,
  },
  { name: 'payer_account_id', type: 'string', comment: 'Management account of the organization' },
  { name: 'metadata_as_of', type: 'string', comment: 'Instant the organization was read, ISO 8601' },
  {
    name: 'has_left',
    type: 'string',
    comment: 'true once the organization no longer lists the account: the rest is what was last known of it',
  },
];
