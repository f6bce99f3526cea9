import { type CfnResource, Stack, type StackProps } from 'aws-cdk-lib';
import { CfnNamedQuery, type CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import { CfnDatabase, CfnTable } from 'aws-cdk-lib/aws-glue';
import type { Construct } from 'constructs';
import { type CatalogOptions, type GlueTable, glueTables, glueViews } from '../shared/catalog/glue';
import { namedQueries, type NamedQuery } from '../shared/catalog/named-queries';
import { setFeatureFlags } from './feature-flags';
import { hasScope3 } from './function-settings';
import { createOutputs } from './outputs';
import type { Settings } from './settings';
import { type Location, type StackContext, uriOf } from './storage-stack';
import { createWorkgroup } from './workgroup';

/** What people query: the Glue database with its tables and views, and an Athena workgroup with named queries. */
export class CatalogStack extends Stack {
  private readonly database: string;

  constructor(scope: Construct, id: string, { settings, storage }: StackContext, props?: StackProps) {
    super(scope, id, props);
    setFeatureFlags(this);
    this.database = databaseName(settings);
    const database = new CfnDatabase(this, 'Database', {
      catalogId: this.account,
      databaseInput: { name: this.database, description: `Carbon export ${settings.exportName}` },
    });
    const options = catalogOptions(settings, storage.exports);
    const last = this.createTables(database, [...glueTables(options), ...glueViews(options, this.database)]);
    const workgroup = createWorkgroup(this, 'Workgroup', {
      name: settings.stackPrefix,
      description: 'Queries over the carbon export; each query has a limit of scanned data',
      scanMb: settings.limits.athenaMb,
      results: storage.results,
    });
    const hasBreakdowns = settings.by.length > 0;
    const queries = namedQueries().filter(
      ({ readsBreakdowns, readsScope3 }) =>
        (hasBreakdowns || !readsBreakdowns) && (hasScope3(settings) || !readsScope3),
    );
    this.createNamedQueries(queries, workgroup, last);
    createOutputs(this, {
      DatabaseName: { value: this.database, description: 'Glue database of the tables and views' },
      WorkgroupName: { value: settings.stackPrefix, description: 'Athena workgroup with the named queries' },
    });
  }

  private createNamedQueries(
    queries: readonly NamedQuery[],
    workgroup: CfnWorkGroup,
    lastTable: CfnResource,
  ): void {
    for (const { name, description, sql } of queries) {
      const query = new CfnNamedQuery(this, `Query${pascalCase(name)}`, {
        database: this.database,
        workGroup: workgroup.name,
        name,
        description,
        queryString: sql,
      });
      query.addResourceDependency(workgroup);
      query.addResourceDependency(lastTable);
    }
  }

  /** Creates the tables one after the other, because a view needs the tables that it reads. Returns the last one. */
  private createTables(database: CfnDatabase, tables: readonly GlueTable[]): CfnResource {
    let last: CfnResource = database;
    for (const input of tables) {
      const { name, partitionKeys, storageDescriptor } = input;
      const table = new CfnTable(this, pascalCase(`table_${name}`), {
        catalogId: this.account,
        databaseName: this.database,
        tableInput: {
          ...input,
          partitionKeys: [...partitionKeys],
          storageDescriptor: { ...storageDescriptor, columns: [...storageDescriptor.columns] },
        },
      });
      table.addResourceDependency(last);
      last = table;
    }
    return last;
  }
}

/** Returns the name of the Glue database of an export. */
export function databaseName({ exportName }: Settings): string {
  return exportName.toLowerCase().replaceAll('-', '_');
}

/** Returns the options of the tables and views of an export. */
export function catalogOptions(settings: Settings, exports: Location): CatalogOptions {
  const { exportName, format, by } = settings;
  const root = `${uriOf(exports)}/`;
  return { root, exportName, format, breakdowns: by, hasScope3: hasScope3(settings) };
}

function pascalCase(name: string): string {
  return name
    .split(/[^A-Za-z0-9]+/)
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('');
}
