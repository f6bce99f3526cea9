import { InvalidArgumentError } from 'commander';
import { DEFAULT_EXPORT_NAME, type ValueKind, VALUES } from '../api/values';

/** Help of the option --export-name of verbs that read an export. */
export const EXPORT_NAME_HELP = `name of the export (default: the only one, or ${DEFAULT_EXPORT_NAME} among several)`;

/** Returns the parser of an option: it returns the text where it is a value of the kind. */
function checked(kind: ValueKind<unknown>): (text: string) => string {
  return (text) => {
    if (kind.parse(text) === undefined) throw new InvalidArgumentError(kind.expected);
    return text;
  };
}

/** Parsers of options; each throws InvalidArgumentError where a text is not such a value. */
export const day = checked(VALUES.day);
export const month = checked(VALUES.month);
export const modelVersionId = checked(VALUES.modelVersionId);
export const modelVersion = checked(VALUES.modelVersion);
export const accountId = checked(VALUES.accountId);
export const exportName = checked(VALUES.exportName);
export const memorySize = checked(VALUES.memorySize);
export const breakdown = checked(VALUES.breakdown);

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
