import type { ExactMonth, Row } from './estate-tables';
import { decimal, type Fraction, isZero, sum, ZERO } from './rational';

/** One cluster's emission after step 3, in kg. */
export type RackEmissions = {
  /** E_r of every server rack, by rack_id. */
  readonly racks: ReadonlyMap<string, Fraction>;
  /** Emissions of overhead racks; 0 in v2, where only server racks receive. */
  readonly overhead: Fraction;
};

/** Step 3: divides a cluster's emission in kg over its racks, by power draw in kW. No rack receives any without power. */
export function clusterToRacks(
  { tables, month, version }: ExactMonth,
  clusterId: string,
  emission: Fraction,
): RackEmissions {
  const racks = (tables.racks[month] ?? []).filter((rack) => rack.cluster_id === clusterId);
  const servers = racks.filter((rack) => rack.kind === 'server');
  const power = powerOf(version === 'v1.0.0' ? racks : servers);
  if (isZero(power)) return { racks: new Map(), overhead: ZERO };

  const perRack = servers.map((rack): [string, Fraction] => [
    rack.rack_id,
    emission.mul(decimal(rack.power_kw)).div(power),
  ]);
  const overheadPower = power.sub(powerOf(servers));
  return { racks: new Map(perRack), overhead: emission.mul(overheadPower).div(power) };
}

/** kW of the racks together. */
function powerOf(racks: readonly Row<'racks'>[]): Fraction {
  return sum(racks.map((rack) => decimal(rack.power_kw)));
}
