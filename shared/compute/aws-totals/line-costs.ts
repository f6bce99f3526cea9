import type { EstateSettings } from '../../estate/estate-settings';
import { isAccountId, paddedId } from '../../sql/account-ids';
import { LONG } from '../../sql/exact-decimals';
import type { Relation } from '../../sql/relation';
import { isIn } from '../../usage/bills/bill-lines';
import { knownRegion } from '../../usage/bills/line-region';
import { GLOBAL_REGION } from './carbon-columns';
import type { CarbonPlaces } from './carbon-rows';
import type { MeasuredSql } from './measured-usage';

/** What the cost of a line depends on. */
export interface LineCostSql {
  readonly settings: EstateSettings;
  /** AWS's code of each service by its name in FOCUS. */
  readonly names: Relation<{ readonly service_name: 'VARCHAR'; readonly product_code: 'VARCHAR' }>;
  /** The Regions that AWS's rows have. */
  readonly regions: CarbonPlaces;
  /** Absent where no service is split by quantity. */
  readonly measured?: MeasuredSql;
  /** Absent where the month's bills have one currency. */
  readonly rates?: Relation<{ readonly currency: 'VARCHAR'; readonly rate: 'DOUBLE' }>;
}

/** Lines of bills, or sums of them. */
export interface CostSource {
  /** SQL of the relation. */
  readonly from: string;
  /** SQL of the part of a service. */
  readonly part: string;
  /** SQL of an amount as a long decimal. */
  readonly exact: (name: 'cost' | 'quantity') => string;
  /** Further columns of the relation to return. */
  readonly more?: readonly string[];
}

/** SQL of a line's product: the service's code, or its name where neither the bill nor the shipped map has a code. */
export const PRODUCT_OF_COST = `coalesce(b.service_code, s.product_code, b.service_name, '(no service)')`;

/**
 * SQL of the costs of lines with their service; of a service that is split by quantity, of its quantities. A charge across
 * a month's end counts by its part of the time.
 */
export function costOfLines(
  { settings, names, regions, measured, rates }: LineCostSql,
  { from, part, exact, more = [] }: CostSource,
): string {
  const factor = rates === undefined ? 'b.part' : 'b.part * coalesce(x.rate, 0)';
  const cost = times(exact('cost'), factor);
  const quantity = (weight: string): string => times(exact('quantity'), `b.part * ${weight}`);
  return `
SELECT ${accountOf(settings)} AS account_id, ${payerOf(settings)} AS payer_id, b.lines,${more.map((column) => ` b.${column},`).join('')}
  CASE WHEN b.region_id IS NULL OR lower(b.region_id) = '${GLOBAL_REGION}' THEN '${GLOBAL_REGION}' ELSE ${knownRegion('b.region_id', 'own.region_id')} END AS region,
  ${PRODUCT_OF_COST} AS product_code,
  b.service_code IS NULL AND s.product_code IS NULL AS is_named,
  b.service_code IS NOT NULL AS has_code,
  ${part} AS part,
  ${measured?.isUnmeasured ?? 'false'} AS is_unmeasured,
  ${measured === undefined ? cost : `CASE WHEN ${measured.applies} THEN ${quantity(measured.weight)} ELSE ${cost} END`} AS cost,
  ${cost} AS list_cost, b.priced_lines
FROM ${from} b
LEFT JOIN ${regions.table} own ON own.region_id = b.region_id
LEFT JOIN ${names.table} s ON s.service_name = b.service_name${rates === undefined ? '' : `\nLEFT JOIN ${rates.table} x ON x.currency = b.currency`}${measured?.joins ?? ''}
WHERE ${isIn('here')}`;
}

/** SQL of an exact amount times a factor; the factor 1 leaves it exact. */
function times(exact: string, factor: string): string {
  return `CASE WHEN ${factor} = 1 THEN ${exact} ELSE CAST(CAST(${exact} AS DOUBLE) * (${factor}) AS ${LONG}) END`;
}

/** SQL of the account that pays for a line; NULL where the bill does not name a valid one. */
function payerOf({ pad_account_ids: isPadded }: EstateSettings): string {
  const payer = isPadded ? paddedId('payer_id') : 'payer_id';
  return `CASE WHEN ${isAccountId(payer)} THEN ${payer} END`;
}

/** SQL of a line's account id. */
export function accountOf({ pad_account_ids: isPadded }: EstateSettings): string {
  return isPadded ? paddedId('account_id') : 'account_id';
}
