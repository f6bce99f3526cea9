import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { dataKey, type ExportFormat, asExportMonth, manifestKey } from '../../shared/exports/layout';
import { type Manifest, parseManifest } from '../../shared/exports/manifest';

/** A row of an export as another reader sees it: texts and numbers by column name, timestamps as ISO 8601. */
export type ExportRow = Readonly<Record<string, string | number>>;

/** Where a month of an export lies. */
export interface ExportPlace {
  readonly out: string;
  readonly exportName: string;
  readonly month: string;
  readonly modelVersion: string;
  readonly format: ExportFormat;
}

/** Path of a month's data file. */
export function dataPath({ out, exportName, format, month, modelVersion }: ExportPlace): string {
  return join(out, dataKey(exportName, asExportMonth(month, modelVersion), format));
}

/** Rows of a month, by readers that are not the one that wrote them: hyparquet, and csv-parse over node's gunzip. */
export async function readExportRows(place: ExportPlace): Promise<ExportRow[]> {
  const content = await readFile(dataPath(place));
  return place.format === 'parquet' ? parquetRows(content) : csvRows(content);
}

async function parquetRows(content: Buffer): Promise<ExportRow[]> {
  const file = new Uint8Array(content).buffer;
  const rows = await parquetReadObjects({ file, compressors });
  return rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([name, value]) => [name, value instanceof Date ? value.toISOString() : value]),
    ),
  );
}

function csvRows(content: Buffer): ExportRow[] {
  const records: Record<string, string>[] = parse(gunzipSync(content), { columns: true });
  return records.map((record) =>
    Object.fromEntries(
      Object.entries(record).map(([name, text]) => {
        if (name.endsWith('_emissions_value')) return [name, Number(text)];
        const instant = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ$/.test(text);
        return [name, instant ? new Date(text.replace(' ', 'T')).toISOString() : text];
      }),
    ),
  );
}

/** The manifest of a month. */
export function readManifest({
  out,
  exportName,
  month,
  modelVersion,
}: Omit<ExportPlace, 'format'>): Manifest {
  const at = asExportMonth(month, modelVersion);
  const manifest = parseManifest(readFileSync(join(out, manifestKey(exportName, at)), 'utf8'));
  if (manifest === undefined) throw new Error(`no manifest for ${at.month} ${at.modelVersion} in ${out}`);
  return manifest;
}
