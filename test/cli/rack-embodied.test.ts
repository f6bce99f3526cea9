import { carbonExports } from '../support/run-command';

const RACK = ['factors', 'rack', '--rack', 'r1', '--cluster', 'c1', '--in-service', '2025-01-01'];
const SERVER = [
  '--cpus',
  '2',
  '--cpu-die-cm2',
  '5',
  '--ram-modules',
  '4',
  '--ram-gb',
  '32',
  '--power-supply-kg',
  '2',
];
const DENSITY = ['--ram-gb-per-cm2', '2'];

test('a row of rack_embodied is the sum of the parts of its servers, with method and source', async () => {
  const { code, stdout } = await carbonExports(...RACK, '--servers', '10', ...SERVER, ...DENSITY);
  // 2 x (9.14 + 1.97 x 5) + 4 x (5.22 + 2.2 x 16) + 66.1 + 2 x 24.3 + 6.68 + 150 = 471.04 kg a server.
  expect([code, stdout]).toEqual([
    0,
    'rack_id,cluster_id,in_service_on,embodied_kg,method,source\nr1,c1,2025-01-01,4710.40,category_average,"archetype of parts: UBA texts 94/2021, as documented by BoaviztAPI"\n',
  ]);
});

test('SSDs and hard disks add up', async () => {
  const disks = ['--ssds', '2', '--ssd-gb', '100', '--ssd-gb-per-cm2', '50', '--hdds', '3'];
  const { stdout } = await carbonExports(...RACK, '--servers', '1', ...SERVER, ...DENSITY, ...disks);
  // 471.04 + 2 x (6.34 + 2.2 x 2) + 3 x 31.11.
  expect(stdout).toContain('r1,c1,2025-01-01,585.85,category_average,');
});

test('a density of 0 is refused', async () => {
  const result = await carbonExports(...RACK, '--servers', '1', ...SERVER, '--ram-gb-per-cm2', '0');
  expect(result).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('expected a number above 0') as string,
  });
});
