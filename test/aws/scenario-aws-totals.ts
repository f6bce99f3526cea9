import { check, checkEqual } from './check';
import { Deliveries, monthsOf } from './deliveries';
import type { World } from './world';

const NAME = 'totals-of-aws';

export function awsTotals(world: World): Promise<void> {
  return Deliveries.with(world, async (deliveries) => {
    const settings = deliveries.settings(NAME);
    const asOf = '2026-11-18T00:00:00Z';
    const first = await world.execute(asOf, settings);
    check('the execution is green', first.status === 'green', first);
    checkEqual('the month is published in AWS\u2019s version', monthsOf(first), [
      [NAME, '2024-09', 'v3.0.0', 'published'],
    ]);
    const { carbon_emissions: partitions } = await world.catalogs.partitionsOf(settings);
    checkEqual('and is visible in Athena', partitions, ['v3.0.0/2024-09']);
    checkEqual('as the local command writes it', await deliveries.differencesFromLocal(NAME, asOf), []);
    const again = await world.execute('2026-11-19T00:00:00Z', settings);
    checkEqual('and is not computed again', monthsOf(again), [[NAME, '2024-09', 'v3.0.0', 'unchanged']]);
  });
}
