import { join, relative } from 'node:path';
import {
  type BCMDataExportsClient,
  type Export,
  GetExportCommand,
  ListExportsCommand,
} from '@aws-sdk/client-bcm-data-exports';
import { exportRequest } from '../../cli/create-exports';
import { chooseSources, type InitPorts } from '../../cli/choose-sources';
import { findExports, type FoundExport } from '../../shared/compute/aws-totals/find-exports';
import { AWS_ROW, carbonCsv } from '../support/aws-totals';
import { billCsv, curRow } from '../support/bills';
import { EstateFolder } from '../support/estate-folder';
import { carbonExports } from '../support/run-command';
import { scratch } from '../support/scratch';

const folder = scratch();

const CARBON: FoundExport = { name: 'c', table: 'aws_carbon', location: 's3://b/p/c' };
const FOCUS: FoundExport = { name: 'f', table: 'focus', location: 's3://b/p/f' };
const CUR: FoundExport = { name: 'r', table: 'cur', location: 's3://b/r' };

const none = {};
const finding =
  (...exports: readonly FoundExport[]): (() => Promise<readonly FoundExport[]>) =>
  () =>
    Promise.resolve(exports);

/** Looks at locations whose names say what they are. */
const look: InitPorts['look'] = (location) => {
  if (location.includes('empty')) return Promise.resolve(undefined);
  const table = (['aws_carbon', 'focus', 'cur'] as const).find((each) => location.includes(each));
  return Promise.resolve(table ?? 'unknown');
};

describe('init of an estate', () => {
  const exports = (): EstateFolder => {
    const folders = new EstateFolder(folder());
    folders.write('carbon/data/part.csv', carbonCsv([AWS_ROW]));
    folders.write('bills/data/part.csv', billCsv([curRow()]));
    return folders;
  };
  const init = (at: EstateFolder, ...more: readonly string[]): ReturnType<typeof carbonExports> =>
    carbonExports(
      ...['init', '--from-aws', '--inputs', join(at.path, 'estate')],
      ...['--carbon', relative(process.cwd(), join(at.path, 'carbon')), '--bills', join(at.path, 'bills')],
      ...more,
    );

  test('looks at the bills, writes full paths, and never over settings that exist', async () => {
    const at = exports();
    const first = await init(at);
    const second = await init(at);
    expect([first.code, second.code]).toEqual([0, 2]);
    expect(JSON.parse(at.read('estate/settings.json'))).toEqual({
      sources: { aws_carbon: join(at.path, 'carbon'), cur: join(at.path, 'bills') },
    });
  });

  test('says what it found in place of another table', async () => {
    const { code, stderr } = await init(exports(), '--bills-table', 'focus');
    expect(code).toBe(2);
    expect(stderr).toMatch(/bills: found CUR 2\.0, expected FOCUS\n/);
  });

  test('says that a location has no files, and how the export is created', async () => {
    const at = exports();
    at.remove('carbon');
    const { code, stderr } = await init(at);
    expect(code).toBe(2);
    expect(stderr).toMatch(/carbon: found no data files, expected AWS's carbon export\n/);
    expect(stderr).toContain('aws bcm-data-exports create-export --region us-east-1 --export');
  });
});

test('the only exports there are need no asking', async () => {
  expect(await chooseSources(none, { find: finding(CARBON, CUR), look })).toEqual({
    aws_carbon: CARBON.location,
    cur: CUR.location,
  });
});

test('a person chooses among several; an unknown answer is checked', async () => {
  const asked: string[] = [];
  const ask = (question: string): Promise<string> => {
    asked.push(question);
    return Promise.resolve(asked.length === 1 ? ' s3://other/aws_carbon ' : CUR.location);
  };
  expect(await chooseSources(none, { find: finding(FOCUS, CUR), look, ask })).toEqual({
    aws_carbon: 's3://other/aws_carbon',
    cur: CUR.location,
  });
  expect(asked[1]).toContain(
    'found several of FOCUS or CUR 2.0 export, expected one: s3://b/p/f (FOCUS), s3://b/r (CUR 2.0)',
  );
});

test.each([
  { answer: 'CUR', table: 'cur' },
  { answer: 'focus ', table: 'focus' },
])('a person says of which kind bills with unknown columns are: $answer', async ({ answer, table }) => {
  const given = { carbon: 's3://b/aws_carbon', bills: 's3://b/x' };
  const ask = (): Promise<string> => Promise.resolve(answer);
  expect(await chooseSources(given, { find: finding(), look, ask })).toEqual({
    aws_carbon: given.carbon,
    [table]: given.bills,
  });
});

test.each([
  {
    given: none,
    find: finding(FOCUS),
    message: 'found no carbon export, expected one; set --carbon to its location\nTo create',
  },
  {
    given: none,
    find: (): Promise<never> => Promise.reject(new Error('no credentials')),
    message:
      'AWS Data Exports: found no access (no credentials); sign in (aws sso login), or set --carbon to the location of the carbon export',
  },
  {
    given: { carbon: 's3://b/focus', bills: 's3://b/cur' },
    find: finding(),
    message: "s3://b/focus: found FOCUS, expected AWS's carbon export",
  },
  {
    given: { carbon: 's3://b/aws_carbon', bills: 's3://b/empty' },
    find: finding(),
    message:
      's3://b/empty: found no data files, expected FOCUS or CUR 2.0\nTo create the exports of FOCUS_1_2_AWS and COST_AND_USAGE_REPORT',
  },
  {
    given: { carbon: 's3://b/aws_carbon', bills: 's3://b/x' },
    find: finding(),
    message:
      's3://b/x: found other columns than those of FOCUS and CUR 2.0; name the kind with --bills-table',
  },
])('where no one can be asked: $message', async ({ given, find, message }) => {
  await expect(chooseSources(given, { find, look })).rejects.toThrow(message);
});

test.each(['aws_carbon', 'focus', 'cur'] as const)(
  'the request of an export of %s is found again',
  async (table) => {
    const request = exportRequest(table) as Export;
    const client = clientOf({ [request.Name ?? '']: request });
    const location = `s3://BUCKET/exports/${request.Name ?? ''}`;
    expect(await findExports(client)).toEqual([{ name: request.Name, table, location }]);
  },
);

/** A client of an account with these exports. */
function clientOf(exports: Readonly<Record<string, unknown>>): BCMDataExportsClient {
  const send = (command: unknown): Promise<unknown> => {
    if (command instanceof ListExportsCommand)
      return Promise.resolve({ Exports: Object.keys(exports).map((name) => ({ ExportArn: name })) });
    if (!(command instanceof GetExportCommand)) throw new Error('another command');
    return Promise.resolve({ Export: exports[command.input.ExportArn ?? ''] });
  };
  const { prototype } = (
    jest.requireActual('@aws-sdk/client-bcm-data-exports') as {
      BCMDataExportsClient: { prototype: object };
    }
  ).BCMDataExportsClient;
  return Object.create(prototype, { send: { value: send } }) as BCMDataExportsClient;
}

test('exports are distinguished by what they select from', async () => {
  const queries: Readonly<Record<string, string>> = {
    c: 'SELECT location FROM CARBON_EMISSIONS',
    f: 'SELECT BilledCost FROM FOCUS_1_2_AWS',
    r: 'SELECT line_item_type FROM COST_AND_USAGE_REPORT',
    o: 'SELECT x FROM COST_OPTIMIZATION_RECOMMENDATIONS',
  };
  const exports = Object.entries(queries).map(([name, query]) => [
    name,
    {
      Name: name,
      DataQuery: { QueryStatement: query },
      DestinationConfigurations: {
        S3Destination: { S3Bucket: 'b', S3Prefix: name === 'r' ? '' : '/p/' },
      },
    },
  ]);
  const client = clientOf(Object.fromEntries(exports) as Record<string, unknown>);
  expect(await findExports(client)).toEqual([CARBON, FOCUS, CUR]);
});
