import { type App, type StackProps, Tags, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { CatalogStack } from './catalog-stack';
import { MonitoringStack } from './monitoring-stack';
import { PipelineStack } from './pipeline-stack';
import type { Settings } from './settings';
import { StorageStack } from './storage-stack';

/** Everything that is deployed. */
export interface Stacks {
  readonly storage: StorageStack;
  readonly catalog: CatalogStack;
  readonly pipeline: PipelineStack;
  readonly monitoring: MonitoringStack;
}

/** Adds the stacks to an app, checked by cdk-nag's AwsSolutions. */
export function createStacks(app: App, settings: Settings): Stacks {
  const { stackPrefix } = settings;
  // Without account and Region: they are those of whoever deploys, and synthesis asks nobody.
  const props = (what: string): StackProps => ({
    description: `carbon-exports ${settings.exportName}: ${what}`,
  });
  const storage = new StorageStack(app, `${stackPrefix}Storage`, settings, props('inputs and exports'));
  const catalog = new CatalogStack(app, `${stackPrefix}Catalog`, settings, storage, props('catalog'));
  const pipeline = new PipelineStack(app, `${stackPrefix}Pipeline`, settings, storage, props('pipeline'));
  const monitoring = new MonitoringStack(
    app,
    `${stackPrefix}Monitoring`,
    settings,
    pipeline,
    props('monitoring'),
  );
  Tags.of(app).add('carbon-exports', settings.exportName);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return { storage, catalog, pipeline, monitoring };
}
