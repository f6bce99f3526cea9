import { asKg, type Kg } from '../../base/mass';

/** The parts of a server that its embodied carbon is estimated from. */
export interface ServerParts {
  readonly cpus: number;
  /** Area of the silicon of one CPU, cm2. */
  readonly cpuDieCm2: number;
  readonly ramModules: number;
  /** Of one module. */
  readonly ramGb: number;
  readonly ramGbPerCm2: number;
  readonly ssds: number;
  /** Of one SSD. */
  readonly ssdGb: number;
  readonly ssdGbPerCm2: number;
  readonly hdds: number;
  /** Mass of all power supplies, kg. */
  readonly powerSupplyKg: number;
}

/** kgCO2e per part, from cradle to gate: German Environment Agency (UBA), texts 94/2021, as BoaviztAPI documents them. */
const KG = {
  cpu: { each: 9.14, perCm2: 1.97 },
  ram: { each: 5.22, perCm2: 2.2 },
  ssd: { each: 6.34, perCm2: 2.2 },
  hdd: 31.11,
  mainboard: 66.1,
  powerSupplyPerKg: 24.3,
  assembly: 6.68,
  rackCase: 150,
} as const;

/** What the source column of a row made from parts says. */
export const ARCHETYPE_SOURCE = 'archetype of parts: UBA texts 94/2021, as documented by BoaviztAPI';

/** Returns the embodied carbon of a rack server, kgCO2e from cradle to gate. It is an average of a category, not of the product. */
export function serverKg(parts: ServerParts): Kg {
  const chips = (
    count: number,
    gb: number,
    gbPerCm2: number,
    { each, perCm2 }: typeof KG.ram | typeof KG.ssd,
  ): number => (count === 0 ? 0 : count * (each + (perCm2 * gb) / gbPerCm2));
  return asKg(
    parts.cpus * (KG.cpu.each + KG.cpu.perCm2 * parts.cpuDieCm2) +
      chips(parts.ramModules, parts.ramGb, parts.ramGbPerCm2, KG.ram) +
      chips(parts.ssds, parts.ssdGb, parts.ssdGbPerCm2, KG.ssd) +
      parts.hdds * KG.hdd +
      KG.mainboard +
      parts.powerSupplyKg * KG.powerSupplyPerKg +
      KG.assembly +
      KG.rackCase,
  );
}
