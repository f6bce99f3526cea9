import { orNull } from './bill-format';

/*
 * The Region of a line of a bill, in SQL that DuckDB and Trino share. DuckDB returns '' where a pattern does not match,
 * Trino NULL.
 */

/** Locations of data transfer that are not Regions. */
const NO_REGION = `'External', 'Any', 'Anywhere'`;

/** SQL of the Region that data transfer comes from or goes to; NULL for the internet. */
export function regionOfTransfer(column: string): string {
  return `CASE WHEN ${column} NOT IN (${NO_REGION}) THEN ${orNull(column)} END`;
}

/** SQL of an availability zone without its letter; NULL for a zone's id, such as use1-az1. */
export function regionOfZone(column: string): string {
  return `nullif(regexp_extract(${column}, '^(.*[0-9])[a-z]$', 1), '')`;
}

/**
 * SQL of the Region in the map `product` of a CUR 2.0, under the keys `region` and `region_code`. The map is a text: JSON,
 * Python's text of a dictionary or of a list of pairs, or DuckDB's text `{region=us-east-1}`.
 */
export function regionInProduct(column: string): string {
  const values = ['region', 'region_code'].map((key) => valueInProduct(column, key));
  return `CASE WHEN ${orNull(column)} IS NOT NULL THEN coalesce(${values.join(', ')}) END`;
}

function valueInProduct(column: string, key: string): string {
  const json = `json_extract_scalar(${column}, '$.${key}')`;
  const separator = `["'']?\\s*(?:[:=,]|,\\s*["'']?value["'']?\\s*[:=])`;
  const pattern = `[{(\\[,\\s"'']${key}${separator}\\s*["'']?([A-Za-z0-9][A-Za-z0-9._-]*)["'']?\\s*[,})\\]]`;
  const text = `regexp_extract(${column}, '${pattern}', 1)`;
  // A JSON object begins with a quoted key.
  return `CASE WHEN ${column} LIKE '{"%' THEN ${orNull(json)} ELSE nullif(nullif(${orNull(text)}, 'None'), 'null') END`;
}

/**
 * SQL of the Region that a line counts to: the code itself where it is known, else the Region that it is a zone of, else
 * the code.
 *
 * @param known SQL that is NULL where the code is not known
 */
export function knownRegion(column: string, known: string): string {
  const parent = `regexp_extract(${column}, '^([a-z]{2}(?:-[a-z]+)+-[0-9]+)(?:[a-z]|-[a-z0-9-]+)$', 1)`;
  return `coalesce(${known}, nullif(${parent}, ''), ${column})`;
}

/** Pattern of the codes of Local Zones and of Wavelength Zones, such as us-east-1-bos-1. */
export const LOCAL_ZONE = '^[a-z]{2}(-[a-z]+)+-[0-9]+-[a-z0-9-]+$';
