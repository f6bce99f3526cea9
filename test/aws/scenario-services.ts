import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateDatabaseCommand, CreateTableCommand, GetTableCommand, GlueClient } from '@aws-sdk/client-glue';
import { S3Client } from '@aws-sdk/client-s3';
import { glueTables } from '../../shared/catalog/glue';
import { acquireRunLocks, LEASE_HOURS, releaseRunLocks } from '../../shared/exports/run-lock';
import { mailOnce } from '../../shared/runs/run-notification';
import { EXPORT_COLUMNS } from '../../shared/exports/columns';
import { PreconditionFailedError } from '../../shared/stores/object-store';
import { S3Store } from '../../shared/stores/s3-store';
import { LocalAws } from '../support/local-aws';
import { check, checkEqual } from './check';
import { FIRST_DAY } from './scenario-first-run';
import type { World } from './world';

export async function s3Store(world: World): Promise<void> {
  const client = new S3Client({ endpoint: world.proxy.url });
  const scratch = join(world.home, 'work', 'store');
  const store = new S3Store({ client, bucket: 'queryresults-of-test', prefix: 'a/b', scratch });
  await world.createBucket('queryresults-of-test');
  checkEqual('a missing object is undefined', await store.get('none'), undefined);
  const etag = await store.put('one', 'first', { ifNoneMatch: '*' });
  const refused = async (put: Promise<string>): Promise<boolean> =>
    put.then(
      () => false,
      (error: unknown) => error instanceof PreconditionFailedError,
    );
  check('a second creation is refused', await refused(store.put('one', 'second', { ifNoneMatch: '*' })));
  checkEqual(
    'a repeated creation is the first one',
    await store.put('one', 'first', { ifNoneMatch: '*' }),
    etag,
  );
  const next = await store.put('one', 'second', { ifMatch: etag });
  check(
    'a replacement over an older tag is refused',
    await refused(store.put('one', 'third', { ifMatch: etag })),
  );
  check('the tag changes with the content', next !== etag);
  const many = Array.from({ length: 1_005 }, (_, index) => `many/${String(index).padStart(4, '0')}`);
  for (const key of many) await store.put(key, '');
  const listed = (await store.list('many/')).map(({ key }) => key);
  checkEqual('a listing goes beyond one page of 1,000', listed, many);
  const content = randomBytes(40 * 2 ** 20);
  const path = join(world.home, 'work', 'large.bin');
  writeFileSync(path, content);
  world.proxy.seen = [];
  await store.putFile('large.bin', path);
  const parts = world.proxy.seen.filter(({ url }) => url.includes('partNumber=')).length;
  checkEqual('a large file is uploaded in parts', parts, 3);
  const copy = await store.localCopy('large.bin');
  check('and is unchanged when it is read', readFileSync(copy.path).equals(content));
  check('a copy is current', await copy.isCurrent());
  await store.put('large.bin', 'other');
  check('until the object is replaced', !(await copy.isCurrent()));
  await copy.release();
  await store.delete('large.bin');
  checkEqual('a deleted object is gone', await store.get('large.bin'), undefined);
}

export async function glueCatalog(world: World): Promise<void> {
  const glue = new GlueClient({ endpoint: world.proxy.url });
  for (const { properties } of world.deployment.resources('AWS::Glue::Database')) {
    const { Name: name } = properties.DatabaseInput as { Name: string };
    await glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: name } }));
  }
  for (const { properties } of world.deployment.resources('AWS::Glue::Table')) {
    const { DatabaseName: database, TableInput: input } = properties;
    const table = new CreateTableCommand({
      DatabaseName: String(database),
      TableInput: input as { Name: string },
    });
    await glue.send(table);
  }
  const { Table: table } = await glue.send(
    new GetTableCommand({ DatabaseName: 'carbon_emissions', Name: 'carbon_emissions' }),
  );
  checkEqual(
    'Glue has the columns of the export',
    table?.StorageDescriptor?.Columns?.map(({ Name: name, Type: type }) => [name, type]),
    EXPORT_COLUMNS.map(({ name, type }) => [name, type]),
  );
  await manyPartitions(new LocalAws(world.proxy.url));
  checkEqual('without a projection', table?.Parameters?.['projection.enabled'], undefined);
  const location = table?.StorageDescriptor?.Location ?? '';
  checkEqual('at the location of the data', location, world.exports.uri('carbon-emissions/data/'));
}

/** Glue takes 100 partitions per call, and deletes 25. */
async function manyPartitions(aws: LocalAws): Promise<void> {
  const database = 'many_partitions';
  await aws.createDatabase(database);
  const [table] = glueTables({ root: 's3://many/', exportName: 'many', format: 'parquet' });
  if (table === undefined) throw new Error('no table');
  await aws.createTable(database, table);
  const catalog = aws.partitions(database);
  const partitions = Array.from({ length: 230 }, (_, index) => ({
    values: ['v3.0.1', String(2000 + index)],
    location: `s3://many/${String(index)}/`,
    schema: '',
  }));
  await catalog.create(table, partitions);
  // A repeated step registers them again.
  await catalog.create(table, partitions);
  checkEqual(
    'more partitions are registered than one call takes',
    (await catalog.list(table.name)).length,
    230,
  );
  const moved = partitions.map((partition) => ({ ...partition, location: 's3://elsewhere/' }));
  await catalog.update(table, moved);
  const locations = (await catalog.list(table.name)).map(({ location }) => location);
  checkEqual('and corrected', new Set(locations), new Set(['s3://elsewhere/']));
  await catalog.delete(table.name, partitions);
  checkEqual('and removed', await catalog.list(table.name), []);
}

/** The lock on S3: several holders at once, the end of a lease, and a release by another holder. */
export async function lockOnS3(world: World): Promise<void> {
  const client = new S3Client({ endpoint: world.proxy.url });
  const scratch = join(world.home, 'work', 'store');
  const store = new S3Store({ client, bucket: 'queryresults-of-test', prefix: 'locks', scratch });
  const now = new Date();
  const take = (id: string, at = now): Promise<string> =>
    acquireRunLocks(store, ['x'], { id }, at).then(
      () => id,
      () => 'refused',
    );
  const attempts = await Promise.all(['a', 'b', 'c', 'd'].map((id) => take(id)));
  const [holder = '', ...others] = attempts.filter((id) => id !== 'refused');
  checkEqual('of four holders at once, one has the lock', [holder !== '', others], [true, []]);
  checkEqual('which it may take again', await take(holder), holder);
  await releaseRunLocks(store, ['x'], 'another');
  checkEqual('another holder cannot release it', await take('e'), 'refused');
  const later = new Date(now.getTime() + (LEASE_HOURS + 1) * 3_600_000);
  const takers = await Promise.all(['f', 'g', 'h'].map((id) => take(id, later)));
  const [heir = '', ...more] = takers.filter((id) => id !== 'refused');
  checkEqual('after its lease, one of three takes it over', [heir !== '', more], [true, []]);
  await releaseRunLocks(store, ['x'], holder);
  checkEqual('the holder before it cannot release it', await take('i', later), 'refused');
  await releaseRunLocks(store, ['x'], heir);
  checkEqual('after the release nothing is left', await store.list(''), []);
  let mails = 0;
  const report = { exportName: 'x', execution: 'e', status: 'succeeded' } as const;
  for (let attempt = 0; attempt < 2; attempt += 1) {
    await mailOnce(store, report, () => Promise.resolve((mails += 1)));
  }
  checkEqual('a repeated step sends no second mail', mails, 1);
}

export async function localCommandOnS3(world: World): Promise<void> {
  // As of the day of the first run, because the as-of day is a value of every row.
  const code = await world.runOnS3(FIRST_DAY.slice(0, 10));
  checkEqual('the local command runs from bucket to bucket', code, 0);
  const compared: string[] = [];
  for (const { key } of await world.exports.list('by-command/carbon-emissions/data/')) {
    const ours = readFileSync(join(world.local, key.slice('by-command/'.length)));
    if (!(await world.exports.get(key))?.body.equals(ours)) compared.push(key);
  }
  checkEqual('and writes the same bytes', compared, []);
  checkEqual('of two months', (await world.exports.list('by-command/carbon-emissions/data/')).length, 2);
}
