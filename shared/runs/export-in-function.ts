import type { ExportMonth } from '../exports/layout';
import { withSession } from '../sql/duck-session';
import { type AthenaAccess, withAthena } from '../usage/athena/with-athena';
import { chooseEngine, type EngineChoice, type EngineSetting } from './engine-choice';
import { MonthExporter } from './month-exporter';
import { type ListingRequest, MonthListing } from './month-listing';
import type { MonthOutcome } from './month-outcome';
import type { Capacity } from './month-size';

/** What a function needs to export a month. */
export interface FunctionRequest extends ListingRequest {
  readonly asOf: Date;
  readonly scratch: string;
  readonly capacity: Capacity;
  readonly engine: EngineSetting;
  /** Fails a month with a warning that changes numbers. */
  readonly isStrict: boolean;
  /** Access to Athena. @default - none: the engine is duckdb */
  readonly athena?: AthenaAccess;
}

/**
 * Exports one month in its own process. Unlike a run of many months, it throws the error that failed the month, after
 * recording it: the state machine decides whether to try again.
 *
 * @param onChoice called with the chosen engine before anything is read
 * @throws MonthTooLargeError when the month does not fit into the function
 */
export async function exportInFunction(
  request: FunctionRequest,
  at: ExportMonth,
  onChoice: (choice: EngineChoice) => void,
): Promise<MonthOutcome> {
  const { capacity, scratch, settings, athena } = request;
  const limits = {
    memoryLimit: `${String(Math.floor(capacity.memoryBytes / 2 ** 20))}MiB`,
    scratchParent: scratch,
  };
  const listing = await MonthListing.take(request);
  const choice = chooseEngine(request.engine, at.month, listing.objectsOf(at.month), capacity);
  onChoice(choice);
  const failures: unknown[] = [];
  const exporting = { ...request, limits, onError: (error: unknown) => failures.push(error) };
  const outcome = await withSession(limits, async (session) => {
    const exporter = await MonthExporter.open(exporting, session, listing);
    if (choice.engine === 'duckdb') return exporter.exportMonth(at);
    if (athena === undefined) throw new Error('engine athena was chosen without access to Athena');
    const name = `${settings.exportName}_${at.month}_${at.modelVersion}`;
    return withAthena(athena, name, (engine) => exporter.exportMonth(at, engine));
  });
  if (failures.length > 0) throw failures[0];
  return outcome;
}
