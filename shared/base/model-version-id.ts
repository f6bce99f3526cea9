import { z } from 'zod';
import type { Brand } from './brand';
import { CarbonError } from './carbon-error';

/** Semantic version of a method with a leading v, such as v2.0.0: the column model_version of an export. */
export type ModelVersionId = Brand<string, 'ModelVersionId'>;

const VERSION_PATTERN = /^v\d+\.\d+\.\d+$/;

/** True for a text such as v2.0.0. Other texts have no order and name no version. */
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

/** Schema of a {@link ModelVersionId} in a JSON document. */
export const modelVersionSchema = z
  .string()
  .refine(isModelVersionId, 'expected a model version vX.Y.Z')
  .transform(asModelVersionId);
