import { foundIn } from '../../sql/patterns';
import { orNull } from './bill-format';
import { valueInProduct } from './product-map';

/* The Region of a line of a bill, in SQL that DuckDB and Trino share. */

/** Locations of data transfer that are not Regions. */
const NO_REGION = `'External', 'Any', 'Anywhere'`;

/** SQL of the Region that data transfer comes from or goes to; NULL for the internet. */
export function regionOfTransfer(column: string): string {
  return `CASE WHEN ${column} NOT IN (${NO_REGION}) THEN ${orNull(column)} END`;
}

/** SQL of an availability zone without its letter; NULL for a zone's id, such as use1-az1. */
export function regionOfZone(column: string): string {
  return foundIn(column, '^(.*[0-9])[a-z]$', 1);
}

/** SQL of the Region in the map `product` of a CUR 2.0, under the keys `region` and `region_code`. */
export function regionInProduct(column: string): string {
  const values = ['region', 'region_code'].map((key) =>
    valueInProduct(column, key, '[A-Za-z0-9][A-Za-z0-9._-]*'),
  );
  return `coalesce(${values.join(', ')})`;
}

/**
 * SQL of the Region that a line counts to: the code itself where it is known, else the Region that it is a zone of, else
 * the code.
 *
 * @param known SQL that is NULL where the code is not known
 */
export function knownRegion(column: string, known: string): string {
  const parent = foundIn(column, '^([a-z]{2}(?:-[a-z]+)+-[0-9]+)(?:[a-z]|-[a-z0-9-]+)$', 1);
  return `coalesce(${known}, ${parent}, ${column})`;
}

/** Pattern of the codes of Local Zones and of Wavelength Zones, such as us-east-1-bos-1. */
export const LOCAL_ZONE = '^[a-z]{2}(-[a-z]+)+-[0-9]+-[a-z0-9-]+$';
