import type { Account } from './accounts';
import { accountLines, type LineSource, type UsageLine } from './lines';
import { monthIndex } from './months';
import { RandomStream } from './random';
import type { TableFile } from './writer';

/** A row of usage before it is split: amounts in millionths, so that they are whole numbers. */
export interface UsageAmount {
  readonly prefix: string;
  /** Millionths of the service's unit; 0: blank. */
  readonly quantityMicros: number;
  /** Millionths of a US dollar; negative for a refund. */
  readonly revenueMicros: number;
}

/** Header of a usage table. */
export const USAGE_HEADER = 'usage_account_id,cluster_id,product_code,usage_quantity,usage_revenue';

const GROWTH_BASE = monthIndex('2024-09');

/** Growth of usage per month, against September 2024. */
const MONTHLY_GROWTH = 0.014;

/** Business through the year, January first; the mean is 1. */
const SEASON = [0.97, 0.96, 0.99, 0.99, 1, 1, 0.98, 0.97, 1, 1.02, 1.07, 1.05] as const;

/** Lines of so many accounts are kept between months (about 40 lines each); beyond, they are made again each month. */
const KEPT_ACCOUNTS = 5_000;

/** "000" to "999", so that fractions are written without counting digits. */
const THOUSANDS = Array.from({ length: 1000 }, (_, i) => String(i).padStart(3, '0'));

/**
 * @param micros a whole number of millionths
 * @returns the number with six decimals
 */
export function microsText(micros: number): string {
  const size = micros < 0 ? -micros : micros;
  const whole = Math.floor(size / 1_000_000);
  const rest = size - whole * 1_000_000;
  const high = Math.floor(rest / 1000);
  return `${micros < 0 ? '-' : ''}${whole}.${THOUSANDS[high] ?? ''}${THOUSANDS[rest - high * 1000] ?? ''}`;
}

function growth(month: number): number {
  return Math.min(3, Math.max(0.5, 1 + MONTHLY_GROWTH * (month - GROWTH_BASE)));
}

/** A refund of an economic line: mostly a part of it, now and then more than the month's line, which nets negative. */
function refund(line: UsageLine, revenueMicros: number, stream: RandomStream): UsageAmount {
  const part = stream.chance(0.12) ? stream.between(1.05, 1.4) : stream.between(0.05, 0.3);
  return { prefix: line.prefix, quantityMicros: 0, revenueMicros: -Math.ceil(revenueMicros * part) };
}

/**
 * What an account uses in a month, one amount per line, refunds right after the line they belong to.
 *
 * @param seed the sample's seed
 * @param account the account
 * @param lines its lines
 * @param month month index
 * @returns the amounts; none where the account is not there in the month
 */
function accountMonth(
  seed: number,
  account: Account,
  lines: readonly UsageLine[],
  month: number,
): UsageAmount[] {
  if (month < account.first || month > account.last) return [];
  const stream = new RandomStream(seed, 'usage', account.id, month);
  const level = growth(month) * (SEASON[month % 12] ?? 1);
  const amounts: UsageAmount[] = [];
  for (const line of lines) {
    if (month < line.first) continue;
    const usd = line.usd * level * stream.between(0.85, 1.15);
    const revenueMicros = Math.max(1, Math.round(usd * 1_000_000));
    const price = line.service.usdPerUnit;
    const units = price === undefined ? 0 : (usd / price) * stream.between(0.95, 1.05);
    const quantityMicros = price === undefined ? 0 : Math.max(1, Math.round(units * 1_000_000));
    amounts.push({ prefix: line.prefix, quantityMicros, revenueMicros });
    if (line.service.basis === 'economic' && stream.chance(0.015)) {
      amounts.push(refund(line, revenueMicros, stream));
    }
  }
  return amounts;
}

/** Splits an amount over rows of uneven size, as bills split usage by resource and hour. */
async function writeSplit(
  table: TableFile,
  amount: UsageAmount,
  rows: number,
  stream: RandomStream,
): Promise<void> {
  const quantity = amount.quantityMicros / rows;
  const revenue = amount.revenueMicros / rows;
  for (let i = 0; i < rows; i++) {
    const size = 0.5 + stream.next();
    const cost = microsText(Math.ceil(revenue * size));
    const used = quantity === 0 ? '' : microsText(Math.ceil(quantity * size));
    if (table.add(`${amount.prefix}${used},${cost}\n`)) await table.flush();
  }
}

/** Writes usage tables month by month, with memory that does not grow with the rows. */
export class UsageWriter {
  private readonly kept = new Map<string, UsageLine[]>();

  /**
   * @param source clusters, services and the real rows
   * @param accounts the accounts, in the order of the rows
   */
  constructor(
    private readonly source: LineSource,
    private readonly accounts: readonly Account[],
  ) {}

  private linesOf(account: Account): UsageLine[] {
    const kept = this.kept.get(account.id);
    if (kept !== undefined) return kept;
    const lines = accountLines(this.source, account);
    if (this.accounts.length <= KEPT_ACCOUNTS) this.kept.set(account.id, lines);
    return lines;
  }

  private *amounts(month: number): Generator<UsageAmount[]> {
    for (const account of this.accounts) {
      yield accountMonth(this.source.seed, account, this.linesOf(account), month);
    }
  }

  /**
   * Writes the rows of a month.
   *
   * @param table where to
   * @param month month index
   * @param rowsWanted exactly so many rows, when more than come naturally; 0: the natural number
   * @returns rows written
   */
  async write(table: TableFile, month: number, rowsWanted: number): Promise<number> {
    let natural = 0;
    if (rowsWanted > 0) for (const amounts of this.amounts(month)) natural += amounts.length;
    const rows = Math.max(rowsWanted, natural);
    const stream = new RandomStream(this.source.seed, 'rows', month);
    let done = 0;
    let written = 0;
    for (const amounts of this.amounts(month)) {
      for (const amount of amounts) {
        done++;
        // Amount number i takes rows from i/natural to (i+1)/natural of the whole, so that they add up exactly.
        const upTo = rows > natural && natural > 0 ? Math.floor((done * rows) / natural) : done;
        await writeAmount(table, amount, upTo - written, stream);
        written = upTo;
      }
    }
    return written;
  }
}

async function writeAmount(
  table: TableFile,
  amount: UsageAmount,
  rows: number,
  stream: RandomStream,
): Promise<void> {
  if (rows > 1) return writeSplit(table, amount, rows, stream);
  const used = amount.quantityMicros === 0 ? '' : microsText(amount.quantityMicros);
  if (table.add(`${amount.prefix}${used},${microsText(amount.revenueMicros)}\n`)) await table.flush();
}
