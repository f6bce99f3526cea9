import { defined } from '../../../base/defined';
import { groupBy } from '../../../base/group';
import { decimal, type Fraction, isPositive, sum, ZERO } from './rational';

/** A row of AWS's carbon export, values as texts; a blank or null region_code and `global` are the same. */
export type NaiveCarbonRow = {
  readonly account: string;
  readonly payer?: string;
  readonly region: string;
  readonly product: string;
  /** By column; absent: AWS has no value. */
  readonly values: Readonly<Record<string, string>>;
};

/** A line of an account's usage: its list cost as a text; the region is blank where it has none. */
export type NaiveCostLine = {
  readonly account: string;
  /** Blank where the bill names no payer: the line counts for every payer. */
  readonly payer?: string;
  readonly region: string;
  readonly service: string;
  readonly cost: string;
  /** Value of the breakdown: of a tag or cost category, or the resource. */
  readonly part?: string;
};

/** A part of one of AWS's rows, exact. */
export type NaivePart = {
  readonly service: string;
  /** Of a service that is broken down. */
  readonly part?: string;
  readonly isSplit: boolean;
  readonly values: Readonly<Record<string, Fraction>>;
};

/** Products that are separate groups in every month. */
export const NAMED_PRODUCTS: readonly string[] = ['AmazonEC2', 'AmazonS3', 'AmazonCloudFront'];

/**
 * Returns the parts of one row of AWS: its values in proportion to the list cost of the account's usage in that Region of
 * the services in that group. Written to be compared with docs/methodology.md, not to be fast.
 *
 * @param products all products that AWS's rows of the month have
 * @example
 * naiveParts(row, lines, new Set(['AmazonEC2', 'Other']));
 */
export function naiveParts(
  row: NaiveCarbonRow,
  lines: readonly NaiveCostLine[],
  products: ReadonlySet<string>,
): NaivePart[] {
  const own = (service: string): boolean =>
    NAMED_PRODUCTS.includes(service) || (service !== 'Other' && products.has(service));
  const groupOf = (service: string): string => (own(service) ? service : 'Other');
  const matching = lines.filter(
    ({ account, payer = '', region, service }) =>
      account === row.account &&
      (payer === '' || payer === row.payer) &&
      groupOf(service) === row.product &&
      (placeOf(region) === placeOf(row.region) ||
        (placeOf(row.region) === 'global' && service === 'AmazonCloudFront')),
  );
  const keyOf = ({ service, part }: NaiveCostLine): string => JSON.stringify([service, part]);
  const costs = [...groupBy(matching, keyOf).values()]
    .flatMap((lines) =>
      lines.slice(0, 1).map((line) => ({ line, cost: sum(lines.map(({ cost }) => decimal(cost))) })),
    )
    .filter(({ cost }) => isPositive(cost));
  const total = costs.reduce((all, { cost }) => all.add(cost), ZERO);
  const valuesFor = (share: Fraction): Record<string, Fraction> =>
    Object.fromEntries(
      Object.entries(row.values).map(([column, value]) => [column, decimal(value).mul(share)]),
    );
  if (costs.length === 0) {
    const values = Object.fromEntries(Object.entries(row.values).map(([c, value]) => [c, decimal(value)]));
    return [{ service: row.product, isSplit: false, values }];
  }
  return costs.map(({ line: { service, part }, cost }) => ({
    service,
    ...defined({ part }),
    isSplit: true,
    values: valuesFor(cost.div(total)),
  }));
}

function placeOf(region: string): string {
  return region === '' || region.toLowerCase() === 'global' ? 'global' : region;
}
