import type { DuckSession } from '../../sql/duck-session';
import type { Relation } from '../../sql/relation';
import {
  INSTANCE_FACTOR,
  type InstanceSizes,
  instanceSizeJoin,
  instanceSizeTable,
  isInstanceHour,
} from './instance-hours';
import { OTHER, SERVICE_WAYS, type ServiceNames, type ServiceWay } from './service-names';

const SERVICE_COLUMNS = { way: 'VARCHAR', name: 'VARCHAR', product_code: 'VARCHAR' } as const;

const UNIT_COLUMNS = {
  way: 'VARCHAR',
  name: 'VARCHAR',
  unit: 'VARCHAR',
  weight: 'DOUBLE',
  by_instance_size: 'BOOLEAN',
} as const;

/** The names of services in bills as relations. */
export interface ServiceTables {
  readonly services: Relation<typeof SERVICE_COLUMNS>;
  readonly units: Relation<typeof UNIT_COLUMNS>;
  readonly sizes: InstanceSizes;
}

/** Returns the names, units and sizes of services as relations. */
export async function serviceTables(
  session: DuckSession,
  { names, units, sizes }: ServiceNames,
): Promise<ServiceTables> {
  return {
    services: await session.load({
      columns: SERVICE_COLUMNS,
      rows: names.map(({ way, name, productCode }) => [way, name, productCode]),
    }),
    units: await session.load({
      columns: UNIT_COLUMNS,
      rows: units.map(({ way, name, unit, weight, byInstanceSize }) => [
        way,
        name,
        unit,
        weight,
        byInstanceSize,
      ]),
    }),
    sizes: await session.load(instanceSizeTable(sizes)),
  };
}

/** Column of a line that the names of a way are compared with. */
const NAMED_BY: Readonly<Record<ServiceWay, string>> = {
  own: 'b.service_name',
  // A bill without codes may have them in place of names.
  code: 'coalesce(b.service_code, b.service_name)',
  shipped: 'b.service_name',
  name: 'b.service_name',
};

const alias = (way: ServiceWay): string => `service_${way}`;
const found = (way: ServiceWay): string => `${alias(way)}.product_code`;

/** Way in which the service of a line was found; NULL where it was not. */
const WAY = `CASE ${SERVICE_WAYS.map((way) => `WHEN ${found(way)} IS NOT NULL THEN '${way}'`).join(' ')} END`;

/** Name under which it was found. */
const NAME = `CASE ${SERVICE_WAYS.map((way) => `WHEN ${found(way)} IS NOT NULL THEN ${NAMED_BY[way]}`).join(' ')} END`;

/** Parts of a statement over lines `b` of bills. */
export interface ProductSql {
  readonly joins: string;
  /** Product of a line. A line whose service the estate does not have is of Other, by its cost. */
  readonly product: string;
  /** Way in which the service was found; NULL where it was not. */
  readonly way: string;
  /** Factor of a line's quantity; NULL where the quantity does not count. */
  readonly weight: string;
}

/** Returns the SQL of the product of a line, and of the factor by which its quantity counts. */
export function productOfLine({ services, units, sizes }: ServiceTables): ProductSql {
  const joins = SERVICE_WAYS.map(
    (way) =>
      `\nLEFT JOIN ${services.table} ${alias(way)} ON ${alias(way)}.way = '${way}' AND ${alias(way)}.name = ${NAMED_BY[way]}`,
  );
  const product = `coalesce(${SERVICE_WAYS.map(found).join(', ')}, '${OTHER.productCode}')`;
  return {
    joins: `${joins.join('')}
LEFT JOIN ${units.table} q ON q.way = ${WAY} AND q.name = ${NAME} AND q.unit = b.unit
${instanceSizeJoin(sizes)}`,
    product,
    way: WAY,
    weight: `CASE WHEN NOT q.by_instance_size THEN q.weight WHEN ${isInstanceHour(product)} THEN q.weight * ${INSTANCE_FACTOR} END`,
  };
}
