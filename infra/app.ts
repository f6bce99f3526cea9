import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { CarbonError } from '../shared/base/carbon-error';
import { CarbonExports } from './carbon-exports';
import { contextSettings } from './context-settings';

/** The app of cdk.json. cdk-nag checks its stacks by its AwsSolutions rules. */
function synthesize(): void {
  const app = new App();
  new CarbonExports(app, 'CarbonExports', contextSettings(app.node));
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  app.synth();
}

try {
  synthesize();
} catch (error) {
  if (!(error instanceof CarbonError)) throw error;
  console.error(error.message);
  process.exitCode = error.exitCode;
}
