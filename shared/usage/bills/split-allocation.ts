import { exactSum, LONG } from '../../sql/exact-decimals';
import { matches } from '../../sql/patterns';
import type { EstateSettings } from '../../estate/estate-settings';
import type { TextColumns } from '../../sql/text-columns';
import { firstOf, orNull } from './bill-format';

/*
 * AWS's split cost allocation data of Amazon EKS, Amazon ECS and AWS Batch, in SQL that DuckDB and Trino share. An
 * instance has its cost in its own lines. Every pod or task on it has further lines: their cost is 0, and
 * split_line_item_* have the instance (the parent), the part of its cost that the pod used, and the part of the unused
 * cost that falls to the pod. A task on AWS Fargate has no parent and its own cost.
 */

type CostColumn = EstateSettings['cur']['revenue_column'];

/** The columns of split and unused cost that belong to a cost column. */
const PREFIXES: Readonly<Record<CostColumn, string>> = {
  pricing_public_on_demand_cost: 'public_on_demand_',
  line_item_unblended_cost: '',
  line_item_net_unblended_cost: 'net_',
};

/** Returns the columns of split cost allocation that are read from a file. */
export function allocationColumns(cost: CostColumn, columns: ReadonlySet<string>): TextColumns {
  return [
    [firstOf(columns, [PARENT_COLUMN]), 'parent'],
    [allocatedColumn('split', cost, columns), 'split_cost', 'amount'],
    [allocatedColumn('unused', cost, columns), 'unused_cost', 'amount'],
    [firstOf(columns, ['line_item_resource_id']), 'line_resource'],
  ];
}

/** The column of a file that has the split or the unused cost of pods and tasks; undefined where it has none. */
export function allocatedColumn(
  kind: 'split' | 'unused',
  cost: CostColumn,
  columns: ReadonlySet<string>,
): string | undefined {
  const ofCost = `split_line_item_${PREFIXES[cost]}${kind}_cost`;
  return firstOf(columns, [ofCost, `split_line_item_${kind}_cost`]);
}

/** Column that a file with split cost allocation data has. */
export const PARENT_COLUMN = 'split_line_item_parent_resource_id';

/** True for a line of a pod or task whose cost is in the lines of its instance. */
export const IS_ALLOCATED = `${orNull('parent')} IS NOT NULL`;

/** Reason why such a line is left out. */
export const OF_ALLOCATION = 'of split cost allocation, whose cost is in the lines of their instances,';

/** SQL of the columns of split cost allocation of a line. */
export function allocation(usageType: string): string {
  const amount = (name: string): string => exactSum(`${name}_short`, `${name}_long`);
  const isInstance = `(${orNull(usageType)} IS NULL OR ${matches(usageType, '(?:BoxUsage|SpotUsage|DedicatedUsage)')})`;
  return `CASE WHEN ${isInstance} AND NOT (${IS_ALLOCATED}) THEN ${orNull('line_resource')} END AS node_id,
  ${orNull('parent')} AS parent_id,
  CASE WHEN ${IS_ALLOCATED} THEN CAST(${amount('split_cost')} + ${amount('unused_cost')} AS ${LONG}) END AS allocated,
  split_cost, split_cost_bad, unused_cost, unused_cost_bad`;
}

/** The same columns of a kind of bill without such data. */
export const NO_ALLOCATION = `CAST(NULL AS VARCHAR) AS node_id, CAST(NULL AS VARCHAR) AS parent_id,
  CAST(NULL AS ${LONG}) AS allocated,
  CAST(NULL AS VARCHAR) AS split_cost, false AS split_cost_bad, CAST(NULL AS VARCHAR) AS unused_cost, false AS unused_cost_bad`;
