import { existsSync, readdirSync } from 'node:fs';
import { DuckSession } from '../../shared/sql/duck-session';
import { scratch } from '../support/scratch';

const folder = scratch();

const settingOf = async (session: DuckSession): Promise<unknown> =>
  (await session.rows(`SELECT current_setting('disabled_optimizers') AS value`))[0]?.['value'];

test('sessions that are open at the same time do not see the relations of each other', async () => {
  const [one, two] = [await DuckSession.open(), await DuckSession.open()];
  const { table } = await one.tableOf('SELECT 1 AS x');
  await expect(two.rows(`SELECT x FROM ${table}`)).rejects.toThrow('does not exist');
  expect((await two.tableOf('SELECT 2 AS x')).table).not.toBe(table);
  await two.close();
  expect(await one.rows(`SELECT x FROM ${table}`)).toEqual([{ x: 1 }]);
  await one.close();
});

test('a separate session changes no setting of the others', async () => {
  const [separate, other] = [await DuckSession.open({ isSeparate: true }), await DuckSession.open()];
  await separate.run("SET disabled_optimizers = 'filter_pushdown'");
  expect([await settingOf(separate), await settingOf(other)]).toEqual(['filter_pushdown', '']);
  await separate.close();
  await other.close();
});

test('all scratch folders are removed with the last session', async () => {
  const scratchParent = folder();
  const [one, two] = [await DuckSession.open({ scratchParent }), await DuckSession.open({ scratchParent })];
  await one.close();
  expect([existsSync(one.scratch), existsSync(two.scratch)]).toEqual([false, true]);
  await two.close();
  expect(readdirSync(scratchParent)).toEqual([]);
});

test('limits that DuckDB rejects are an error each time and leave no scratch folder', async () => {
  const scratchParent = folder();
  for (const memoryLimit of ['much', 'much', '1GB']) {
    const opened = DuckSession.open({ memoryLimit, scratchParent });
    if (memoryLimit === '1GB') await (await opened).close();
    else await expect(opened).rejects.toThrow('Failed to set config');
  }
  expect(readdirSync(scratchParent)).toEqual([]);
});
