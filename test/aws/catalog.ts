import { type FunctionSettings, functionSettingsSchema } from '../../lambdas/function-settings';
import { partitionedTables, type PartitionedTable } from '../../shared/catalog/glue';
import { countsScope3 } from '../../shared/method/model-version';
import { LocalAws } from '../support/local-aws';

/** The Glue catalogs of deployments with other settings than those of cdk.json. */
export class Catalogs {
  private readonly aws: LocalAws;
  private readonly created = new Set<string>();

  /** @param root URI of the store of the exports */
  constructor(
    endpoint: string,
    private readonly root: string,
  ) {
    this.aws = new LocalAws(endpoint);
  }

  /** Creates the database and the tables of a deployment once, and returns the name of the database. */
  async create(settings: FunctionSettings): Promise<string> {
    const database = settings.exportName.replaceAll('-', '_').toLowerCase();
    if (this.created.has(database)) return database;
    this.created.add(database);
    await this.aws.createDatabase(database);
    for (const { table } of this.tablesOf(settings)) await this.aws.createTable(database, table);
    return database;
  }

  /** Returns the registered partitions of every table of a deployment, as texts, in order. */
  async partitionsOf(settings: FunctionSettings): Promise<Record<string, string[]>> {
    const partitions = this.aws.partitions(await this.create(settings));
    const result: Record<string, string[]> = {};
    for (const { table } of this.tablesOf(settings)) {
      const found = await partitions.list(table.name);
      result[table.name] = found.map(({ values }) => values.join('/')).sort();
    }
    return result;
  }

  private tablesOf(settings: FunctionSettings): PartitionedTable[] {
    const { exportName, format, by, selection, awsTotals } = functionSettingsSchema.parse(settings);
    const hasScope3 = awsTotals === undefined && countsScope3(selection.modelVersion);
    return partitionedTables({ root: this.root, exportName, format, breakdowns: by, hasScope3 });
  }
}
