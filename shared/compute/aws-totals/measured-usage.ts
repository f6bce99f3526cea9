import type { EstateSettings } from '../../estate/estate-settings';
import type { DuckSession } from '../../sql/duck-session';
import {
  INSTANCE_FACTOR,
  instanceSizeJoin,
  instanceSizeTable,
  isInstanceHour,
} from '../../usage/bills/instance-hours';
import { shippedSizes, shippedUnits } from '../../usage/bills/service-names';
import { shippedServices } from '../../usage/bills/shipped-tables';

/** Services that are split by quantity. */
type MeasuredProducts = EstateSettings['bills']['split_by_quantity'];

/** Parts of a statement over lines `b` of which some are measured. */
export interface MeasuredSql {
  readonly joins: string;
  /** True for lines of services that are split by quantity. */
  readonly applies: string;
  /** Factor of a quantity; 0 where its unit is not that of the service, or it is not an hour of an instance: the line takes nothing. */
  readonly weight: string;
  /** True for lines that take nothing for that reason. */
  readonly isUnmeasured: string;
}

/**
 * Returns the SQL of measured lines; undefined where no service is split by quantity. Units are those of the shipped map.
 *
 * @param product SQL of a line's product
 */
export async function measuredLines(
  session: DuckSession,
  products: MeasuredProducts,
  product: string,
): Promise<MeasuredSql | undefined> {
  if (products.length === 0) return undefined;
  const measured: ReadonlySet<string> = new Set(products);
  const shipped = (await shippedServices()).filter((row) => measured.has(row.product_code));
  const units = (await shippedUnits(shipped)).filter(({ way }) => way === 'code');
  const unitTable = await session.load({
    columns: { product_code: 'VARCHAR', unit: 'VARCHAR', weight: 'DOUBLE', by_instance_size: 'BOOLEAN' },
    rows: units.map(({ name, unit, weight, byInstanceSize }) => [name, unit, weight, byInstanceSize]),
  });
  const sizes = await session.load(instanceSizeTable(await shippedSizes()));
  const applies = `${product} IN (${products.map((code) => `'${code}'`).join(', ')})`;
  const counts = `u.weight IS NOT NULL AND (NOT u.by_instance_size OR ${isInstanceHour(product)})`;
  return {
    joins: `
LEFT JOIN ${unitTable.table} u ON u.product_code = ${product} AND u.unit = b.unit
${instanceSizeJoin(sizes)}`,
    applies,
    weight: `CASE WHEN ${counts} THEN u.weight * CASE WHEN u.by_instance_size THEN ${INSTANCE_FACTOR} ELSE 1 END ELSE 0 END`,
    isUnmeasured: `${applies} AND NOT (${counts})`,
  };
}
