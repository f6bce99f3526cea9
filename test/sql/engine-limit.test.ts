import { dirname, join } from 'node:path';
import { damagedParquet } from '../../shared/estate/parquet-file';
import { withSession } from '../../shared/sql/duck-session';
import { scratch } from '../support/scratch';

const folder = scratch();

// Lists cannot be written to the disk in parts, so this needs its memory at once.
const LARGE = 'SELECT list(i ORDER BY i) AS l FROM range(20000000) t(i)';

test.each(['run', 'rows', 'chunks', 'select'] as const)(
  'a statement that needs more memory than the engine has names the limit (%s)',
  async (method) => {
    const parent = folder();
    const work = withSession({ memoryLimit: '20MB', scratchParent: parent, threads: 1 }, async (session) => {
      if (method === 'run') return session.run(`CREATE TEMP TABLE large AS ${LARGE}`);
      if (method !== 'chunks') return session[method](LARGE);
      for await (const rows of session.chunks(LARGE)) expect(rows).toHaveLength(1);
      return undefined;
    });
    await expect(work).rejects.toMatchObject({
      kind: 'state',
      message: `the engine: found a step that needs more than its memory of 20MB and the disk of ${parent}; give it more memory (--memory-limit), or set TMPDIR to a folder with more space`,
    });
  },
);

test('a temporary folder without space is named', async () => {
  const parent = folder();
  const work = withSession({ scratchParent: parent, threads: 1 }, async (session) => {
    await session.run("SET memory_limit = '64MB'");
    await session.run("SET max_temp_directory_size = '1MB'");
    await session.run('CREATE TEMP TABLE large AS SELECT i, hash(i) AS h FROM range(20000000) t(i)');
  });
  await expect(work).rejects.toMatchObject({
    kind: 'state',
    message: `${parent}: found no space left on its disk, expected room for temporary files; free some space there, or set TMPDIR to another folder`,
  });
});

test('a lack of memory is not taken for a damaged file', async () => {
  const path = join(folder(), 'large.parquet');
  await withSession({}, (session) =>
    session.run(
      `COPY (SELECT repeat('x', 30000000) AS text) TO '${path}' (FORMAT parquet, COMPRESSION zstd)`,
    ),
  );
  const check = withSession({ memoryLimit: '10MB', scratchParent: dirname(path) }, (session) =>
    damagedParquet(session, path, ['text']),
  );
  await expect(check).rejects.toMatchObject({ kind: 'state' });
});
