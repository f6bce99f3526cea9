import type { DuckLimits } from '../../shared/sql/duck-instance';
import type { DuckSession } from '../../shared/sql/duck-session';

const kept = new Map<string, Promise<DuckSession>>();

/**
 * Keeps a DuckDB until all tests of the file have run: sessions of the same limits share it, as the months of a run do. To
 * start one for each session takes about as long as a small month.
 */
export async function keepDuckDb(limits: DuckLimits = {}): Promise<void> {
  // Test files that need no DuckDB load this file too.
  const { DuckSession } = await import('../../shared/sql/duck-session.ts');
  const key = JSON.stringify(limits);
  const session = kept.get(key) ?? DuckSession.open(limits);
  kept.set(key, session);
  await session;
}

/** Closes what {@link keepDuckDb} keeps. */
export async function closeKeptDuckDbs(): Promise<void> {
  for (const session of kept.values()) await (await session).close();
  kept.clear();
}
