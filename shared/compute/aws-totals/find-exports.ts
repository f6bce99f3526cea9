import {
  type BCMDataExportsClient,
  type Export,
  GetExportCommand,
  paginateListExports,
} from '@aws-sdk/client-bcm-data-exports';

/** Tables of AWS Data Exports, and where an estate reads each of them. */
const TABLES = [
  ['aws_carbon', /\bFROM\s+CARBON_EMISSIONS\b/i],
  ['focus', /\bFROM\s+FOCUS_1_\d+_AWS/i],
  ['cur', /\bFROM\s+COST_AND_USAGE_REPORT\b/i],
] as const;

/** Folder of an estate that an export of AWS is read in. */
export type SourceTable = (typeof TABLES)[number][0];

/** An export of AWS Data Exports. */
export interface FoundExport {
  readonly name: string;
  readonly table: SourceTable;
  /** `s3://bucket/prefix/name` */
  readonly location: string;
}

/** The exports of an account that an estate can read: carbon emissions, FOCUS and CUR 2.0, by name. */
export async function findExports(client: BCMDataExportsClient): Promise<FoundExport[]> {
  const found: FoundExport[] = [];
  for await (const { Exports = [] } of paginateListExports({ client }, {})) {
    for (const { ExportArn } of Exports) {
      const { Export } = await client.send(new GetExportCommand({ ExportArn }));
      const one = Export === undefined ? undefined : asFound(Export);
      if (one !== undefined) found.push(one);
    }
  }
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Undefined for an export of another table, such as one of recommendations. */
function asFound({ Name, DataQuery, DestinationConfigurations }: Export): FoundExport | undefined {
  const query = DataQuery?.QueryStatement ?? '';
  const [table] = TABLES.find(([, pattern]) => pattern.test(query)) ?? [];
  const place = DestinationConfigurations?.S3Destination;
  if (table === undefined || Name === undefined || place?.S3Bucket === undefined) return undefined;
  const folders = [place.S3Bucket, place.S3Prefix ?? '', Name].map((part) => part.replace(/^\/+|\/+$/g, ''));
  return { name: Name, table, location: `s3://${folders.filter((part) => part !== '').join('/')}` };
}
