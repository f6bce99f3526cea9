import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { CarbonExports } from '../../infra/carbon-exports';
import type { SettingsProps } from '../../infra/settings-props';
import { builtCommand } from './built-command';
import { Deployment } from './deployment';

const { context: FLAGS } = JSON.parse(readFileSync(join(__dirname, '..', '..', 'cdk.json'), 'utf8')) as {
  context: Record<string, unknown>;
};

/**
 * Returns the deployment of these settings, synthesized without the code of the functions: `npm run synth` and
 * `npm run test:aws` bundle it. Throws where cdk-nag finds something.
 *
 * @param nameOf returns the name that replaces a reference to a resource
 */
export function synthesized(
  settings: SettingsProps,
  nameOf: (type: string, logicalId: string) => string,
): Deployment {
  builtCommand();
  const outdir = mkdtempSync(join(tmpdir(), 'carbon-synth-'));
  try {
    const app = new App({ outdir, context: { ...FLAGS, 'aws:cdk:bundling-stacks': [] } });
    new CarbonExports(app, 'CarbonExports', settings);
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    app.synth();
    return new Deployment(outdir, nameOf);
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}
