import type { SumOfArray } from '../../sql/dialect';

/**
 * The export's rows in kgCO2e: driver times kg per unit of driver. Where several services or clusters fall in one
 * row, the parts are sorted before they are added, so that the last bit does not depend on threads.
 */
export function allocationStatement(sumOfArray: SumOfArray): string {
  const categories = ['scope_1_kg', 'scope_2_lbm_kg', 'scope_2_mbm_kg'];
  const part = (category: string): string => `d.amount * f.${category}`;
  const customers = `
FROM driver d
JOIN factor f ON f.pair_id = d.pair_id
LEFT JOIN internal_account i ON i.account_number = d.account_number
WHERE i.account_number IS NULL AND d.amount > 0`;
  return `
SELECT d.account_number, f.row_id, ${categories.map((category) => `${part(category)} AS ${category}`).join(', ')}${customers} AND NOT f.adds_up
UNION ALL
SELECT account_number, row_id, ${categories.map((category) => `${sumOfArray(category)} AS ${category}`).join(', ')}
FROM (
  SELECT d.account_number, f.row_id, ${categories.map((category) => `array_sort(array_agg(${part(category)})) AS ${category}`).join(', ')}${customers} AND f.adds_up
  GROUP BY d.account_number, f.row_id
) parts`;
}
