import { asExportMonth } from '../../shared/exports/layout';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { errorMessage } from '../../shared/base/error-info';
import type { Checks } from './checks';
import { assertSame } from './compare';
import type { BenchExport, MonthBench } from './month-bench';
import { assertSameMonth } from './month-checks';
import { BILLED, toParquet, writeFocusCsv } from './month-estates';
import { SMALL_ESTATE } from './small-estate';

const MONTH = asExportMonth('2025-02', 'v2.0.0');
const PARTITION = `usage/usage_period=${MONTH.month}`;
const HEADER = 'usage_account_id,cluster_id,product_code,usage_quantity,usage_revenue';
const LINE = '111111111111,us-east-1,AmazonEC2,1,';

/** A month of the worked case whose usage is other than it should be. */
interface BadUsage {
  readonly what: string;
  /** Files of the usage by their names. */
  readonly files: Readonly<Record<string, string | Buffer>>;
  readonly message: RegExp;
}

const BAD: readonly BadUsage[] = [
  {
    what: 'invalid lines: their file, column and value',
    files: {
      'a.csv': `${HEADER}\n${LINE}\n1,us-east-1,AmazonEC2,x,\n`,
      'b.csv': `${HEADER}\n${LINE}\n111111111111,nowhere,AmazonEC2,1,\n`,
    },
    message:
      /^usage\/usage_period=2025-02\/a\.csv, column usage_account_id: found "1", expected a 12-digit account id.*\n.*a\.csv, column usage_quantity: found "x", expected a number or a blank\n.*b\.csv, column cluster_id: found "nowhere"/,
  },
  {
    what: 'a record with too few fields',
    files: { 'a.csv': `${HEADER}\n${LINE}\n111111111111,use1\n` },
    message: /a\.csv: found "1 records", expected as many fields in every record as the header has/,
  },
  {
    what: 'a record with too many fields',
    files: { 'a.csv': `${HEADER}\n${LINE}2,3\n` },
    message: /a\.csv: found "1 records", expected as many fields/,
  },
  {
    what: 'a line break inside quotes',
    files: { 'a.csv': `${HEADER},note\n${LINE},"two\nlines"\n` },
    message: /a\.csv: expected no line break inside quotes: Athena reads every line as a record/,
  },
  {
    what: 'a truncated gzip file',
    files: { 'a.csv.gz': gzipSync(Buffer.from(`${HEADER}\n${LINE}\n`)).subarray(0, 40) },
    message: /a\.csv\.gz: expected a whole gzip file; it is truncated or damaged/,
  },
  {
    what: 'a file that is not Parquet',
    files: { 'a.parquet': `${HEADER}\n` },
    message: /a\.parquet: expected a whole Parquet file; it is truncated or damaged/,
  },
  {
    what: 'a missing column',
    files: { 'a.csv': `${HEADER.replace('usage_revenue', 'revenue')}\n${LINE}\n` },
    message: /a\.csv, column usage_revenue: expected the column to be there/,
  },
  {
    what: 'two files with the same content',
    files: { 'a.csv': `${HEADER}\n${LINE}\n`, 'b.csv.gz': gzipSync(Buffer.from(`${HEADER}\n${LINE}\n`)) },
    message:
      /b\.csv\.gz: expected content that no other file has; it is a copy of .*a\.csv and would count twice/,
  },
  {
    what: 'sums that no decimal holds',
    files: { 'a.csv': `${HEADER}\n${'111111111111,us-east-1,AmazonEC2,60000000000000000000,\n'.repeat(2)}` },
    message: /expected quantities and revenues whose sums stay below 1e20/,
  },
];

/** Problems of a month that Athena sums are reported; nothing of the month is published, and nothing is left behind. */
export async function checkMonthErrors(bench: MonthBench, checks: Checks): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'carbon-estate-'));
  try {
    SMALL_ESTATE.copyTo(folder);
    for (const { what, files, message } of BAD) {
      await checks.check(`Athena: ${what}`, async () => {
        const estate = await uploadWith(bench, folder, files);
        await failsWith(bench, message, { estate, listing: folder });
      });
    }
    await checkQueries(bench, checks, folder);
    await checkReplacedFile(bench, checks, folder);
    await checkUnreadableColumn(bench, checks);
    await checkNeighbour(bench, checks);
    await checks.check('Athena: months that failed leave no tables and no objects', async () => {
      assertSame('left', await bench.leftovers(), []);
      assertSame('warnings', bench.warnings, []);
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function checkQueries(bench: MonthBench, checks: Checks, folder: string): Promise<void> {
  const valid = { 'a.csv': `${HEADER}\n${LINE}\n` };
  await checks.check('Athena: a query that is cancelled is an error', async () => {
    const estate = await uploadWith(bench, folder, valid);
    bench.athena.cancelNext();
    await failsWith(bench, /^Athena query [-0-9a-f]+ was cancelled: .*(CANCELED|KILLED)/, {
      estate,
      listing: folder,
    });
  });
  await checks.check('Athena: a query that takes too long is abandoned and stopped', async () => {
    const estate = await uploadWith(bench, folder, valid);
    await failsWith(bench, /^Athena query [-0-9a-f]+ was given up: it was still .* when time was up/, {
      ...{ estate, listing: folder },
      access: { remainingMs: () => 0 },
    });
  });
  await checks.check('Athena: a query that fails is an error with its reason', async () => {
    const parquet = await damagedPages();
    const estate = await uploadWith(bench, folder, { 'a.parquet': parquet });
    await failsWith(bench, /^Athena query [-0-9a-f]+ failed: [A-Z_]+: .*PageHeader/, {
      estate,
      listing: folder,
    });
  });
  await checks.check('Athena: a missing database is an error of Glue', async () => {
    const estate = await uploadWith(bench, folder, valid);
    await failsWith(bench, /Database .* not found/i, {
      ...{ estate, listing: folder },
      access: { database: 'nowhere' },
    });
  });
}

/** A Parquet file with a valid footer and damaged pages. */
async function damagedPages(): Promise<Buffer> {
  const [file = ''] = SMALL_ESTATE.usageFiles(MONTH.month);
  const copy = await mkdtemp(join(tmpdir(), 'carbon-damaged-'));
  try {
    SMALL_ESTATE.copyTo(copy);
    await toParquet(copy, file);
    const bytes = await readFile(join(copy, file.replace(/\.csv$/, '.parquet')));
    return bytes.fill(0xff, 4, Math.floor(bytes.length / 2));
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

/** Two versions of a file never make one month: the month is read again. */
async function checkReplacedFile(bench: MonthBench, checks: Checks, folder: string): Promise<void> {
  await checks.check('Athena: a file that is replaced while it is summed is read again', async () => {
    const estate = await uploadWith(bench, folder, { 'a.csv': `${HEADER}\n${LINE}\n` });
    const later = `${HEADER}\n${LINE}\n222222222222,us-east-1,AmazonEC2,3,\n`;
    bench.athena.beforeNext(() => bench.put(estate, `${PARTITION}/a.csv`, later));
    const athena = await bench.export({ estate, at: MONTH, engine: 'athena', listing: folder });
    assertSameMonth(await bench.export({ estate, at: MONTH, engine: 'duckdb', listing: folder }), athena);
  });
  await checks.check(
    'Athena: a file that is replaced by one with short records is checked again',
    async () => {
      const estate = await uploadWith(bench, folder, { 'a.csv': `${HEADER}\n${LINE}\n` });
      const later = `${HEADER}\n${LINE}\n222222222222,us-east-1,AmazonEC2,3\n`;
      bench.athena.beforeNext(() => bench.put(estate, `${PARTITION}/a.csv`, later));
      await failsWith(bench, /a\.csv: found "1 records", expected as many fields/, {
        estate,
        listing: folder,
      });
    },
  );
}

/** Lines of a neighbour's bill that belong to the month are not lost because of how Athena reads. */
async function checkNeighbour(bench: MonthBench, checks: Checks): Promise<void> {
  await checks.check("Athena: a neighbour's bill that Athena cannot read makes the month fail", async () => {
    const folder = await mkdtemp(join(tmpdir(), 'carbon-estate-'));
    try {
      writeFocusCsv(folder);
      const next = 'focus/usage_period=2025-02/next.csv';
      const text = await readFile(join(folder, next), 'utf8');
      await writeFile(join(folder, next), text.replace('"AWS"', '"AWS\n"'));
      await bench.upload(folder, 'estate-neighbour');
      await failsWith(bench, /usage_period=2025-02\/next\.csv: expected no line break inside quotes/, {
        ...{ estate: 'estate-neighbour', at: BILLED, listing: folder },
      });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
}

async function checkUnreadableColumn(bench: MonthBench, checks: Checks): Promise<void> {
  await checks.check('Athena: a column that Athena would read differently is named', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'carbon-estate-'));
    try {
      writeFocusCsv(folder);
      const file = `focus/usage_period=${BILLED.month}/first.csv`;
      await toParquet(folder, file, `SELECT * REPLACE ({'Team': 'red'} AS Tags) FROM csv`);
      await bench.upload(folder, 'estate-struct');
      await failsWith(
        bench,
        /first\.parquet, column Tags: found "STRUCT\(.*\)", expected a type that Athena reads/,
        {
          ...{ estate: 'estate-struct', at: BILLED, listing: folder },
          settings: { breakdown: { kind: 'tag', key: 'Team' } },
        },
      );
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
}

let estates = 0;

/** The worked case with other usage in its last month. */
async function uploadWith(bench: MonthBench, folder: string, files: BadUsage['files']): Promise<string> {
  estates += 1;
  const estate = `bad-${String(estates)}`;
  await rm(join(folder, PARTITION), { recursive: true, force: true });
  await bench.upload(folder, estate);
  for (const [name, content] of Object.entries(files))
    await bench.put(estate, `${PARTITION}/${name}`, content);
  return estate;
}

/** Fails unless an export fails with a message. By default it is of {@link MONTH}, summed by Athena. */
async function failsWith(
  bench: MonthBench,
  message: RegExp,
  request: Partial<BenchExport> & Pick<BenchExport, 'estate' | 'listing'>,
): Promise<void> {
  let found: string | undefined;
  try {
    await bench.export({ at: MONTH, engine: 'athena', ...request });
  } catch (error) {
    found = errorMessage(error);
  }
  if (found === undefined || !message.test(found)) {
    throw new Error(
      `expected ${String(message)}, ${found === undefined ? 'but the export succeeded' : `found ${found}`}`,
    );
  }
}
