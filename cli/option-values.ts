import { InvalidArgumentError } from 'commander';
import { isDay, isMonth } from '../shared/base/month';

/** @throws InvalidArgumentError when a text is no day `YYYY-MM-DD` */
export function day(text: string): string {
  if (!isDay(text)) throw new InvalidArgumentError('expected a day YYYY-MM-DD');
  return text;
}

/** @throws InvalidArgumentError when a text is no month `YYYY-MM` */
export function month(text: string): string {
  if (!isMonth(text)) throw new InvalidArgumentError('expected a month YYYY-MM');
  return text;
}

/** @throws InvalidArgumentError when a text is no whole number from 1 to 99,999 */
export function positiveInteger(text: string): number {
  if (!/^[1-9]\d{0,4}$/.test(text)) throw new InvalidArgumentError('expected a whole number of at least 1');
  return Number(text);
}
