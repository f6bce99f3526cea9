import { synthesized } from '../support/synthesized';

/** A table or view as a template declares it: a TableInput of CloudFormation, references resolved. */
export interface StackTable {
  readonly Name: string;
  readonly Parameters: Readonly<Record<string, string>>;
}

/** A named query as a template declares it. */
export interface StackQuery {
  readonly Name: string;
  readonly QueryString: string;
}

/** The catalog of a deployment. */
export interface StackCatalog {
  readonly database: string;
  /** In the order in which they are created. */
  readonly tables: readonly StackTable[];
  readonly queries: readonly StackQuery[];
}

/**
 * Returns the catalog that a deployment with these settings creates, read from its synthesized templates.
 *
 * @param bucket name that replaces the name of every bucket
 */
export function stackCatalog(settings: Readonly<Record<string, unknown>>, bucket: string): StackCatalog {
  const deployment = synthesized(settings, () => bucket);
  const tables = deployment
    .resources('AWS::Glue::Table')
    .map(({ properties }) => properties as { DatabaseName: string; TableInput: StackTable });
  const [first] = tables;
  if (first === undefined) throw new Error('the stacks declare no table');
  const queries = deployment.resources('AWS::Athena::NamedQuery').map(({ properties }) => properties);
  return {
    database: first.DatabaseName,
    tables: tables.map(({ TableInput: table }) => table),
    queries: queries as unknown as StackQuery[],
  };
}
