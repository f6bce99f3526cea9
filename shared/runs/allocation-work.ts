import { hashOf } from '../inputs/fingerprint';
import type { ModelVersion } from '../method/model-version';
import { assertUnchanged, computeMonth } from './compute-month';
import type { ExportSettings } from './export-settings';
import type { MonthInputs } from './month-inputs';
import type { MonthWork } from './month-work';

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
      ...(settings.split === undefined ? {} : { split: hashOf(settings.split) }),
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
