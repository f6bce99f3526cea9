import { asModelVersionId, type ModelVersionId } from '../base/model-version-id';
import { asMonth, type Month } from '../base/month';
import { BASE_CATEGORIES, CATEGORIES, type Category } from './categories';
import type { FuelFamily } from './month-estate';

/**
 * A version of the method is data: the months to which it applies by default, three switches, and what it counts. The
 * switches are the three updates that AWS announced with v2.0 of its method. v1.0.0 is v2.0.0 without them; v3.0.0 is
 * v2.0.0 with Scope 3 and all of Scope 1.
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
  /** true: embodied carbon, transport, and fuel- and energy-related activities count. */
  readonly includesScope3: boolean;
  /** What Scope 1 counts. */
  readonly scope1Families: readonly FuelFamily[];
  /** true: no month has it by default; it is chosen by the option --model or the setting modelVersion. */
  readonly isChosen: boolean;
}

/** Every version this program can compute, oldest first. */
export const MODEL_VERSIONS: readonly ModelVersion[] = [
  {
    id: asModelVersionId('v1.0.0'),
    lastMonth: asMonth('2024-12'),
    allocatesUnusedCapacity: false,
    allocatesOverhead: false,
    separatesInternalUse: false,
    ...{ includesScope3: false, scope1Families: ['generator'], isChosen: false },
  },
  {
    id: asModelVersionId('v2.0.0'),
    firstMonth: asMonth('2025-01'),
    allocatesUnusedCapacity: true,
    allocatesOverhead: true,
    separatesInternalUse: true,
    ...{ includesScope3: false, scope1Families: ['generator'], isChosen: false },
  },
  {
    id: asModelVersionId('v3.0.0'),
    allocatesUnusedCapacity: true,
    allocatesOverhead: true,
    separatesInternalUse: true,
    ...{ includesScope3: true, scope1Families: ['generator', 'natural_gas', 'refrigerant'], isChosen: true },
  },
];

/** Returns the version with this id, or undefined. */
export function findModelVersion(id: string): ModelVersion | undefined {
  return MODEL_VERSIONS.find((version) => version.id === id);
}

/** Returns true for the id of a version with Scope 3. */
export function countsScope3(id: string | undefined): boolean {
  return MODEL_VERSIONS.some((version) => version.id === id && version.includesScope3);
}

/** Returns the categories that a version counts. */
export function categoriesOf({ includesScope3 }: ModelVersion): readonly Category[] {
  return includesScope3 ? CATEGORIES : BASE_CATEGORIES;
}

/** Returns what identifies the rules of a version in fingerprints: a version without Scope 3 has the members it always had. */
export function versionInputs(version: ModelVersion): unknown {
  const { includesScope3, scope1Families, isChosen, ...switches } = version;
  return includesScope3 ? { ...switches, includesScope3, scope1Families, isChosen } : switches;
}

/** Returns the version that applies to a month by default. */
export function defaultModelVersion(month: Month): ModelVersion {
  const version = MODEL_VERSIONS.find(
    ({ firstMonth, lastMonth, isChosen }) =>
      !isChosen &&
      (firstMonth === undefined || firstMonth <= month) &&
      (lastMonth === undefined || month <= lastMonth),
  );
  if (version === undefined) throw new Error(`no model version covers ${month}`);
  return version;
}
