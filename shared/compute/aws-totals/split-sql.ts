import { EMISSIONS, valueColumn } from '../../exports/emissions';
import type { SumOfArray } from '../../sql/dialect';

/*
 * AWS's rows split over the account's own usage, as SQL:
 *
 *   carbon_row(row_id, usage_account_id, …, place, service_group, <values>)      AWS's rows, MTCO2e
 *   service_cost(account_id, place, service_group, product_code, part, cost)     list cost of the account's usage
 *   share(row_id, product_code, part, cost, total, place_of_size)                a part of a row with a cost above 0
 *   split_row(row_id, product_code, part, is_split, <values>)                    the export's rows, MTCO2e
 */

/** What of a row each service's cost is a part of; services whose cost is not above 0 take nothing. */
export const SHARES = `
SELECT a.row_id, c.product_code, c.part, CAST(c.cost AS DOUBLE) AS cost,
  CAST(SUM(c.cost) OVER (PARTITION BY a.row_id) AS DOUBLE) AS total,
  row_number() OVER (PARTITION BY a.row_id ORDER BY c.cost DESC, c.product_code, c.part) AS place_of_size
FROM carbon_row a
JOIN service_cost c ON c.account_id = a.usage_account_id AND c.place = a.place AND c.service_group = a.service_group
WHERE c.cost > 0`;

/**
 * The parts of every row. Each is the row's value times its share of the cost; the largest is what the others leave, so
 * that the parts add up to AWS's row. A row without a matching cost stays whole under AWS's product.
 */
export function splitRows(sumOfArray: SumOfArray): string {
  const columns = EMISSIONS.map(valueColumn);
  // The division goes first: a value times a cost could leave the range of doubles.
  const partOf = (column: string): string => `a.${column} * (s.cost / s.total)`;
  const others = columns.map(
    (column) => `${sumOfArray(`array_sort(array_agg(${partOf(column)}))`)} AS ${column}`,
  );
  const values = columns.map(
    (column) =>
      `CASE WHEN s.place_of_size = 1 THEN a.${column} - coalesce(o.${column}, 0) ELSE ${partOf(column)} END AS ${column}`,
  );
  return `
SELECT s.row_id, s.product_code, s.part, true AS is_split, ${values.join(', ')}
FROM share s
JOIN carbon_row a ON a.row_id = s.row_id
LEFT JOIN (
  SELECT s.row_id, ${others.join(', ')}
  FROM share s JOIN carbon_row a ON a.row_id = s.row_id
  WHERE s.place_of_size > 1
  GROUP BY s.row_id
) o ON o.row_id = s.row_id
UNION ALL
SELECT a.row_id, a.product_code, CAST(NULL AS VARCHAR) AS part, false AS is_split, ${columns.map((column) => `a.${column}`).join(', ')}
FROM carbon_row a
WHERE a.row_id NOT IN (SELECT row_id FROM share)`;
}
