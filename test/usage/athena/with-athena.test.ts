import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AthenaClient } from '@aws-sdk/client-athena';
import {
  CreateTableCommand,
  DeleteTableCommand,
  EntityNotFoundException,
  GlueClient,
} from '@aws-sdk/client-glue';
import { mockClient } from 'aws-sdk-client-mock';
import { FolderStore } from '../../../shared/stores/folder-store';
import { ScratchTables } from '../../../shared/usage/athena/scratch-tables';
import { withAthena } from '../../../shared/usage/athena/with-athena';

const client = new GlueClient({ region: 'us-east-1' });
const glue = mockClient(client);
const notFound = new EntityNotFoundException({ message: 'no table', $metadata: {} });
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'with-athena-'));
  glue.reset();
  glue.on(CreateTableCommand).resolves({});
  glue.on(DeleteTableCommand).rejects(notFound);
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function access() {
  const names: string[] = [];
  const warnings: string[] = [];
  return {
    names,
    warnings,
    warn: (message: string) => warnings.push(message),
    athena: new AthenaClient({ region: 'us-east-1' }),
    glue: client,
    ...{ workgroup: 'Months', database: 'scratch', remainingMs: () => 1_000 },
    scratchAt: (name: string) => {
      names.push(name);
      return new FolderStore(join(folder, name));
    },
  };
}

test('tables have the name of the month, files are written where no earlier attempt has written', async () => {
  const { names, ...given } = access();
  for (const attempt of ['first', 'second']) {
    expect(await withAthena(given, 'Carbon-EU_2025-01_v2.0.0', () => Promise.resolve(attempt))).toBe(attempt);
  }
  expect(names.map((name) => name.split('/')[0])).toEqual([
    'carbon_eu_2025_01_v2_0_0',
    'carbon_eu_2025_01_v2_0_0',
  ]);
  expect(new Set(names).size).toBe(2);
});

test('a problem of cleaning up is reported, and nothing fails because of it', async () => {
  const broken = { ...access(), scratchAt: () => new Unlisted(folder) };
  const work = (): Promise<never> => Promise.reject(new Error('the work failed'));
  await expect(withAthena(broken, 'm', work)).rejects.toThrow('the work failed');
  expect(await withAthena(broken, 'm', () => Promise.resolve('done'))).toBe('done');
  const warning = 'tables or objects of m are left behind: cannot be listed';
  expect(broken.warnings).toEqual([warning, warning]);
});

class Unlisted extends FolderStore {
  override list(): Promise<never> {
    return Promise.reject(new Error('cannot be listed'));
  }
}

describe('scratch tables', () => {
  const tables = (): ScratchTables =>
    new ScratchTables({ glue: client, database: 'scratch', prefix: 'm', store: new FolderStore(folder) });

  test('a table over files has exactly the files of its addresses', async () => {
    const name = await tables().overCsv(['s3://b/x.csv', 's3://b/y.csv.gz'], ['c0', 'c1']);
    expect(name).toBe('m_0');
    const stored = await new FolderStore(folder).get('m_0/files');
    expect(stored?.body.toString()).toBe('s3://b/x.csv\ns3://b/y.csv.gz\n');
    const input = glue.commandCalls(CreateTableCommand)[0]?.args[0].input;
    expect(input?.TableInput).toMatchObject({
      Name: 'm_0',
      Parameters: { 'skip.header.line.count': '1' },
      StorageDescriptor: {
        InputFormat: 'org.apache.hadoop.hive.ql.io.SymlinkTextInputFormat',
        Columns: [
          { Name: 'c0', Type: 'string' },
          { Name: 'c1', Type: 'string' },
        ],
      },
    });
  });

  test('one that a killed run left behind is replaced, and all are dropped in the end', async () => {
    glue.on(DeleteTableCommand).resolves({});
    const made = tables();
    await made.overParquet(['s3://b/x.parquet'], [['a', 'int']]);
    const rows = join(folder, 'rows');
    writeFileSync(rows, 'rows');
    await made.ofFile(rows, [['a', 'int']]);
    const dropped = (): unknown[] =>
      glue.commandCalls(DeleteTableCommand).map(({ args }) => args[0].input.Name);
    expect(dropped()).toEqual(['m_0', 'm_1']);
    await made.drop();
    expect(dropped()).toEqual(['m_0', 'm_1', 'm_0', 'm_1']);
  });

  test('where a table cannot be dropped, all others are', async () => {
    const made = tables();
    for (const column of ['a', 'b', 'c']) await made.overCsv([], [column]);
    glue.on(DeleteTableCommand, { Name: 'm_0' }).rejects(new Error('ThrottlingException'));
    glue.resetHistory();
    await expect(made.drop()).rejects.toThrow('ThrottlingException');
    expect(glue.commandCalls(DeleteTableCommand)).toHaveLength(3);
  });

  test('an error of Glue is reported, unless the table does not exist', async () => {
    glue.on(DeleteTableCommand).rejects(new Error('AccessDeniedException: not allowed'));
    await expect(tables().overCsv([], [])).rejects.toThrow('not allowed');
  });
});
