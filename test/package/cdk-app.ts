import { strict as assert } from 'node:assert';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { done } from './done';
import { install, type Node, run } from './npm';

/** A separate CDK app that adds the pipeline to a stage, and subscribes to its results. */
const APP = `const { App, CfnOutput, Stack } = require('aws-cdk-lib');
const { CarbonExports } = require('carbon-exports/cdk');

const app = new App();
const carbon = new CarbonExports(app, 'Carbon', {
  stackPrefix: 'Carbon',
  exportName: 'carbon',
  by: ['tag:team'],
  terminationProtection: true,
  env: { account: '123456789012', region: 'eu-central-1' },
});
const own = new Stack(app, 'Own', { env: { account: '123456789012', region: 'eu-central-1' } });
new CfnOutput(own, 'Results', { value: carbon.pipeline.topic.topicArn });
try {
  new CarbonExports(app, 'Wrong', { stackPrefix: 'Wrong', formt: 'csv' });
  throw new Error('expected an error about formt');
} catch (error) {
  if (!/Wrong: invalid settings[^]*formt, did you mean format/.test(error.message)) throw error;
}
app.synth();
`;

/** Installs the package into a CDK app and synthesizes it, functions included. */
export function checkCdkApp(node: Node, tarball: string, folder: string): void {
  install(node, folder, [tarball, 'aws-cdk-lib@2.276.0', 'constructs@10.8.1']);
  writeFileSync(join(folder, 'app.js'), APP);
  writeFileSync(join(folder, 'cdk.json'), '{ "app": "node app.js" }\n');
  const out = join(folder, 'cdk.out');
  // What the cdk command sets for the app.
  process.env['CDK_OUTDIR'] = out;
  run(node.program, ['app.js'], folder, dirname(node.program));
  assert(existsSync(out), 'the app wrote no cdk.out');
  const templates = readdirSync(out).filter((file) => file.endsWith('.template.json'));
  assert.deepEqual(templates.sort(), [
    'CarbonCatalog.template.json',
    'CarbonMonitoring.template.json',
    'CarbonPipeline.template.json',
    'CarbonStorage.template.json',
    'Own.template.json',
  ]);
  assert.match(
    readFileSync(join(out, 'CarbonPipeline.template.json'), 'utf8'),
    /AWS::StepFunctions::StateMachine/,
  );
  const assets = readdirSync(out).filter((name) => existsSync(join(out, name, 'index.js')));
  assert.equal(assets.length, 5, 'five functions are assembled');
  const binding = join('node_modules', '@duckdb', 'node-bindings-linux-arm64', 'duckdb.node');
  assert(
    assets.some((name) => existsSync(join(out, name, binding))),
    'the engine for arm64 is installed',
  );
  done('The construct synthesizes in a separate app');
}
