import { foundIn, matches } from '../../sql/patterns';
import type { Relation, SmallTable } from '../../sql/relation';
import type { ServiceNames } from './service-names';

/* Hours of instances and how they are weighed, in SQL over lines `b` of bills that DuckDB and Trino share. */

const SIZE_COLUMNS = { size: 'VARCHAR', factor: 'DOUBLE' } as const;

/** Sizes of instances as a relation. */
export type InstanceSizes = Relation<typeof SIZE_COLUMNS>;

/** Normalization factors by instance size, for sizes that are not a number of times xlarge. */
export function instanceSizeTable(sizes: ServiceNames['sizes']): SmallTable<typeof SIZE_COLUMNS> {
  return { columns: SIZE_COLUMNS, rows: sizes };
}

/** The end of a usage type such as USW2-BoxUsage:m5.2xlarge, InstanceUsage:db.r5.large or ESInstance:r6g.large.search. */
const END = '(?:[.](?:search|elasticsearch))?$';
const SIZE = foundIn('b.usage_type', `[.](nano|micro|small|medium|large|xlarge|xlplus|metal)${END}`, 1);

/** N of Nxlarge and of metal-Nxl. */
const XLARGES = `TRY_CAST(${foundIn('b.usage_type', `[.](?:metal-)?([0-9]+)xl(?:arge)?${END}`, 1)} AS DOUBLE)`;

/** AWS's factor of a size: 8 per xlarge. */
const SIZE_FACTOR = `coalesce(8 * ${XLARGES}, service_size.factor)`;

const BILL_FACTOR = `CASE WHEN TRY_CAST(b.normalization AS DOUBLE) > 0 THEN TRY_CAST(b.normalization AS DOUBLE) END`;

/** Joins the relation that {@link INSTANCE_FACTOR} refers to. */
export function instanceSizeJoin({ table }: InstanceSizes): string {
  return `LEFT JOIN ${table} service_size ON service_size.size = ${SIZE}`;
}

function usageTypeHas(pattern: string): string {
  return matches('b.usage_type', pattern);
}

/** A Multi-AZ instance is two instances, a Multi-AZ cluster of Amazon RDS is three. */
const COPIES = `CASE WHEN ${usageTypeHas('Multi-AZCluster')} THEN 3 WHEN ${usageTypeHas('Multi-AZ')} THEN 2 ELSE 1 END`;

/**
 * Factor of a line's instance: that of the bill where it has one, else that of its size, else 1. The bill's factor is not
 * used for a Multi-AZ instance of a known size: bills differ in whether it counts both instances.
 */
export const INSTANCE_FACTOR = `CASE
  WHEN ${COPIES} > 1 AND ${SIZE_FACTOR} IS NOT NULL THEN ${COPIES} * ${SIZE_FACTOR}
  ELSE coalesce(${BILL_FACTOR}, ${SIZE_FACTOR}, 1)
END`;

/** Kinds of usage of Amazon EC2 that are hours of an instance; BoxUsage without a size is m1.small. */
const EC2_KINDS =
  'BoxUsage|SpotUsage|DedicatedUsage|HeavyUsage|MediumUsage|LightUsage|SchedUsage|HostBoxUsage';

/** Hours of what is not an instance in use, although some of them name a size. */
const OTHER_KINDS = 'EBSOptimized|Unused|HostUsage|Reserv|DedicatedRes|ExtendedSupport|NatGateway';

/**
 * SQL that is true for an hour of an instance in use, by the usage type. A line without a usage type counts.
 *
 * @param product SQL of the line's product
 */
export function isInstanceHour(product: string): string {
  const hasSize = usageTypeHas(
    `[.](?:nano|micro|small|medium|large|xlplus|metal|(?:metal-)?[0-9]*xl(?:arge)?)${END}`,
  );
  return `CASE
    WHEN b.usage_type IS NULL THEN true
    WHEN ${product} = 'AmazonEC2' THEN ${usageTypeHas(`(?:^|[-:])(?:${EC2_KINDS})(?::|$)`)}
    ELSE ${hasSize} AND NOT ${usageTypeHas(OTHER_KINDS)}
  END`;
}
