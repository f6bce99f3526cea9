import { compareText, groupBy } from '../../base/group';
import type { InputProblem } from '../../base/input-problem';
import type { InputFiles } from '../../estate/input-files';
import { emptyTable, readTable, type TableContent, type TableReader } from '../../estate/read-table';
import { unknownIds } from '../../estate/static-references';
import type { RowOf } from '../../estate/table-spec';
import { FOCUS_SERVICES } from '../../estate/tables';
import type { Service } from '../../method/month-estate';
import { instanceSizes, shippedServices, unitSpellings } from './shipped-tables';

/** Product of lines whose service is not one of the estate: they count by their cost. */
export const OTHER: Service = { productCode: 'Other', serviceName: 'Other', basis: 'economic' };

/** How a line's service was found; in the order in which they are tried. */
export const SERVICE_WAYS = ['own', 'code', 'shipped', 'name'] as const;

/** One of the {@link SERVICE_WAYS}. */
export type ServiceWay = (typeof SERVICE_WAYS)[number];

/** What bills call a service of the estate. */
export interface ServiceName {
  readonly way: ServiceWay;
  /** Name in FOCUS, or AWS's code (way `code`). */
  readonly name: string;
  readonly productCode: string;
}

/** A unit in which quantities of a service count. */
export interface ServiceUnit {
  readonly way: ServiceWay;
  readonly name: string;
  readonly unit: string;
  /** What a quantity is multiplied by. */
  readonly weight: number;
  /** True where an hour counts by the size of the instance. */
  readonly byInstanceSize: boolean;
}

/** What bills call the services of an estate. */
export interface ServiceNames {
  readonly names: readonly ServiceName[];
  readonly units: readonly ServiceUnit[];
  /** Normalization factors by instance size. */
  readonly sizes: readonly (readonly [size: string, factor: number])[];
}

/** For months whose usage is not from bills. */
export const NO_SERVICE_NAMES: ServiceNames = { names: [], units: [], sizes: [] };

/**
 * What bills call the services of an estate: the estate's own focus_services go first, then AWS's code of the service,
 * then the shipped map, then the names in services.csv. Own rows count quantities exactly as they say; those of the
 * shipped map in every spelling of their unit, and hours of instances by their size.
 */
export async function serviceNames(
  reader: TableReader,
  files: InputFiles,
  services: readonly Service[],
): Promise<ServiceNames & { problems: readonly InputProblem[] }> {
  const own: TableContent<RowOf<typeof FOCUS_SERVICES>> = files.hasStatic(FOCUS_SERVICES.name)
    ? await readTable(reader, FOCUS_SERVICES, [files.staticFile(FOCUS_SERVICES.name)])
    : emptyTable();
  const codes = new Set(services.map(({ productCode }) => productCode));
  const unknown = unknownIds(own, {
    ...{ table: FOCUS_SERVICES.name, column: 'product_code', known: codes, knownFrom: 'services' },
  });
  const shipped = (await shippedServices()).filter((row) => codes.has(row.product_code));
  const names: ServiceName[] = [
    ...own.rows.map(({ value }) => nameOf('own', value.service_name, value.product_code)),
    ...[...codes].map((code) => nameOf('code', code, code)),
    ...shipped.map((row) => nameOf('shipped', row.service_name, row.product_code)),
    ...services.map((service) => nameOf('name', service.serviceName, service.productCode)),
  ];
  const ownUnits = own.rows.map(({ value }): ServiceUnit => ({
    ...nameOf('own', value.service_name, value.product_code),
    unit: value.unit,
    weight: value.weight ?? 1,
    byInstanceSize: false,
  }));
  return {
    names: inOrder(unique(names, ({ way, name }) => [way, name])),
    units: inOrder([...ownUnits.filter(({ unit }) => unit !== ''), ...(await shippedUnits(shipped))]),
    sizes: await shippedSizes(),
    problems: [...own.problems, ...unknown],
  };
}

function nameOf(way: ServiceWay, name: string, productCode: string): ServiceName {
  return { way, name, productCode };
}

/** Normalization factors by instance size. */
export async function shippedSizes(): Promise<ServiceNames['sizes']> {
  return (await instanceSizes()).map((row) => [row.size, row.normalization_factor] as const);
}

/** Units of the shipped map in all their spellings, by name and by code. */
export async function shippedUnits(
  shipped: Awaited<ReturnType<typeof shippedServices>>,
): Promise<ServiceUnit[]> {
  const spellings = groupBy(await unitSpellings(), ({ unit }) => unit);
  const units = shipped.flatMap((row): ServiceUnit[] => {
    if (row.unit === '') return [];
    const spelt = [{ spelling: row.unit, weight: 1 }, ...(spellings.get(row.unit) ?? [])];
    const byInstanceSize = row.by_instance_size === 'yes';
    return spelt.flatMap(({ spelling: unit, weight }) => [
      { way: 'shipped', name: row.service_name, unit, weight, byInstanceSize },
      { way: 'code', name: row.product_code, unit, weight, byInstanceSize },
    ]);
  });
  return unique(units, ({ way, name, unit }) => [way, name, unit]);
}

function unique<T>(items: readonly T[], keyOf: (item: T) => readonly string[]): T[] {
  return [...groupBy(items, (item) => JSON.stringify(keyOf(item))).values()].flatMap(([first]) =>
    first === undefined ? [] : [first],
  );
}

function inOrder<T extends { readonly way: string; readonly name: string; readonly unit?: string }>(
  items: readonly T[],
): T[] {
  const key = ({ way, name, unit = '' }: T): string => JSON.stringify([way, name, unit]);
  return [...items].sort((a, b) => compareText(key(a), key(b)));
}
