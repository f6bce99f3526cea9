import { type CfnResource, Stack, type StackProps } from 'aws-cdk-lib';
import { CfnNamedQuery } from 'aws-cdk-lib/aws-athena';
import { CfnDatabase, CfnTable } from 'aws-cdk-lib/aws-glue';
import type { Construct } from 'constructs';
import { defined } from '../shared/base/defined';
import { type CatalogOptions, type GlueTable, glueTables, glueViews, namedQueries } from '../shared/catalog';
import type { Settings } from './settings';
import { type Location, type StorageStack, uriOf } from './storage-stack';
import { createWorkgroup } from './workgroup';

/** What people query: the Glue database with its tables and views, and an Athena workgroup with named queries. */
export class CatalogStack extends Stack {
  /** Name of the Glue database. */
  readonly database: string;
  /** Name of the Athena workgroup. */
  readonly workgroup: string;

  constructor(scope: Construct, id: string, settings: Settings, storage: StorageStack, props?: StackProps) {
    super(scope, id, props);
    this.database = databaseName(settings);
    const database = new CfnDatabase(this, 'Database', {
      catalogId: this.account,
      databaseInput: { name: this.database, description: `Carbon export ${settings.exportName}` },
    });
    const options = catalogOptions(settings, storage.exports);
    const last = this.createTables(database, [...glueTables(options), ...glueViews(options, this.database)]);
    const workgroup = createWorkgroup(this, 'Workgroup', {
      name: settings.stackPrefix,
      description: 'Queries over the carbon export, with a limit of what one may scan',
      scanMb: settings.limits.athenaMb,
      results: storage.results,
    });
    this.workgroup = workgroup.name;
    for (const { name, description, sql } of namedQueries()) {
      const query = new CfnNamedQuery(this, `Query${pascalCase(name)}`, {
        database: this.database,
        workGroup: workgroup.name,
        name,
        description,
        queryString: sql,
      });
      query.addResourceDependency(workgroup);
      query.addResourceDependency(last);
    }
  }

  /** Creates tables one after the other, because a view has to come after what it reads. Gives the last. */
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

/** Name of the Glue database of an export. */
export function databaseName({ exportName }: Settings): string {
  return exportName.toLowerCase().replaceAll('-', '_');
}

function catalogOptions(
  { exportName, format, by, from, awsTotals }: Settings,
  exports: Location,
): CatalogOptions {
  return {
    root: `${uriOf(exports)}/`,
    ...(format === 'parquet' ? { parquetExport: exportName } : { csvExport: exportName }),
    breakdowns: by,
    ...defined({ firstMonth: from }),
    ...(awsTotals === undefined ? {} : { modelVersions: awsTotals.modelVersions }),
  };
}

function pascalCase(name: string): string {
  return name
    .split(/[^A-Za-z0-9]+/)
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('');
}
