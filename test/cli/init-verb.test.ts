import { join } from 'node:path';
import {
  type BCMDataExportsClient,
  GetExportCommand,
  ListExportsCommand,
} from '@aws-sdk/client-bcm-data-exports';
import { chooseSources } from '../../cli/init-verb';
import { findExports, type FoundExport } from '../../shared/compute/aws-totals/find-exports';
import { EstateFolder } from '../support/estate-folder';
import { carbonExports } from '../support/run-command';
import { scratch } from '../support/scratch';

const folder = scratch();

const CARBON: FoundExport = { name: 'c', table: 'aws_carbon', location: 's3://b/p/c' };
const FOCUS: FoundExport = { name: 'f', table: 'focus', location: 's3://b/p/f' };
const CUR: FoundExport = { name: 'r', table: 'cur', location: 's3://b/r' };

const none = { billsTable: 'focus' as const };
const finding =
  (...exports: readonly FoundExport[]): (() => Promise<readonly FoundExport[]>) =>
  () =>
    Promise.resolve(exports);

test('both locations as given are written, and never over settings that are there', async () => {
  // Prepare
  const inputs = join(folder(), 'estate');
  const given = [
    'init',
    '--from-aws',
    '--inputs',
    inputs,
    '--carbon',
    CARBON.location,
    '--bills',
    CUR.location,
  ];
  // Act
  const first = await carbonExports(...given, '--bills-table', 'cur');
  const second = await carbonExports(...given);
  // Assess
  expect([first.code, second.code]).toEqual([0, 2]);
  expect(JSON.parse(new EstateFolder(inputs).read('settings.json'))).toEqual({
    sources: { aws_carbon: CARBON.location, cur: CUR.location },
  });
});

test('the only exports there are need no asking', async () => {
  expect(await chooseSources(none, { find: finding(CARBON, CUR) })).toEqual({
    aws_carbon: CARBON.location,
    cur: CUR.location,
  });
});

test('of several a person chooses, and an unknown answer is taken as it is', async () => {
  const asked: string[] = [];
  const ask = (question: string): Promise<string> => {
    asked.push(question);
    return Promise.resolve(asked.length === 1 ? ' folder ' : CUR.location);
  };
  expect(await chooseSources(none, { find: finding(FOCUS, CUR), ask })).toEqual({
    aws_carbon: 'folder',
    cur: CUR.location,
  });
  expect(asked[1]).toContain('there are several of FOCUS or CUR 2.0 export: s3://b/p/f, s3://b/r');
});

test.each([
  { find: finding(FOCUS), said: 'there is no carbon export; name it with --carbon' },
  {
    find: () => Promise.reject(new Error('no credentials')),
    said: 'AWS Data Exports could not be asked (no credentials); name it with --carbon',
  },
])('without a terminal to ask: $said', async ({ find, said }) => {
  await expect(chooseSources(none, { find })).rejects.toThrow(said);
});

test('exports are distinguished by what they select from', async () => {
  // Prepare
  const queries: Readonly<Record<string, string>> = {
    c: 'SELECT location FROM CARBON_EMISSIONS',
    f: 'SELECT BilledCost FROM FOCUS_1_2_AWS',
    r: 'SELECT line_item_type FROM COST_AND_USAGE_REPORT',
    o: 'SELECT x FROM COST_OPTIMIZATION_RECOMMENDATIONS',
  };
  const send = (command: unknown): Promise<unknown> => {
    if (command instanceof ListExportsCommand) {
      return Promise.resolve({ Exports: Object.keys(queries).map((name) => ({ ExportArn: name })) });
    }
    if (!(command instanceof GetExportCommand)) throw new Error('another command');
    const name = command.input.ExportArn ?? '';
    const place = { S3Bucket: 'b', S3Prefix: name === 'r' ? '' : '/p/' };
    return Promise.resolve({
      Export: {
        Name: name,
        DataQuery: { QueryStatement: queries[name] },
        DestinationConfigurations: { S3Destination: place },
      },
    });
  };
  const client = Object.create(
    (
      jest.requireActual('@aws-sdk/client-bcm-data-exports') as {
        BCMDataExportsClient: { prototype: object };
      }
    ).BCMDataExportsClient.prototype,
    { send: { value: send } },
  ) as BCMDataExportsClient;
  // Act and assess
  expect(await findExports(client)).toEqual([CARBON, FOCUS, CUR]);
});
