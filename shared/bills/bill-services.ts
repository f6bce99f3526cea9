import type { SmallTable } from '../engine/small-table';
import type { ServiceNames } from './service-names';

/**
 * Which product a line of a bill is of, and what of its quantity counts, as parts of a statement over lines `b`:
 * the estate's own name for it goes first, then AWS's code of the service where services.csv has it, then the name.
 */
export const PRODUCT_OF_LINE = {
  joins: `
LEFT JOIN bill_own_service o ON o.name = b.service_name
LEFT JOIN bill_product c ON c.product_code = b.service_code
LEFT JOIN bill_service n ON n.name = b.service_name
LEFT JOIN bill_unit q ON q.name = coalesce(o.name, c.product_code, n.name) AND q.unit = b.unit`,
  product: 'coalesce(o.product_code, c.product_code, n.product_code)',
  /** What a quantity is multiplied by; NULL where it does not count. */
  weight: 'q.weight',
} as const;

/** The tables that {@link PRODUCT_OF_LINE} refers to. */
export function serviceTables({ services, own, productCodes }: ServiceNames): SmallTable[] {
  const named = (isOwn: boolean): [string, string][] => [
    ...new Map(
      services
        .filter(({ serviceName }) => own.has(serviceName) === isOwn)
        .map(({ serviceName, productCode }) => [serviceName, productCode]),
    ),
  ];
  const names = [
    ['name', 'VARCHAR'],
    ['product_code', 'VARCHAR'],
  ] as const;
  return [
    { name: 'bill_own_service', columns: names, rows: named(true) },
    { name: 'bill_service', columns: names, rows: named(false) },
    {
      name: 'bill_product',
      columns: [['product_code', 'VARCHAR']],
      rows: productCodes.map((code) => [code]),
    },
    {
      name: 'bill_unit',
      columns: [
        ['name', 'VARCHAR'],
        ['unit', 'VARCHAR'],
        ['weight', 'DOUBLE'],
      ],
      rows: weights(services),
    },
  ];
}

/** Units by name, and by product code for lines that have no name. */
function weights(services: ServiceNames['services']): [string, string, number][] {
  const units = new Map<string, [string, string, number]>();
  for (const { serviceName, productCode, unit, weight } of services) {
    if (unit === '') continue;
    units.set(JSON.stringify([serviceName, unit]), [serviceName, unit, weight]);
    const byCode = JSON.stringify([productCode, unit]);
    if (!units.has(byCode)) units.set(byCode, [productCode, unit, weight]);
  }
  return [...units.values()];
}
