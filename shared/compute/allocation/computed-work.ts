import { defined } from '../../base/defined';
import { hashOf } from '../../base/fingerprint';
import type { ExportMonth } from '../../exports/layout';
import { MethodError } from '../../method/method-error';
import { findModelVersion, MODEL_VERSIONS, type ModelVersion } from '../../method/model-version';
import type { OrganizationSnapshot } from '../../organization/account';
import { assertFilesUnchanged } from '../month/computed-month';
import type { LoadedWork, MonthWork, WorkContext } from '../month/month-work';
import { computeMonth } from './compute-month';
import { type LoadedMonth, readMonthInputs } from './month-inputs';

/** A month whose emissions this program computes. */
export interface ComputedWork extends MonthWork {
  readonly totals: 'computed';
  readonly version: ModelVersion;
  readonly load: () => Promise<LoadedComputedWork>;
}

/** A computed month with its inputs. */
export interface LoadedComputedWork extends LoadedWork {
  readonly inputs: LoadedMonth;
}

/**
 * Returns the work of a month whose emissions are calculated and allocated by this program.
 *
 * @throws InputError with all problems of the tables at the root and of the usage files that touch the month
 * @throws MethodError when the model version is unknown
 */
export async function computedWork(
  { month, modelVersion }: ExportMonth,
  { reader, estate, settings, asOf, engine }: WorkContext,
  organization: OrganizationSnapshot,
): Promise<ComputedWork> {
  const version = findModelVersion(modelVersion);
  if (version === undefined) {
    const known = MODEL_VERSIONS.map(({ id }) => id).join(', ');
    throw new MethodError(`${month}: found model version ${modelVersion}, expected one of ${known}`);
  }
  const { productDetail, breakdown, internalAccounts } = settings;
  const read = await readMonthInputs(reader, {
    ...{ estate, month, version, organization },
    ...defined({ internal: internalAccounts, engine }),
  });
  return {
    ...{ totals: 'computed', version },
    fingerprint: {
      ...read.fingerprint,
      product_detail: hashOf(productDetail),
      ...defined({ split: breakdown === undefined ? undefined : hashOf(breakdown) }),
    },
    load: async () => {
      const inputs = await read.load();
      const keySearch = { reader, engine: inputs.engine, keys: estate.keys };
      return {
        inputs,
        metadataAsOf: organization.asOf,
        compute: (session, published) =>
          computeMonth(session, { inputs, version, settings, asOf, keySearch, ...defined({ published }) }),
        assertUnchanged: () => assertFilesUnchanged(inputs.usage),
      };
    },
  };
}
