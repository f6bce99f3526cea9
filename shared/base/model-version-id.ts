import { z } from 'zod';
import type { Brand } from './brand';
import { CarbonError } from './carbon-error';

/** Semantic version of a method with a leading v, such as v2.0.0: the column model_version of an export. */
export type ModelVersionId = Brand<string, 'ModelVersionId'>;

const VERSION_PATTERN = /^v\d+\.\d+\.\d+$/;

/** Returns true for a text such as v2.0.0. Other texts have no order and name no version. */
export function isModelVersionId(text: string): text is ModelVersionId {
  return VERSION_PATTERN.test(text);
}

/**
 * Returns a text as the id of a model version.
 *
 * @throws CarbonError (usage) when it is not one
 */
export function asModelVersionId(text: string): ModelVersionId {
  if (isModelVersionId(text)) return text;
  throw new CarbonError('usage', `found ${JSON.stringify(text)}, expected a model version such as v2.0.0`);
}

/**
 * Returns the newest version by semantic version order (v10.0.0 after v9.0.0): the version of a month that is read where
 * none is asked for. The view carbon_versions has the same order.
 *
 * @returns undefined for an empty list
 */
export function newestVersion(versions: readonly ModelVersionId[]): ModelVersionId | undefined {
  return [...versions].sort(compareVersions).at(-1);
}

/** Orders versions from the oldest to the newest. */
function compareVersions(a: ModelVersionId, b: ModelVersionId): number {
  const [left, right] = [partsOf(a), partsOf(b)];
  const at = left.findIndex((part, index) => part !== right[index]);
  return at < 0 ? 0 : (left[at] ?? 0n) < (right[at] ?? 0n) ? -1 : 1;
}

/** Parts have any length, beyond what a number holds exactly. */
function partsOf(version: ModelVersionId): bigint[] {
  return version
    .slice(1)
    .split('.')
    .map((part) => BigInt(part));
}

/** Schema of a {@link ModelVersionId} in a JSON document. */
export const modelVersionSchema = z
  .string()
  .refine(isModelVersionId, 'expected a model version vX.Y.Z')
  .transform(asModelVersionId);
