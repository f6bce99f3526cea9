import type { Category } from './categories';
import { daysInMonth } from './calendar';
import type { ExactMonth, OptionalRow } from './estate-tables';
import { decimal, Fraction, isZero } from './rational';
import { givenCluster } from './totals-from-elsewhere';

/** The embodied carbon that a rack or asset books in the month in one category, in kg. */
export type Booking = {
  readonly clusterId: string;
  readonly category: Category;
  /** The rack, where it is in a cluster of the month. */
  readonly rackId: string | undefined;
  /** Of the days before a retirement. */
  readonly inService: Fraction;
  /** Of the days after it. */
  readonly retired: Fraction;
};

type Item = OptionalRow<'rack_embodied'> & OptionalRow<'assets'>;

/** Step 1, embodied carbon: the bookings of all racks and assets in clusters without given totals. */
export function bookings(at: ExactMonth): Booking[] {
  const { tables, month } = at;
  if (at.version !== 'v3.0.0') return [];
  const racks = (tables.rack_embodied ?? []).flatMap((row) => {
    const rack = (tables.racks[month] ?? []).find((candidate) => candidate.rack_id === row.rack_id);
    const clusterId = rack?.cluster_id ?? row.cluster_id ?? '';
    return bookingsOf(at, row, { clusterId, category: 's3_hardware', rackId: rack?.rack_id }, '72');
  });
  const assets = (tables.assets ?? []).flatMap((row) => {
    const site = tables.sites.find((candidate) => candidate.site_id === row.site_id);
    const clusterId = site?.cluster_id ?? row.cluster_id ?? '';
    return bookingsOf(at, row, { clusterId, category: 's3_buildings', rackId: undefined }, '600');
  });
  return [...racks, ...assets].filter(
    ({ clusterId }) => givenCluster(tables, month, clusterId, at.version) === undefined,
  );
}

function bookingsOf(
  at: ExactMonth,
  item: Item,
  place: Pick<Booking, 'clusterId' | 'category' | 'rackId'>,
  months: string,
): Booking[] {
  const days = daysOf(at, item, Number(textOr(item.service_months, months)));
  const amounts: readonly (readonly [Category, Fraction])[] = [
    [place.category, decimal(item.embodied_kg ?? '')],
    ['s3_transport', decimal(item.transport_kg ?? '')],
  ];
  return amounts
    .filter(([, kg]) => !isZero(kg))
    .map(([category, kg]) => ({
      ...{ ...place, category },
      inService: kg.mul(new Fraction(days.inService, days.life)),
      retired: kg.mul(new Fraction(days.retired, days.life)),
    }));
}

type Days = { readonly inService: number; readonly retired: number; readonly life: number };

/** Counts the days of the month one by one; of a write-off all days from the retirement on. */
function daysOf({ month, settings }: ExactMonth, item: Item, months: number): Days {
  const first = item.in_service_on ?? '';
  const end = endOfService(first, months);
  const retiredOn = textOr(item.retired_on, end) < end ? textOr(item.retired_on, end) : end;
  const days = Array.from({ length: daysInMonth(month) }, (_, at) => `${month}-${twoDigits(at + 1)}`);
  const retired =
    settings?.earlyRetirement === 'write_off'
      ? retiredOn.startsWith(month)
        ? daysBetween(retiredOn, end)
        : 0
      : days.filter((day) => day >= retiredOn && day < end).length;
  return {
    inService: days.filter((day) => day >= first && day < retiredOn).length,
    retired,
    life: daysBetween(first, end),
  };
}

/** The day after the last day of service: the same day some months later, or the last day of that month. */
function endOfService(first: string, months: number): string {
  const index = Number(first.slice(0, 4)) * 12 + Number(first.slice(5, 7)) - 1 + months;
  const month = `${String(Math.floor(index / 12)).padStart(4, '0')}-${twoDigits((index % 12) + 1)}`;
  return `${month}-${twoDigits(Math.min(Number(first.slice(8)), daysInMonth(month)))}`;
}

function daysBetween(first: string, end: string): number {
  return Math.round((Date.parse(end) - Date.parse(first)) / 86_400_000);
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}

function textOr(text: string | undefined, otherwise: string): string {
  return text === undefined || text === '' ? otherwise : text;
}
