import { CATEGORIES } from '../../method/categories';

/*
 * The export's rows broken down, in DuckDB's SQL:
 *
 *   part_driver(account_number, pair_id, split_value, amount, …)   what each part of an account did
 *   part(account_number, row_id, split_value, scope_1_kg, …)       the rows of `allocation`, broken down; they add up to it
 */

const PARTS = CATEGORIES.map((category) => `${category}_kg`);

/**
 * Each account's emission from a service is broken down by the same driver: a part's is its own sum, and what is net-negative
 * counts as 0. Parts of several services or clusters that fall in one row are added in the order of their size, so that
 * the last bit does not depend on threads.
 */
export const BREAKDOWN_STATEMENT = `
SELECT account_number, row_id, split_value, ${PARTS.map((part) => `list_sum(array_sort(array_agg(${part}))) AS ${part}`).join(', ')}
FROM (
  SELECT p.account_number, f.row_id, p.split_value,
    ${PARTS.map((part) => `d.amount * f.${part} * (p.amount / t.amount) AS ${part}`).join(',\n    ')}
  FROM part_driver p
  JOIN (
    SELECT account_number, pair_id, list_sum(array_sort(array_agg(amount))) AS amount
    FROM part_driver WHERE amount > 0 GROUP BY account_number, pair_id
  ) t ON t.account_number = p.account_number AND t.pair_id = p.pair_id
  JOIN driver d ON d.account_number = p.account_number AND d.pair_id = p.pair_id
  JOIN factor f ON f.pair_id = p.pair_id
  LEFT JOIN internal_account i ON i.account_number = p.account_number
  WHERE p.amount > 0 AND d.amount > 0 AND i.account_number IS NULL
) parts
GROUP BY account_number, row_id, split_value`;

/** What the rows lack of what they were broken down from, which rounding leaves, is given to the largest part. */
export const ADJUST_STATEMENT = `
UPDATE part SET ${PARTS.map((part) => `${part} = part.${part} + l.${part}`).join(', ')}
FROM (
  SELECT s.account_number, s.row_id, s.largest, ${PARTS.map((part) => `a.${part} - s.${part} AS ${part}`).join(', ')}
  FROM allocation a
  JOIN (
    SELECT account_number, row_id, max(struct_pack(weight := ${PARTS.join(' + ')}, split_value := split_value)).split_value AS largest,
      ${PARTS.map((part) => `list_sum(array_sort(array_agg(${part}))) AS ${part}`).join(', ')}
    FROM part GROUP BY account_number, row_id
  ) s ON s.account_number = a.account_number AND s.row_id = a.row_id
) l
WHERE part.account_number = l.account_number AND part.row_id = l.row_id AND part.split_value = l.largest`;

/** Rows that are not what their parts add up to, to 1e-12 of them, and rows without parts. */
export const UNBALANCED_ROWS = `
SELECT COUNT(*) AS n
FROM allocation a
LEFT JOIN (
  SELECT account_number, row_id, ${PARTS.map((part) => `list_sum(array_sort(array_agg(${part}))) AS ${part}`).join(', ')}
  FROM part GROUP BY account_number, row_id
) s ON s.account_number = a.account_number AND s.row_id = a.row_id
WHERE s.row_id IS NULL OR ${PARTS.map((part) => `NOT (abs(s.${part} - a.${part}) <= 1e-12 * a.${part})`).join(' OR ')}`;
