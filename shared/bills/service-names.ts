import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import type { InputFiles } from '../inputs/input-files';
import type { InputProblem } from '../inputs/input-problem';
import { readTable } from '../inputs/read-table';
import type { TableReader } from '../inputs/read-table';
import { unknownIds } from '../inputs/static-references';
import { FOCUS_SERVICES } from '../inputs/tables';
import { compareText } from '../method/group';
import type { Service } from '../method/month-estate';

/** A service as FOCUS names it. */
export interface FocusService {
  readonly serviceName: string;
  readonly productCode: string;
  /** ConsumedUnit in which quantities count; blank: none does. */
  readonly unit: string;
  /** What a quantity is multiplied by. */
  readonly weight: number;
}

/** What bills call the services of an estate. */
export interface ServiceNames {
  /** Ordered by name and unit; one row per unit that counts. */
  readonly services: readonly FocusService[];
  /** Names that the estate's own focus_services gives. */
  readonly own: ReadonlySet<string>;
  /** product_code of every service of the estate. */
  readonly productCodes: readonly string[];
}

/** For months whose usage is not from bills. */
export const NO_SERVICE_NAMES: ServiceNames & { problems: readonly InputProblem[] } = {
  services: [],
  own: new Set(),
  productCodes: [],
  problems: [],
};

/** The shipped map: beside the input tables' definitions, or beside the code where that is one bundled file. */
const SHIPPED_MAPS = [
  join(__dirname, '..', 'inputs', 'focus-services.csv'),
  join(__dirname, 'focus-services.csv'),
];

/**
 * Which product a FOCUS service name stands for: the estate's own focus_services first, then the shipped map, then
 * the names in services.csv. Shipped names whose product the estate does not have are left out, so that their lines are
 * reported instead of lost.
 */
export async function serviceNames(
  reader: TableReader,
  files: InputFiles,
  services: readonly Service[],
): Promise<ServiceNames & { problems: readonly InputProblem[] }> {
  const own = files.hasStatic(FOCUS_SERVICES.name)
    ? await readTable(reader, FOCUS_SERVICES, [files.staticFile(FOCUS_SERVICES.name)])
    : { rows: [], problems: [], files: [] };
  const ownServices = own.rows.map(({ value }): FocusService => focusService(value));
  const named = services.map(({ serviceName, productCode }): FocusService => ({
    serviceName,
    productCode,
    unit: '',
    weight: 1,
  }));
  const known = new Set(services.map(({ productCode }) => productCode));
  const unknown = unknownIds(FOCUS_SERVICES.name, own, 'product_code', known, 'services');
  const chosen = new Map<string, FocusService[]>();
  for (const candidates of [ownServices, await shippedServices(), named]) {
    const names = new Set(chosen.keys());
    for (const service of candidates) {
      if (names.has(service.serviceName) || !known.has(service.productCode)) continue;
      chosen.set(service.serviceName, [...(chosen.get(service.serviceName) ?? []), service]);
    }
  }
  const all = [...chosen.values()].flat();
  all.sort((a, b) => compareText(a.serviceName, b.serviceName) || compareText(b.unit, a.unit));
  return {
    services: all,
    own: new Set(ownServices.map(({ serviceName }) => serviceName)),
    productCodes: [...known].sort(compareText),
    problems: [...own.problems, ...unknown],
  };
}

async function shippedServices(): Promise<FocusService[]> {
  const map = SHIPPED_MAPS.find((path) => existsSync(path));
  if (map === undefined) throw new Error(`the shipped map is not at ${SHIPPED_MAPS.join(' or ')}`);
  const records: unknown[] = parse(await readFile(map), { columns: true, bom: true });
  return records.map((record) => focusService(FOCUS_SERVICES.schema.parse(record as Record<string, string>)));
}

function focusService(row: {
  service_name: string;
  product_code: string;
  unit: string;
  weight: number | undefined;
}): FocusService {
  return {
    serviceName: row.service_name,
    productCode: row.product_code,
    unit: row.unit,
    weight: row.weight ?? 1,
  };
}
