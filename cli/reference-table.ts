import type {
  FuelReference,
  GridReference,
  GwpReference,
  ReferenceFactors,
} from '../shared/audit/factors/reference-factors';
import { fittedTable, type TextColumn } from './text-table';

/** Returns a factor with at most six significant digits; blank for one that is unknown. */
export function factorText(value: number | undefined): string {
  return value === undefined ? '' : String(Number(value.toPrecision(6)));
}

interface Sourced {
  readonly source: string;
  readonly licence: string;
}

const ORIGIN: readonly TextColumn<Sourced>[] = [
  { title: 'source', value: ({ source }) => source },
  { title: 'licence', leaveOut: 1, value: ({ licence }) => licence },
];

const GRIDS: readonly TextColumn<GridReference>[] = [
  { title: 'Region', value: ({ region_code: region }) => region },
  { title: 'year', value: ({ year }) => String(year) },
  {
    title: 'location-based',
    align: 'right',
    value: ({ location_based_kg_per_kwh: value }) => factorText(value),
  },
  {
    title: 'residual mix',
    align: 'right',
    value: ({ residual_mix_kg_per_kwh: value }) => factorText(value),
  },
  { title: 'upstream', align: 'right', value: ({ upstream_kg_per_kwh: value }) => factorText(value) },
  { title: 'T&D', align: 'right', value: ({ td_kg_per_kwh: value }) => factorText(value) },
  { title: 'T&D loss', align: 'right', value: ({ td_loss_rate: value }) => factorText(value) },
  { title: 'boundary', leaveOut: 2, value: ({ boundary }) => boundary },
  ...ORIGIN,
];

const FUELS: readonly TextColumn<FuelReference>[] = [
  { title: 'fuel', value: ({ fuel }) => fuel },
  { title: 'unit', value: ({ unit }) => unit },
  { title: 'year', value: ({ year }) => String(year) },
  { title: 'combustion', align: 'right', value: ({ kg_co2e: value }) => factorText(value) },
  { title: 'upstream', align: 'right', value: ({ upstream_kg: value }) => factorText(value) },
  ...ORIGIN,
];

const GASES: readonly TextColumn<GwpReference>[] = [
  { title: 'gas', value: ({ gas }) => gas },
  { title: 'report', value: ({ assessment_report: report }) => report },
  { title: 'GWP100', align: 'right', value: ({ gwp100 }) => factorText(gwp100) },
  ...ORIGIN,
];

/** Returns the shipped reference as tables for people; T&D is transmission and distribution. */
export function referenceInWords({ grids, fuels, gwp }: ReferenceFactors): string {
  return [
    `Electricity, kg CO2e per kWh (T&D: transmission and distribution)\n${fittedTable(GRIDS, grids)}`,
    `Fuels, kg CO2e per unit\n${fittedTable(FUELS, fuels)}`,
    `Gases, global warming potential over 100 years\n${fittedTable(GASES, gwp)}`,
  ].join('\n\n');
}
