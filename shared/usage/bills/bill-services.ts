import type { SmallTable } from '../../sql/small-table';
import { OTHER, SERVICE_WAYS, type ServiceNames, type ServiceWay } from './service-names';

/** Column of a line that the names of a way are compared with. */
const NAMED_BY: Readonly<Record<ServiceWay, string>> = {
  own: 'b.service_name',
  code: 'b.service_code',
  shipped: 'b.service_name',
  name: 'b.service_name',
};

const alias = (way: ServiceWay): string => `service_${way}`;
const found = (way: ServiceWay): string => `${alias(way)}.product_code`;

/** Way in which the service of a line was found; NULL where it was not. */
const WAY = `CASE ${SERVICE_WAYS.map((way) => `WHEN ${found(way)} IS NOT NULL THEN '${way}'`).join(' ')} END`;

/** Name under which it was found. */
const NAME = `CASE ${SERVICE_WAYS.map((way) => `WHEN ${found(way)} IS NOT NULL THEN ${NAMED_BY[way]}`).join(' ')} END`;

/** Size at the end of a usage type such as USW2-BoxUsage:m5.2xlarge or InstanceUsage:db.r5.large. */
const SIZE = `regexp_extract(b.usage_type, '[.](nano|micro|small|medium|large|xlarge|[0-9]+xlarge|metal|metal-[0-9]+xl)$', 1)`;

/** How large an instance is: by the bill's own factor where it has one, else by its size, else as one that is not told. */
export const INSTANCE_FACTOR = `coalesce(CASE WHEN TRY_CAST(b.normalization AS DOUBLE) > 0 THEN TRY_CAST(b.normalization AS DOUBLE) END, service_size.factor, 1)`;

/** Joins what {@link INSTANCE_FACTOR} refers to, over lines `b`. */
export const INSTANCE_SIZE_JOIN = `LEFT JOIN instance_size service_size ON service_size.size = ${SIZE}`;

/**
 * Which product a line of a bill is of, and what of its quantity counts, as parts of a statement over lines `b`.
 * A line whose service the estate does not have is of Other, by its cost.
 */
export const PRODUCT_OF_LINE = {
  joins: `${SERVICE_WAYS.map(
    (way) =>
      `\nLEFT JOIN bill_service ${alias(way)} ON ${alias(way)}.way = '${way}' AND ${alias(way)}.name = ${NAMED_BY[way]}`,
  ).join('')}
LEFT JOIN bill_unit q ON q.way = ${WAY} AND q.name = ${NAME} AND q.unit = b.unit
${INSTANCE_SIZE_JOIN}`,
  product: `coalesce(${SERVICE_WAYS.map(found).join(', ')}, '${OTHER.productCode}')`,
  way: WAY,
  /** What a quantity is multiplied by; NULL where it does not count. */
  weight: `CASE WHEN q.by_instance_size THEN q.weight * ${INSTANCE_FACTOR} ELSE q.weight END`,
} as const;

/** The tables that {@link PRODUCT_OF_LINE} refers to. */
export function serviceTables({ names, units, sizes }: ServiceNames): SmallTable[] {
  return [
    {
      name: 'bill_service',
      columns: [
        ['way', 'VARCHAR'],
        ['name', 'VARCHAR'],
        ['product_code', 'VARCHAR'],
      ],
      rows: names.map(({ way, name, productCode }) => [way, name, productCode]),
    },
    {
      name: 'bill_unit',
      columns: [
        ['way', 'VARCHAR'],
        ['name', 'VARCHAR'],
        ['unit', 'VARCHAR'],
        ['weight', 'DOUBLE'],
        ['by_instance_size', 'BOOLEAN'],
      ],
      rows: units.map(({ way, name, unit, weight, byInstanceSize }) => [
        way,
        name,
        unit,
        weight,
        byInstanceSize,
      ]),
    },
    instanceSizeTable(sizes),
  ];
}

/** The table that {@link INSTANCE_SIZE_JOIN} joins. */
export function instanceSizeTable(sizes: ServiceNames['sizes']): SmallTable {
  return {
    name: 'instance_size',
    columns: [
      ['size', 'VARCHAR'],
      ['factor', 'DOUBLE'],
    ],
    rows: sizes,
  };
}
