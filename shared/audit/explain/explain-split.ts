import type { AccountId } from '../../base/account-id';
import { groupBy } from '../../base/group';
import { asMtco2e, type Mtco2e, toKg } from '../../base/mass';
import { SHOWN } from '../../base/shown';
import type { SplitInputs, SplitMonth } from '../../compute/aws-totals/split-month';
import { literalPath } from '../../sql/dialect';
import { type DuckSession, numberIn, type SqlRow, textIn } from '../../sql/duck-session';
import type { ExplainedRow } from './explain-account';
import { type Explanation, explanation, type InputPlace } from './explanation';

/** Which of an account's rows are explained. */
export interface SplitQuestion {
  readonly accountId: AccountId;
  readonly productCode?: string;
  readonly regionCode?: string;
  /** Column of the value, MTCO2e. */
  readonly column: string;
}

/** A part of one of AWS's rows. */
interface Part {
  readonly regionCode: string;
  readonly productCode: string;
  readonly mtco2e: Mtco2e;
  /** Emissions of AWS's row. */
  readonly aws: Mtco2e;
  readonly payer: string;
  /** AWS's product, or Other, and the Region whose cost it is split by, or `global`. */
  readonly group: string;
  readonly place: string;
  readonly row: InputPlace;
  /** List cost of the service and of all services of the group; absent where the row stays whole. */
  readonly costs?: { readonly own: number; readonly all: number };
}

/**
 * Explains an account's rows of a month of AWS's totals: AWS's row with all its parts, and the lines of the bills that a
 * part's share comes from. Values that AWS does not report are not rows.
 */
export async function explainSplit(
  session: DuckSession,
  inputs: SplitInputs,
  split: SplitMonth,
  question: SplitQuestion,
): Promise<ExplainedRow[]> {
  const parts = await partsOf(session, inputs, split, question);
  const source: PartSource = { inputs, split, accountId: question.accountId };
  const rows: ExplainedRow[] = [];
  for (const siblings of groupBy(parts, ({ row }) => `${row.file} ${String(row.row)}`).values()) {
    for (const part of siblings) {
      const { regionCode, productCode, mtco2e } = part;
      if (question.productCode !== undefined && question.productCode !== productCode) continue;
      if (question.regionCode !== undefined && question.regionCode !== regionCode) continue;
      rows.push({
        ...{ regionCode, productCode, kg: toKg(mtco2e) },
        path: pathOf(siblings, part, driverOf(inputs, part)),
        source: await sourceOf(session, source, part),
      });
    }
  }
  return rows;
}

/** The fact that a part's share is computed from. */
function driverOf({ bills }: SplitInputs, { productCode }: Part): 'quantity' | 'list_cost' {
  const measured: readonly string[] = bills?.settings.bills.split_by_quantity ?? [];
  return measured.includes(productCode) ? 'quantity' : 'list_cost';
}

async function partsOf(
  session: DuckSession,
  { carbon: files }: SplitInputs,
  { carbon, rows: splitRows, shares }: SplitMonth,
  { accountId, column }: SplitQuestion,
): Promise<Part[]> {
  const rows = await session.rows(
    `SELECT s.product_code, s.is_split, s.${column} AS mtco2e, a.${column} AS aws, a.file_id, CAST(a.line AS DOUBLE) AS line,
       coalesce(a.region_code, '') AS region_code, a.payer_account_id, a.service_group, a.place, h.cost, h.total
     FROM ${splitRows.table} s JOIN ${carbon.table} a ON a.row_id = s.row_id
     LEFT JOIN ${shares.table} h ON h.row_id = s.row_id AND h.product_code = s.product_code
     WHERE a.usage_account_id = $1 AND a.${column} IS NOT NULL
     ORDER BY a.row_id, s.product_code`,
    [accountId],
  );
  return rows.map((row): Part => {
    const file = files[numberIn(row, 'file_id')]?.file ?? '';
    return {
      regionCode: textIn(row, 'region_code'),
      productCode: row['product_code'] === null ? '' : textIn(row, 'product_code'),
      mtco2e: asMtco2e(numberIn(row, 'mtco2e')),
      aws: asMtco2e(numberIn(row, 'aws')),
      payer: textIn(row, 'payer_account_id'),
      group: textIn(row, 'service_group'),
      place: textIn(row, 'place'),
      row: { file, row: numberIn(row, 'line') },
      ...(row['is_split'] === true
        ? { costs: { own: numberIn(row, 'cost'), all: numberIn(row, 'total') } }
        : {}),
    };
  });
}

/** AWS's row and all parts that it was split into. */
function pathOf(siblings: readonly Part[], { aws, group, place, row }: Part, driver: string): Explanation {
  return explanation(`AWS's row ${group} in ${place}`, toKg(aws), {
    facts: { aws_mtco2e: aws },
    inputs: [row],
    parts: siblings.map(({ productCode, mtco2e, costs }) =>
      explanation(
        costs === undefined ? `stays whole: no cost above 0 in ${group}, ${place}` : productCode,
        toKg(mtco2e),
        { facts: costs === undefined ? {} : { [driver]: costs.own, [`${driver}_of_all`]: costs.all } },
      ),
    ),
  });
}

/** The account and the month that a part belongs to. */
interface PartSource {
  readonly inputs: SplitInputs;
  readonly split: SplitMonth;
  readonly accountId: AccountId;
}

/** Explains the part by the files whose lines it comes from. */
async function sourceOf(session: DuckSession, source: PartSource, part: Part): Promise<Explanation> {
  const { productCode, mtco2e, costs, row, aws } = part;
  const kg = toKg(mtco2e);
  if (costs === undefined) return explanation(productCode, kg, { inputs: [row], facts: { aws_mtco2e: aws } });
  return explanation(`${productCode} in ${part.place}`, kg, {
    facts: { aws_mtco2e: aws, share: costs.own / costs.all },
    inputs: [row],
    parts: await filesOf(session, source, part, kg / costs.own),
  });
}

async function filesOf(
  session: DuckSession,
  { inputs, split, accountId }: PartSource,
  part: Part,
  kgPerCost: number,
): Promise<Explanation[]> {
  const { payer, place, productCode } = part;
  const found: Explanation[] = [];
  // The lines of CloudFront have Regions; AWS reports it under Global alone.
  const condition = `c.account_id = $2 AND (c.payer_id IS NULL OR c.payer_id = $5) AND c.product_code = $3 AND (c.region = $4 OR $4 = 'global' AND c.product_code = 'AmazonCloudFront')`;
  for (const file of inputs.bills?.files ?? []) {
    if (split.costs === undefined) break;
    const lines = `FROM (${split.costs.costsOfFile(file)}) c WHERE ${condition}`;
    const parameters = [literalPath(file.path), accountId, productCode, place, payer];
    const [total] = await session.rows(
      `SELECT CAST(COUNT(*) AS DOUBLE) AS n, coalesce(CAST(SUM(cost) AS DOUBLE), 0) AS cost ${lines}`,
      parameters,
    );
    if (numberIn(total, 'n') === 0) continue;
    const shown = await session.rows(
      `SELECT CAST(line AS DOUBLE) AS line ${lines} ORDER BY line LIMIT ${String(SHOWN.usageLines)}`,
      parameters,
    );
    found.push(
      explanation(`usage in ${file.file}`, numberIn(total, 'cost') * kgPerCost, {
        facts: { [driverOf(inputs, part)]: numberIn(total, 'cost'), usage_lines: numberIn(total, 'n') },
        inputs: shown.map((line: SqlRow) => ({ file: file.file, row: numberIn(line, 'line') })),
      }),
    );
  }
  return found;
}
