import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';

/** A real Region, as AWS names it. */
export interface RegionReference {
  readonly location: string;
  /** Power usage effectiveness of the latest year for which AWS published one, or undefined. */
  readonly pue: number | undefined;
}

/** A real grid factor. */
export interface GridReference {
  readonly gridId: string;
  /** kgCO2e per kWh, as written in the reference. */
  readonly kgPerKwh: string;
  readonly source: string;
}

/** What the real FOCUS rows say of one account, Region and service in September 2024. */
export interface FocusCell {
  readonly accountId: string;
  readonly region: string;
  readonly serviceName: string;
  /** Sum of ListCost of the Usage rows, USD. */
  readonly listCost: number;
}

/** The real rows of September 2024. */
export interface FocusReference {
  /** Header and the 942 lines of AWS, byte for byte, each with its line end. */
  readonly text: string;
  readonly rows: number;
  /** Per account (12 digits), Region and service, in the order in which they first appear. */
  readonly cells: readonly FocusCell[];
  /** Rows per Region, credits included. */
  readonly rowsPerRegion: ReadonlyMap<string, number>;
  /** The accounts and their names, by falling list cost, then by id. */
  readonly accounts: readonly { readonly id: string; readonly name: string }[];
}

/** All reference data the sample takes over. */
export interface Reference {
  /** By Region code. */
  readonly regions: ReadonlyMap<string, RegionReference>;
  /** By Region code. */
  readonly grids: ReadonlyMap<string, GridReference>;
  /** fuel_factors.csv as it is. */
  readonly fuelFactors: string;
  /** gwp.csv as it is. */
  readonly gwp: string;
  readonly focus: FocusReference;
}

const read = (file: string): string => readFileSync(join(__dirname, 'reference', file), 'utf8');

function readTable(file: string): Record<string, string>[] {
  return parse<Record<string, string>>(read(file), { columns: true });
}

function readRegions(): Map<string, RegionReference> {
  const regions = new Map<string, RegionReference>();
  for (const row of readTable('aws_regions.csv')) {
    const code = row['region_code'] ?? '';
    const published = row['power_usage_effectiveness'] ?? '';
    // Years ascend within a Region, so the last figure is the latest.
    const pue = published === '' ? regions.get(code)?.pue : Number(published);
    regions.set(code, { location: row['location'] ?? '', pue });
  }
  return regions;
}

function readGrids(): Map<string, GridReference> {
  const grids = new Map<string, GridReference>();
  for (const row of readTable('aws_region_grid_factors.csv')) {
    const place = [row['country'], row['grid']].filter((part) => part !== '').join(' ');
    grids.set(row['region_code'] ?? '', {
      gridId: place.toLowerCase().replaceAll(' ', '-'),
      kgPerKwh: row['location_based_kg_per_kwh'] ?? '',
      source: row['source'] ?? '',
    });
  }
  return grids;
}

/**
 * @param id an account id that lost its leading zeros to a spreadsheet
 * @returns its 12 digits
 */
export function padAccountId(id: string): string {
  return id.padStart(12, '0');
}

function readFocus(): FocusReference {
  const lines = read('focus_1_0_sample.csv').split('\n').slice(0, -1);
  const rows = parse<Record<string, string>>(lines.join('\n'), { columns: true });
  const kept: string[] = [lines[0] ?? ''];
  const cells = new Map<string, { -readonly [K in keyof FocusCell]: FocusCell[K] }>();
  const names = new Map<string, string>();
  const costs = new Map<string, number>();
  const rowsPerRegion = new Map<string, number>();
  rows.forEach((row, i) => {
    if (row['ProviderName'] !== 'AWS') return;
    // No value holds a line break, so row i of the table is line i + 1 of the file.
    kept.push(lines[i + 1] ?? '');
    const accountId = padAccountId(row['SubAccountId'] ?? '');
    const region = row['RegionId'] ?? '';
    const serviceName = row['ServiceName'] ?? '';
    const listCost = row['ChargeCategory'] === 'Usage' ? Number(row['ListCost']) : 0;
    names.set(accountId, row['SubAccountName'] ?? '');
    rowsPerRegion.set(region, (rowsPerRegion.get(region) ?? 0) + 1);
    costs.set(accountId, (costs.get(accountId) ?? 0) + listCost);
    const key = `${accountId}/${region}/${serviceName}`;
    const cell = cells.get(key);
    if (cell === undefined) cells.set(key, { accountId, region, serviceName, listCost });
    else cell.listCost += listCost;
  });
  const accounts = [...names]
    .map(([id, name]) => ({ id, name }))
    .sort((a, b) => (costs.get(b.id) ?? 0) - (costs.get(a.id) ?? 0) || (a.id < b.id ? -1 : 1));
  const text = kept.map((line) => `${line}\n`).join('');
  return { text, rows: kept.length - 1, cells: [...cells.values()], rowsPerRegion, accounts };
}

/**
 * Reads sample/reference/.
 *
 * @returns the reference data; see sample/reference/README.md for origin and licence
 */
export function readReference(): Reference {
  return {
    regions: readRegions(),
    grids: readGrids(),
    fuelFactors: read('fuel_factors.csv'),
    gwp: read('gwp.csv'),
    focus: readFocus(),
  };
}
