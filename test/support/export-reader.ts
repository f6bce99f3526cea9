import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { dataKey, type ExportFormat, asExportMonth, manifestKey } from '../../shared/exports/layout';
import { type Manifest, parseManifest } from '../../shared/exports/manifest';
import { EXPORT_NAME } from './export-name';

/** A row of an export: texts and numbers by column name, timestamps as ISO 8601. */
export type ExportRow = Readonly<Record<string, string | number>>;

/** A month of an export, in a model version and a format. */
export interface ExportPlace {
  readonly out: string;
  /** @default EXPORT_NAME */
  readonly exportName?: string;
  readonly month: string;
  readonly modelVersion: string;
  readonly format: ExportFormat;
}

/** Returns the path of a month's data file. */
export function dataPath(place: ExportPlace): string {
  const { out, exportName = EXPORT_NAME, month, modelVersion, format } = place;
  return join(out, dataKey(exportName, asExportMonth(month, modelVersion), format));
}

/** Returns the rows of a month, read by libraries that did not write them: hyparquet, or csv-parse and Node's gunzip. */
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

/** Returns the manifest of a month. */
export function readManifest(place: Omit<ExportPlace, 'format'>): Manifest {
  const { out, exportName = EXPORT_NAME, month, modelVersion } = place;
  const path = join(out, manifestKey(exportName, asExportMonth(month, modelVersion)));
  const manifest = parseManifest(readFileSync(path, 'utf8'));
  if (manifest === undefined) throw new Error(`no manifest at ${path}`);
  return manifest;
}
