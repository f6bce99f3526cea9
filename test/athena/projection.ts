import { asMonth, monthOfInstant, monthsBetween } from '../../shared/base/month';
import type { StackTable } from './stack-tables';

/**
 * A shipped table as Trino can project it. Athena steps through dates by months; Trino knows no step above a day
 * (DateProjection.java: "we are not fully sure how everything above day is implemented in Athena"), so the months
 * that the shipped range means are spelled out. All else stays as it is shipped.
 */
export function forTrino(table: StackTable, now: Date): StackTable {
  const { Parameters: parameters } = table;
  if (parameters['projection.enabled'] !== 'true') return table;
  const unit = parameters['projection.usage_period.interval.unit'];
  const [first, last] = (parameters['projection.usage_period.range'] ?? '').split(',');
  if (unit !== 'MONTHS' || first === undefined || last !== 'NOW') {
    throw new Error(`${table.Name}: a projection that is not understood`);
  }
  const kept = Object.entries(parameters).filter(([name]) => !name.startsWith('projection.usage_period.'));
  return {
    ...table,
    Parameters: {
      ...Object.fromEntries(kept),
      'projection.usage_period.type': 'enum',
      'projection.usage_period.values': monthsBetween(asMonth(first), monthOfInstant(now)).join(','),
    },
  };
}
