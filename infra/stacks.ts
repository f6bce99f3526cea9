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

/** Adds the stacks to an app and has cdk-nag check them by its AwsSolutions rules. */
export function createStacks(app: App, settings: Settings): Stacks {
  const { stackPrefix } = settings;
  // Without account and Region, synthesis needs no credentials; `cdk deploy` uses those of its caller.
  const props = (what: string): StackProps => ({
    description: `carbon-exports ${settings.exportName}: ${what}`,
  });
  const storage = new StorageStack(app, `${stackPrefix}Storage`, settings, props('inputs and exports'));
  const context = { settings, storage };
  const catalog = new CatalogStack(app, `${stackPrefix}Catalog`, context, props('catalog'));
  const pipeline = new PipelineStack(app, `${stackPrefix}Pipeline`, context, props('pipeline'));
  const monitoring = new MonitoringStack(
    app,
    `${stackPrefix}Monitoring`,
    { settings, pipeline },
    props('monitoring'),
  );
  Tags.of(app).add('carbon-exports', settings.exportName);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return { storage, catalog, pipeline, monitoring };
}
