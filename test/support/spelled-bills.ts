import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { textLiteral } from '../../shared/sql/dialect';
import { type DuckSession, withSession } from '../../shared/sql/duck-session';
import { shippedServices } from '../../shared/usage/bills/shipped-tables';

/** A bill as one kind of export has it: its table, its format and the SELECT that makes it of FOCUS lines. */
interface Spelling {
  readonly table: 'focus' | 'cur';
  readonly format: 'csv' | 'parquet';
  readonly columns: Readonly<Record<string, string>>;
  /** Writes the names of columns in capitals. */
  readonly isUpperCase?: boolean;
}

/** A bill in one spelling. */
export interface SpelledBill {
  readonly name: string;
  /** Below the inputs' root, without the month's folder. */
  readonly table: 'focus' | 'cur';
  readonly file: string;
  readonly content: Buffer;
}

const FOCUS = Object.fromEntries(
  [
    ...[
      'SubAccountId',
      'BillingAccountId',
      'RegionId',
      'AvailabilityZone',
      'ServiceName',
      'ConsumedQuantity',
    ],
    ...[
      'ConsumedUnit',
      'ListCost',
      'BillingCurrency',
      'ChargePeriodStart',
      'ChargePeriodEnd',
      'ChargeCategory',
    ],
    ...['CommitmentDiscountStatus', 'ProviderName', 'PublisherName', 'ResourceId', 'EffectiveCost'],
  ].map((name) => [name, name]),
);

/** The columns of FOCUS by the names of CUR 2.0. */
const CUR = {
  line_item_usage_account_id: 'SubAccountId',
  bill_payer_account_id: 'BillingAccountId',
  product_region_code: 'RegionId',
  line_item_availability_zone: 'AvailabilityZone',
  line_item_product_code: 'coalesce(code, ServiceName)',
  line_item_usage_amount: 'ConsumedQuantity',
  pricing_unit: 'ConsumedUnit',
  pricing_public_on_demand_cost: 'ListCost',
  pricing_currency: 'BillingCurrency',
  line_item_usage_start_date: 'ChargePeriodStart',
  line_item_usage_end_date: 'ChargePeriodEnd',
  line_item_line_item_type: `CASE WHEN ChargeCategory <> 'Usage' THEN ChargeCategory WHEN CommitmentDiscountStatus = 'Unused' THEN 'RIFee' ELSE 'Usage' END`,
  bill_billing_entity: `CASE WHEN PublisherName LIKE 'Amazon%' OR PublisherName LIKE 'AWS%' THEN 'AWS' ELSE 'AWS Marketplace' END`,
  line_item_resource_id: 'ResourceId',
};

const entries = (pair: string): string => `list_transform(map_entries(tags), lambda e: ${pair})`;

const joined = (open: string, pair: string, close: string): string =>
  `CASE WHEN tags IS NOT NULL THEN '${open}' || array_to_string(${entries(pair)}, ', ') || '${close}' END`;

/** A key as the maps of CUR 2.0 have it. */
const SMALL = `'user_' || regexp_replace(lower(regexp_replace(e.key, '([A-Z])', '_\\1', 'g')), '[^0-9a-z]+', '_', 'g')`;

const SMALL_MAP = `map_from_entries(${entries(`{'key': ${SMALL}, 'value': e.value}`)})`;

const NUMBERS = (columns: readonly string[]): Record<string, string> =>
  Object.fromEntries(columns.map((column) => [column, `CAST(${column} AS DOUBLE)`]));

const TIMES = {
  line_item_usage_start_date: 'CAST(ChargePeriodStart AS TIMESTAMP)',
  line_item_usage_end_date: 'CAST(ChargePeriodEnd AS TIMESTAMP)',
};

const SPELLINGS: Readonly<Record<string, Spelling>> = {
  'FOCUS, JSON texts in CSV': {
    table: 'focus',
    format: 'csv',
    columns: { ...FOCUS, Tags: 'CAST(to_json(tags) AS VARCHAR)' },
  },
  'FOCUS, maps and doubles in Parquet': {
    table: 'focus',
    format: 'parquet',
    columns: { ...FOCUS, ...NUMBERS(['ConsumedQuantity', 'ListCost']), Tags: 'tags' },
  },
  'FOCUS, tuples of Python in CSV': {
    table: 'focus',
    format: 'csv',
    columns: { ...FOCUS, Tags: joined('[', `'(''' || e.key || ''', ''' || e.value || ''')'`, ']') },
  },
  'FOCUS, lists of structures in Parquet, columns in capitals': {
    table: 'focus',
    format: 'parquet',
    columns: { ...FOCUS, Tags: entries(`{'key': 'user:' || e.key, 'value': e.value}`) },
    isUpperCase: true,
  },
  'CUR 2.0, JSON texts in CSV': {
    table: 'cur',
    format: 'csv',
    columns: { ...CUR, resource_tags: `CAST(to_json(${SMALL_MAP}) AS VARCHAR)` },
  },
  'CUR 2.0, maps, doubles and timestamps in Parquet': {
    table: 'cur',
    format: 'parquet',
    columns: {
      ...CUR,
      ...TIMES,
      line_item_usage_amount: 'CAST(ConsumedQuantity AS DOUBLE)',
      pricing_public_on_demand_cost: 'CAST(ListCost AS DOUBLE)',
      resource_tags: SMALL_MAP,
    },
  },
  'CUR 2.0, maps of DuckDB in CSV': {
    table: 'cur',
    format: 'csv',
    columns: { ...CUR, resource_tags: `CAST(${SMALL_MAP} AS VARCHAR)` },
  },
  'CUR 2.0, one column per tag in Parquet': {
    table: 'cur',
    format: 'parquet',
    columns: {
      ...CUR,
      resource_tags_user_environment: `tags['environment']`,
      resource_tags_user_business_unit: `tags['business_unit']`,
    },
  },
  'CUR 2.0, the column tags as maps of Spark in CSV': {
    table: 'cur',
    format: 'csv',
    columns: { ...CUR, tags: joined('{', `'resourceTags/user:' || e.key || ' -> ' || e.value`, '}') },
  },
  'CUR 2.0, lists of pairs in Parquet': {
    table: 'cur',
    format: 'parquet',
    columns: { ...CUR, resource_tags: entries(`[${SMALL}, e.value]`) },
  },
};

/** Returns a bill of FOCUS 1.0, whose tags are JSON and nulls the text NULL, in every spelling. */
export function spelledBills(focusCsv: string): Promise<SpelledBill[]> {
  return withSession({}, async (session) => {
    const codes = await session.load({
      columns: { name: 'VARCHAR', code: 'VARCHAR' },
      rows: new Map((await shippedServices()).map((row) => [row.service_name, row.product_code])),
    });
    const lines = await session.tableOf(
      `SELECT f.*, c.code, CAST(CAST(nullif(f.Tags, '') AS JSON) AS MAP(VARCHAR, VARCHAR)) AS tags_of_line
       FROM read_csv(${textLiteral(focusCsv)}, all_varchar = true, nullstr = 'NULL') f LEFT JOIN ${codes.table} c ON c.name = f.ServiceName`,
    );
    const bills: SpelledBill[] = [];
    for (const [name, spelling] of Object.entries(SPELLINGS)) {
      const content = await written(session, lines.table, spelling);
      bills.push({ name, table: spelling.table, file: `bill.${spelling.format}`, content });
    }
    return bills;
  });
}

async function written(
  session: DuckSession,
  lines: string,
  { format, columns, isUpperCase = false }: Spelling,
): Promise<Buffer> {
  const list = Object.entries(columns).map(
    ([name, sql]) => `${sql} AS "${isUpperCase ? name.toUpperCase() : name}"`,
  );
  const path = join(session.scratch, `bill.${format}`);
  await session.run(
    `COPY (SELECT ${list.join(', ')} FROM (SELECT * EXCLUDE (Tags, tags_of_line), tags_of_line AS tags FROM ${lines}) l) TO ${textLiteral(path)} (FORMAT ${format})`,
  );
  return readFile(path);
}
