import { InvalidArgumentError } from 'commander';
import { findModelVersion, MODEL_VERSIONS, type ModelVersion } from '../shared/method/model-version';
import { type AccountId, isAccountId } from '../shared/base/account-id';
import { isModelVersionId, type ModelVersionId } from '../shared/base/model-version-id';
import { isDay, isMonth, type Month } from '../shared/base/month';
import { EXPORT_NAME_PATTERN } from '../shared/exports/layout';

/** The name of an export where --export-name is not set. */
export const DEFAULT_EXPORT_NAME = 'carbon-emissions';

/** @throws InvalidArgumentError when a text is not a day `YYYY-MM-DD` */
export function day(text: string): string {
  if (!isDay(text)) throw new InvalidArgumentError('expected a day YYYY-MM-DD');
  return text;
}

/** @throws InvalidArgumentError when a text is not a month `YYYY-MM` */
export function month(text: string): Month {
  if (!isMonth(text)) throw new InvalidArgumentError('expected a month YYYY-MM');
  return text;
}

/** @throws InvalidArgumentError when a text is not a model version vX.Y.Z */
export function modelVersionId(text: string): ModelVersionId {
  if (!isModelVersionId(text)) throw new InvalidArgumentError('expected a model version such as v2.0.0');
  return text;
}

/** @throws InvalidArgumentError when a text is not a whole number from 1 to 99,999 */
export function positiveInteger(text: string): number {
  if (!/^[1-9]\d{0,4}$/.test(text)) throw new InvalidArgumentError('expected a whole number of at least 1');
  return Number(text);
}

/** @throws InvalidArgumentError when a text is not a whole number from 0 to 9,999,999,999 */
export function wholeNumber(text: string): number {
  if (!/^\d{1,10}$/.test(text)) throw new InvalidArgumentError('expected a whole number');
  return Number(text);
}

/** @throws InvalidArgumentError when a text is not an account id */
export function accountId(text: string): AccountId {
  if (!isAccountId(text)) throw new InvalidArgumentError('expected 12 digits');
  return text;
}

/** @throws InvalidArgumentError when a text cannot be the name of an export */
export function exportName(text: string): string {
  if (!EXPORT_NAME_PATTERN.test(text)) {
    throw new InvalidArgumentError(
      'expected 1 to 128 letters, digits, hyphens or underscores, and not accounts or organization',
    );
  }
  return text;
}

/** @throws InvalidArgumentError when a text is not a size in memory */
export function memorySize(text: string): string {
  if (!/^\d+(\.\d+)?\s*(MB|GB|TB|MiB|GiB|TiB)$/i.test(text)) {
    throw new InvalidArgumentError('expected a size such as 3GB or 800MiB');
  }
  return text;
}

/** A model version that this program computes. */
export function computedVersion(text: string): ModelVersion {
  const version = findModelVersion(text);
  if (version === undefined) {
    throw new InvalidArgumentError(`expected one of ${MODEL_VERSIONS.map(({ id }) => id).join(', ')}`);
  }
  return version;
}
