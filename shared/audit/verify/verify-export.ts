import { stopping } from '../../base/stopping';
import { version as programVersion } from '../../../package.json';
import type { Month } from '../../base/month';
import { CALCULATION_REVISION } from '../../compute/month/calculation-revision';
import type { EstateOverrides } from '../../compute/month/estate-overrides';
import { openEstate } from '../../compute/month/open-estate';
import { breakdownOfExport } from '../../exports/fixed-settings';
import { publishedMonths } from '../../exports/published-months';
import { reasonOf } from '../../base/error-info';
import type { Progress } from '../../base/progress';
import { withSession } from '../../sql/duck-session';
import type { InputStore, ObjectStore } from '../../stores/object-store';
import { TrackedCopies } from '../../stores/tracked-copies';
import { readStaticTables } from './method-tables';
import { strayProblems } from './stray-files';
import type { Verification, VerifiedMonth } from './verification';
import { type OpenInputs, verifyMonth } from './verify-month';

/** What is verified. */
export interface VerifyRequest {
  /** Opens the inputs. Where it fails, every month is verified as far as that is possible without them. */
  readonly inputs: () => Promise<InputStore>;
  readonly exports: ObjectStore;
  readonly exportName: string;
  readonly overrides: EstateOverrides;
  /** @default - every published month */
  readonly month?: Month;
  /** @default - no one is informed */
  readonly progress?: Progress<VerifiedMonth>;
}

/**
 * Recomputes an export from its inputs in exact arithmetic, by code that is separate from the calculation, and compares:
 * files with their manifests, columns, keys, units, the ledger and every value. Every month is verified, also where another
 * one fails; a file that cannot be read is a difference.
 */
export async function verifyExport(request: VerifyRequest): Promise<Verification> {
  const { exports, exportName, progress } = request;
  const inputs = await openInputs(request);
  const release = (): Promise<void> =>
    typeof inputs === 'string' ? Promise.resolve() : inputs.store.releaseAll();
  try {
    const published = await publishedMonths(exports, exportName);
    const problems = await strayProblems(exports, { exportName, published, month: request.month });
    const breakdown = await breakdownOfExport(exports, exportName).catch((error: unknown) => {
      problems.push(reasonOf(error));
      return undefined;
    });
    const wanted = published.filter(({ month }) => request.month === undefined || month === request.month);
    const months: VerifiedMonth[] = [];
    progress?.planned(wanted.length);
    for (const at of wanted) {
      const verified = await verifyMonth({ exports, exportName, inputs, breakdown }, at);
      // A month that was interrupted has differences that the export does not have.
      stopping.throwIfAborted();
      progress?.finished(verified);
      months.push(verified);
      await release();
    }
    if (months.length === 0) problems.push(`export ${exportName} has no published month to verify`);
    const program = `carbon-exports ${programVersion}`;
    return { program, calculationRevision: CALCULATION_REVISION, exportName, months, problems };
  } finally {
    await release();
  }
}

/** Opens the estate; returns the reason where its tables at the root cannot be read. */
async function openInputs({ inputs, overrides }: VerifyRequest): Promise<OpenInputs | string> {
  let store: TrackedCopies | undefined;
  try {
    store = new TrackedCopies(await inputs());
    return await readInputs(store, overrides);
  } catch (error) {
    return `the inputs cannot be read: ${reasonOf(error)}`;
  } finally {
    await store?.releaseAll();
  }
}

function readInputs(store: TrackedCopies, overrides: EstateOverrides): Promise<OpenInputs> {
  return withSession({}, async (session) => {
    const estate = await openEstate({ store, session }, overrides);
    const padded = estate.settings.pad_account_ids;
    return { store, estate, statics: await readStaticTables({ store, session }, estate.files, padded) };
  });
}
