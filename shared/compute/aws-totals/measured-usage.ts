import type { EstateSettings } from '../../estate/estate-settings';
import type { SmallTable } from '../../sql/small-table';
import { INSTANCE_FACTOR, INSTANCE_SIZE_JOIN, instanceSizeTable } from '../../usage/bills/bill-services';
import { shippedSizes, shippedUnits } from '../../usage/bills/service-names';
import { shippedServices } from '../../usage/bills/shipped-tables';

/** Services that are split by quantity. */
export type MeasuredProducts = EstateSettings['bills']['split_by_quantity'];

/** Units in which services are measured, by the shipped map, and sizes of instances. */
export async function measuredTables(products: MeasuredProducts): Promise<SmallTable[]> {
  const measured: ReadonlySet<string> = new Set(products);
  const units = await shippedUnits((await shippedServices()).filter((row) => measured.has(row.product_code)));
  return [
    {
      name: 'measured_unit',
      columns: [
        ['product_code', 'VARCHAR'],
        ['unit', 'VARCHAR'],
        ['weight', 'DOUBLE'],
        ['by_instance_size', 'BOOLEAN'],
      ],
      rows: units
        .filter(({ way }) => way === 'code')
        .map(({ name, unit, weight, byInstanceSize }) => [name, unit, weight, byInstanceSize]),
    },
    instanceSizeTable(await shippedSizes()),
  ];
}

/** SQL parts over lines `b` of which some are measured. */
export interface MeasuredSql {
  readonly joins: string;
  /** True for lines of services that are split by quantity. */
  readonly applies: string;
  /** What a quantity is multiplied by; 0 where its unit is not the service's: it takes nothing. */
  readonly weight: string;
  /** True for lines that take nothing for that. */
  readonly isUnmeasured: string;
}

/** @param product SQL of a line's product */
export function measuredSql(products: MeasuredProducts, product: string): MeasuredSql {
  const applies = `${product} IN (${products.map((code) => `'${code}'`).join(', ')})`;
  return {
    joins: `
LEFT JOIN measured_unit u ON u.product_code = ${product} AND u.unit = b.unit
${INSTANCE_SIZE_JOIN}`,
    applies,
    weight: `coalesce(u.weight * CASE WHEN u.by_instance_size THEN ${INSTANCE_FACTOR} ELSE 1 END, 0)`,
    isUnmeasured: `${applies} AND u.weight IS NULL`,
  };
}
