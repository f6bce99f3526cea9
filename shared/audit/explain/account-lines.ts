import type { AccountId } from '../../base/account-id';
import { append } from '../../base/append';
import { SHOWN } from '../../base/shown';
import { literalPath } from '../../sql/dialect';
import { type DuckSession, numberIn, type SqlRow, textIn } from '../../sql/duck-session';
import { numberedLines, type UsageSource } from '../../usage/lines/usage-source';
import type { ServicePair } from '../../usage/service-pairs';
import type { InputPlace } from './explanation';

/** The usage lines of an account for a service in a cluster. */
export interface UsageLines {
  readonly count: number;
  /** The first of them. */
  readonly places: readonly InputPlace[];
}

/** Returns the lines of a service in a cluster. */
export type LinesOf = (pair: ServicePair) => UsageLines;

/** Reads every usage file once for the lines of an account. */
export async function accountLines(
  session: DuckSession,
  usage: UsageSource,
  accountId: AccountId,
): Promise<LinesOf> {
  const found = new Map<string, { count: number; readonly places: InputPlace[] }>();
  for (const file of usage.files) {
    const rows = await session.rows(
      `SELECT cluster_id, product_code, CAST(SUM(line_count) AS DOUBLE) AS count, list(line ORDER BY line)[1:${String(SHOWN.usageLines)}] AS lines
       FROM (${numberedLines(usage, file)}) u WHERE u.usage_account_id = $2 GROUP BY cluster_id, product_code`,
      [literalPath(file.path), accountId],
    );
    for (const row of rows) {
      const key = keyOf(textIn(row, 'cluster_id'), textIn(row, 'product_code'));
      const lines = found.get(key) ?? { count: 0, places: [] };
      const free = SHOWN.usageLines - lines.places.length;
      lines.count += numberIn(row, 'count');
      append(
        lines.places,
        lineNumbers(row)
          .slice(0, free)
          .map((line) => ({ file: file.file, row: line })),
      );
      found.set(key, lines);
    }
  }
  return ({ cluster, service }) =>
    found.get(keyOf(cluster.clusterId, service.productCode)) ?? { count: 0, places: [] };
}

function keyOf(clusterId: string, productCode: string): string {
  return JSON.stringify([clusterId, productCode]);
}

function lineNumbers(row: SqlRow): number[] {
  const value = row['lines'];
  const items: readonly unknown[] =
    typeof value === 'object' && value !== null && 'items' in value && Array.isArray(value.items)
      ? value.items
      : [];
  return items.map(Number);
}
