import { InvalidArgumentError } from 'commander';
import { isDay, isMonth } from '../shared/calendar/month';

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
