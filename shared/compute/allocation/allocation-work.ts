import { hashOf } from '../../base/fingerprint';
import type { ExportSettings } from '../../exports/export-settings';
import type { ModelVersion } from '../../method/model-version';
import type { MonthWork } from '../month/month-work';
import { assertUnchanged, computeMonth } from './compute-month';
import type { MonthInputs } from './month-inputs';

/** A month whose emissions are calculated and allocated by this program. */
export function allocationWork(
  inputs: MonthInputs,
  version: ModelVersion,
  settings: ExportSettings,
  asOf: Date,
): MonthWork {
  return {
    fingerprint: {
      ...inputs.fingerprint,
      product_detail: hashOf(settings.productDetail),
      ...(settings.breakdown === undefined ? {} : { split: hashOf(settings.breakdown) }),
    },
    load: async () => {
      const loaded = await inputs.load();
      return {
        metadataAsOf: loaded.organization.asOf,
        compute: (session, published) => computeMonth(session, loaded, version, settings, asOf, published),
        assertUnchanged: () => assertUnchanged(loaded),
      };
    },
  };
}
