import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stage } from 'aws-cdk-lib';
import { CarbonExports } from '../../infra/carbon-exports';
import { deployed } from './configurations';

const outdir = mkdtempSync(join(tmpdir(), 'carbon-construct-'));

afterAll(() => {
  rmSync(outdir, { recursive: true, force: true });
});

const newApp = (): App => new App({ outdir, context: { 'aws:cdk:bundling-stacks': [] } });

test('the construct adds four stacks to an app or a stage, named by their prefix', () => {
  const app = newApp();
  const env = { account: '123456789012', region: 'eu-central-1' };
  const { stacks } = new CarbonExports(new Stage(app, 'Prod', { env }), 'Carbon', {
    stackPrefix: 'Carbon',
    terminationProtection: true,
    env,
  });
  expect(
    stacks.map(({ stackName, terminationProtection, region }) => [stackName, terminationProtection, region]),
  ).toEqual(
    ['Storage', 'Catalog', 'Pipeline', 'Monitoring'].map((part) => [`Carbon${part}`, true, 'eu-central-1']),
  );
});

test('two constructs in one app have different prefixes', () => {
  const app = newApp();
  new CarbonExports(app, 'One', { stackPrefix: 'One' });
  new CarbonExports(app, 'Two', { stackPrefix: 'Two' });
  expect(() => new CarbonExports(app, 'Again', { stackPrefix: 'One' })).toThrow(
    /already a Construct with name/,
  );
});

test('an invalid prop is an error that names the construct', () => {
  expect(() => new CarbonExports(newApp(), 'Carbon', { months: 0 })).toThrow(
    /^Carbon: invalid settings.*\n {2}carbonExports\.months: found 0, /,
  );
});

test('a permissions boundary bounds every role', () => {
  const roles = deployed('everySetting').resources('AWS::IAM::Role');
  expect(roles.length).toBeGreaterThan(5);
  for (const { properties } of roles) {
    expect(properties['PermissionsBoundary']).toMatch(/:123456789012:policy\/boundary$/);
  }
});
