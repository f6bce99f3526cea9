import { asModelVersionId, type ModelVersionId } from '../base/model-version-id';
import { asMonth, type Month } from '../base/month';

/**
 * A version of the method is data: the months to which it applies by default, and three switches. The switches are the
 * three updates that AWS announced with v2.0 of its method; v1.0.0 is v2.0.0 without them.
 */
export interface ModelVersion {
  /** Semantic version with a leading v, as the export's carbon_model_version has it. */
  readonly id: ModelVersionId;
  /** First month it applies to by default; undefined: no lower bound. */
  readonly firstMonth?: Month;
  /** Last month it applies to by default; undefined: no upper bound. */
  readonly lastMonth?: Month;
  /** true: unused rack capacity falls on the users of the rack; false: it stays with the operator. */
  readonly allocatesUnusedCapacity: boolean;
  /** true: network racks and clusters not yet serving fall on all customers; false: they stay with the operator. */
  readonly allocatesOverhead: boolean;
  /** true: internal use of economic services is separated by the same driver; false: customers carry it. */
  readonly separatesInternalUse: boolean;
}

/** Every version this program can compute, oldest first. */
export const MODEL_VERSIONS: readonly ModelVersion[] = [
  {
    id: asModelVersionId('v1.0.0'),
    lastMonth: asMonth('2024-12'),
    allocatesUnusedCapacity: false,
    allocatesOverhead: false,
    separatesInternalUse: false,
  },
  {
    id: asModelVersionId('v2.0.0'),
    firstMonth: asMonth('2025-01'),
    allocatesUnusedCapacity: true,
    allocatesOverhead: true,
    separatesInternalUse: true,
  },
];

/** Returns the version with this id, or undefined. */
export function findModelVersion(id: string): ModelVersion | undefined {
  return MODEL_VERSIONS.find((version) => version.id === id);
}

/** Returns the version that applies to a month by default. */
export function defaultModelVersion(month: Month): ModelVersion {
  const version = MODEL_VERSIONS.find(
    ({ firstMonth, lastMonth }) =>
      (firstMonth === undefined || firstMonth <= month) && (lastMonth === undefined || month <= lastMonth),
  );
  if (version === undefined) throw new Error(`no model version covers ${month}`);
  return version;
}
