import { append } from '../../base/append';
import { asAccountId } from '../../base/account-id';
import { reasonOf } from '../../base/error-info';
import { hashOf } from '../../base/fingerprint';
import { compareText } from '../../base/group';
import { asExportMonth } from '../../exports/layout';
import { isBrokenDown } from '../../exports/manifest';
import { dataFileRelation } from '../../exports/read-data-file';
import { literalPath } from '../../sql/dialect';
import { type DuckSession, textIn, withSession } from '../../sql/duck-session';
import { type ExplainedMonth, explainExport } from '../explain/explain-export';
import type { PackedMonth, PackRequest } from './pack-sources';

/** A published row that was drawn. */
export interface DrawnRow {
  readonly month: string;
  readonly modelVersion: string;
  readonly accountId: string;
  readonly regionCode: string;
  readonly productCode: string;
  /** SHA-256 of the seed and the row's key: the rows with the smallest ones are drawn. */
  readonly rank: string;
}

/** A drawn row with its explanation down to the records of the inputs. */
export interface SampledRow extends DrawnRow {
  readonly categories: ExplainedMonth['categories'];
  /** Why the row is not explained. @default - it is */
  readonly notExplained?: string;
}

/** Rows that were drawn from all rows of the months, and how. */
export interface Sample {
  readonly seed: string;
  /** Number of rows that could be drawn. */
  readonly population: number;
  readonly rows: readonly SampledRow[];
}

/** Draws rows and explains each one. The same seed and files select the same rows on any machine. */
export async function sampleRows(request: PackRequest, months: readonly PackedMonth[]): Promise<Sample> {
  const seed = request.seed ?? hashOf(months.map(({ manifest }) => manifest.file.sha256)).slice(0, 16);
  const drawn: DrawnRow[] = [];
  let population = 0;
  await withSession({}, async (session) => {
    for (const month of months.filter(({ manifest }) => !isBrokenDown(manifest))) {
      population += month.manifest.file.rows;
      append(drawn, await drawFrom(session, request, month, seed));
    }
  });
  const chosen = drawn.sort((a, b) => compareText(a.rank, b.rank)).slice(0, request.sample);
  const rows: SampledRow[] = [];
  for (const row of chosen) rows.push(await explained(request, row));
  return { seed, population, rows };
}

async function drawFrom(
  session: DuckSession,
  { exports, sample }: PackRequest,
  { manifest: { usagePeriod: month, modelVersion, file } }: PackedMonth,
  seed: string,
): Promise<DrawnRow[]> {
  const copy = await exports.localCopy(file.key);
  try {
    const rows = await session.rows(
      `SELECT usage_account_id, coalesce(region_code, '') AS region_code, coalesce(product_code, '') AS product_code,
         sha256(concat_ws('/', $2, usage_account_id, coalesce(region_code, ''), coalesce(product_code, ''))) AS rank
       FROM ${dataFileRelation(copy.path, '$1')} ORDER BY rank LIMIT ${String(sample)}`,
      [literalPath(copy.path), [seed, month, modelVersion].join('/')],
    );
    return rows.map((row) => ({
      ...{ month, modelVersion, accountId: textIn(row, 'usage_account_id') },
      ...{ regionCode: textIn(row, 'region_code'), productCode: textIn(row, 'product_code') },
      rank: textIn(row, 'rank'),
    }));
  } finally {
    await copy.release();
  }
}

async function explained(request: PackRequest, row: DrawnRow): Promise<SampledRow> {
  const { month, modelVersion } = asExportMonth(row.month, row.modelVersion);
  const { inputs, exports, overrides, verification } = request;
  try {
    const { categories } = await explainExport({
      ...{ inputs, exports, overrides, month, modelVersion, exportName: verification.exportName },
      accountId: asAccountId(row.accountId),
      regionCode: row.regionCode,
      productCode: row.productCode,
    });
    return { ...row, categories };
  } catch (error) {
    return { ...row, categories: [], notExplained: reasonOf(error) };
  }
}
