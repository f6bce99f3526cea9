import { matches } from '../../sql/patterns';
import { orNull } from './bill-format';

/*
 * What is billed through AWS Marketplace, in SQL that DuckDB and Trino share. AWS's boundary leaves out software of other
 * companies. Models of other companies on Amazon Bedrock are billed through it too, and run on AWS.
 */

/** Code and name of the service that models of other companies are usage of. */
const BEDROCK = { code: 'AmazonBedrock', name: 'Amazon Bedrock' } as const;

/** Columns of a line, or SQL of them, that the bill's own words are in. */
export interface ChargeWords {
  readonly code: string;
  readonly name: string;
  readonly usageType: string;
  /** SQL that is true for a line that another company sells. */
  readonly isOfOthers: string;
}

/** How a line that may be billed through AWS Marketplace is read. */
export interface MarketplaceSql {
  /** AWS's code of the service; NULL for a product of another company, whose code is a random id. */
  readonly serviceCode: string;
  readonly serviceName: string;
  /** True for software of others. */
  readonly isSoftware: string;
  /** True for a model on Amazon Bedrock. */
  readonly isModel: string;
  /** Further columns of a line, in a list that begins with a comma. The resource of a line of a model is its name. */
  readonly more: (columns: readonly string[]) => string;
}

/** Returns the SQL of lines by these words of the bill. */
export function marketplaceSql({ code, name, usageType, isOfOthers }: ChargeWords): MarketplaceSql {
  // Ids of products: 24 to 26 small letters and digits, or prod- and more of them.
  const isId = matches(code, '^([0-9a-z]{24,26}|prod-[0-9a-z]+)$');
  const isSold = `(${isOfOthers} OR ${isId})`;
  // AWS names them `Claude Sonnet 4 (Amazon Bedrock Edition)`; an export without names has usage types of tokens.
  const isModel = `(${matches(name, 'Bedrock Edition')} OR (${isSold} AND (${matches(name, 'Bedrock')} OR ${matches(usageType, 'MP:[A-Z0-9]+_[A-Za-z]*TokenCount')})))`;
  const resource = `CASE WHEN ${isModel} THEN coalesce(${orNull(name)}, resource_id) ELSE resource_id END`;
  return {
    serviceCode: `CASE WHEN ${isModel} THEN '${BEDROCK.code}' WHEN NOT ${isSold} THEN ${orNull(code)} END`,
    serviceName: `CASE WHEN ${isModel} THEN '${BEDROCK.name}' ELSE ${orNull(name)} END`,
    isSoftware: `(${isSold} AND NOT ${isModel})`,
    isModel,
    more: (columns) =>
      columns.map((column) => `, ${column === 'resource_id' ? resource : column} AS ${column}`).join(''),
  };
}
