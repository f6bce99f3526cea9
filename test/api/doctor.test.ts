import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { doctor, type DoctorCheck, type DoctorPorts } from '../../api/doctor';
import { scratch } from '../support/scratch';

const folder = scratch();

const PORTS: DoctorPorts = {
  nodeVersion: '22.1.0',
  credentials: () => Promise.resolve({ accessKeyId: 'AKIAEXAMPLE' }),
  findExports: () => Promise.resolve([]),
};

const statuses = (checks: readonly DoctorCheck[]): Record<string, string> =>
  Object.fromEntries(checks.map(({ check, status }) => [check, status]));

test('a computer that works', async () => {
  const inputs = folder();
  mkdirSync(inputs, { recursive: true });
  writeFileSync(join(inputs, 'clusters.csv'), 'cluster_id\n');
  const checks = await doctor({ inputs, out: join(inputs, 'new') }, PORTS);
  expect(statuses(checks)).toEqual({
    'Node.js': 'ok',
    'scratch folder': 'ok',
    engine: 'ok',
    inputs: 'ok',
    exports: 'ok',
  });
});

test.each([
  ['an old Node.js', {}, { nodeVersion: '20.18.3' }, 'Node.js', /install Node\.js 20\.19 or later/],
  ['inputs that are missing', { inputs: '/nowhere' }, {}, 'inputs', /carbon-exports init/],
  ['exports in a file', { out: __filename }, {}, 'exports', /correct --out/],
  [
    'no credentials',
    { aws: true },
    { credentials: () => Promise.reject(new Error('no provider')) },
    'AWS credentials',
    /aws sso login/,
  ],
  [
    'no right to list exports',
    { aws: true },
    { findExports: () => Promise.reject(new Error('AccessDenied')) },
    'AWS Data Exports',
    /bcm-data-exports:ListExports/,
  ],
  ['no carbon export', { aws: true }, {}, 'carbon export', /init --from-aws/],
])('%s has a fix', async (_, options, ports, check, fix) => {
  const checks = await doctor(options, { ...PORTS, ...ports });
  const failed = checks.filter(({ status }) => status === 'failed');
  expect(failed.map((each) => each.check)).toContain(check);
  expect(failed.find((each) => each.check === check)?.fix).toMatch(fix);
});
