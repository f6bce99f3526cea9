import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { asExportMonth, manifestKey, stateKey } from '../../shared/exports/layout';
import { withSession } from '../../shared/sql/duck-session';
import { writeEstate } from '../support/estates/estate-tables';
import { randomEstate } from '../support/estates/random-estate';
import { EXPORT_NAME } from '../support/export-name';
import { dataPath, readManifest } from '../support/export-reader';
import { keepDuckDb } from '../support/kept-duckdb';
import { runFolders } from '../support/run-export';
import { scratch } from '../support/scratch';

beforeAll(() => keepDuckDb());

const MONTH = '2025-01';

const folder = scratch();

interface Published {
  readonly inputs: string;
  readonly place: {
    readonly out: string;
    readonly exportName: string;
    readonly month: string;
    readonly modelVersion: string;
    readonly format: 'parquet';
  };
}

/** An estate whose one month is published as of 2025-02-15. */
async function published(): Promise<Published> {
  const inputs = folder();
  const out = folder();
  writeEstate(randomEstate(41, { months: [MONTH] }), inputs);
  await runFolders(inputs, out, { asOf: '2025-02-15' });
  const place = { out, exportName: EXPORT_NAME, month: MONTH, modelVersion: 'v2.0.0', format: 'parquet' };
  return { inputs, place: { ...place, format: 'parquet' } };
}

test('inputs that change without changing a number leave file and refresh timestamp unchanged', async () => {
  // Prepare
  const { inputs, place } = await published();
  const file = readFileSync(dataPath(place));
  const before = readManifest(place);
  // Act: the same rows in another order
  writeEstate(randomEstate(41, { months: [MONTH] }), inputs, { shuffleSeed: 3 });
  const report = await runFolders(inputs, place.out, { asOf: '2025-03-15' });
  // Assess
  const after = readManifest(place);
  expect(report.months.map(({ status }) => status)).toEqual(['unchanged']);
  expect(readFileSync(dataPath(place)).equals(file)).toBe(true);
  expect(after.asOf).toBe(before.asOf);
  expect(after.fingerprint).not.toBe(before.fingerprint);
});

test('a release that encodes files in another way keeps published files whose rows it computes too', async () => {
  // Prepare: the month as an earlier release may have encoded it
  const { inputs, place } = await published();
  const path = dataPath(place);
  const other = join(folder(), 'other.parquet');
  await withSession({}, (session) =>
    session.run(
      `COPY (SELECT * FROM read_parquet('${path}', hive_partitioning = false)) TO '${other}' (FORMAT parquet, COMPRESSION gzip)`,
    ),
  );
  const file = readFileSync(other);
  const { sha256, bytes } = readManifest(place).file;
  const state = join(place.out, stateKey(EXPORT_NAME, asExportMonth(place.month, place.modelVersion)));
  for (const record of [
    state,
    join(place.out, manifestKey(EXPORT_NAME, asExportMonth(place.month, place.modelVersion))),
  ]) {
    const text = readFileSync(record, 'utf8').replaceAll(
      sha256,
      createHash('sha256').update(file).digest('hex'),
    );
    writeFileSync(record, text.replaceAll(String(bytes), String(file.length)));
  }
  writeFileSync(path, file);
  const before = readManifest(place);
  // Act
  writeEstate(randomEstate(41, { months: [MONTH] }), inputs, { shuffleSeed: 3 });
  const report = await runFolders(inputs, place.out, { asOf: '2025-03-15' });
  // Assess
  expect(report.months.map(({ status }) => status)).toEqual(['unchanged']);
  expect(readFileSync(path).equals(file)).toBe(true);
  expect(readManifest(place).file).toEqual(before.file);
  expect(readManifest(place).fingerprint).not.toBe(before.fingerprint);
});

test('a data file left by a killed run is recognized by its content, not by its size', async () => {
  // Prepare: a restatement was killed between its data file and its manifest, and its input was restored since
  const { inputs, place } = await published();
  const path = dataPath(place);
  const file = readFileSync(path);
  const other = Buffer.from(file);
  other[file.length >> 1] = (other[file.length >> 1] ?? 0) ^ 0xff;
  writeFileSync(path, other);
  const state = join(place.out, stateKey(EXPORT_NAME, asExportMonth(place.month, place.modelVersion)));
  const record = JSON.parse(readFileSync(state, 'utf8')) as Record<string, unknown>;
  writeFileSync(state, JSON.stringify({ ...record, status: 'running' }));
  // Act
  const report = await runFolders(inputs, place.out, { asOf: '2025-03-15' });
  // Assess
  expect(report.months.map(({ status }) => status)).toEqual(['published']);
  expect(readFileSync(path).equals(file)).toBe(true);
});
