import { type Environment, PermissionsBoundary, type Stack, type StackProps, Tags } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { defined } from '../shared/base/defined';
import { CatalogStack } from './catalog-stack';
import { MonitoringStack } from './monitoring-stack';
import { PipelineStack } from './pipeline-stack';
import { parseSettings } from './settings';
import type { SettingsProps } from './settings-props';
import { StorageStack } from './storage-stack';

/** Settings of a deployment; all are optional. */
export interface CarbonExportsProps extends SettingsProps {
  /** Account and Region of the stacks. @default - those of the caller of `cdk deploy` */
  readonly env?: Environment;
}

/**
 * The carbon pipeline: four stacks for storage, catalog, pipeline and monitoring. They are created in the scope of the
 * construct, an App or a Stage, and are named `<stackPrefix>Storage` and so on.
 *
 * @example
 * import { App } from 'aws-cdk-lib';
 * import { CarbonExports } from 'carbon-exports/cdk';
 *
 * new CarbonExports(new App(), 'Carbon', { exportName: 'carbon', by: ['tag:team'] });
 */
export class CarbonExports extends Construct {
  /** Buckets of inputs, exports and query results. */
  readonly storage: StorageStack;
  /** Glue database with tables and views, and the Athena workgroup. */
  readonly catalog: CatalogStack;
  /** State machine, functions and schedule; its `topic` receives results and alarms. */
  readonly pipeline: PipelineStack;
  /** Alarms and dashboard. */
  readonly monitoring: MonitoringStack;

  /** @throws CarbonError of kind usage that lists every unknown setting and every invalid value */
  constructor(scope: Construct, id: string, props: CarbonExportsProps = {}) {
    super(scope, id);
    const { env, ...raw } = props;
    const settings = parseSettings(raw, this.node.path);
    const { stackPrefix, terminationProtection, permissionsBoundary } = settings;
    // Without account and Region, synthesis needs no credentials. The key's policy contains the names of the stacks.
    const stackProps = (part: string, what: string): StackProps => ({
      stackName: `${stackPrefix}${part}`,
      description: `carbon-exports ${settings.exportName}: ${what}`,
      terminationProtection,
      ...defined({ env, permissionsBoundary: boundaryOf(permissionsBoundary) }),
    });
    const at = (part: string): string => `${stackPrefix}${part}`;
    this.storage = new StorageStack(
      scope,
      at('Storage'),
      settings,
      stackProps('Storage', 'inputs and exports'),
    );
    const context = { settings, storage: this.storage };
    this.catalog = new CatalogStack(scope, at('Catalog'), context, stackProps('Catalog', 'catalog'));
    this.pipeline = new PipelineStack(scope, at('Pipeline'), context, stackProps('Pipeline', 'pipeline'));
    this.monitoring = new MonitoringStack(
      scope,
      at('Monitoring'),
      { settings, pipeline: this.pipeline },
      stackProps('Monitoring', 'monitoring'),
    );
    for (const stack of this.stacks) Tags.of(stack).add('carbon-exports', settings.exportName);
  }

  /** The stacks, in the order of their deployment. */
  get stacks(): readonly Stack[] {
    return [this.storage, this.catalog, this.pipeline, this.monitoring];
  }
}

function boundaryOf(policy: string | undefined): PermissionsBoundary | undefined {
  if (policy === undefined) return undefined;
  return policy.startsWith('arn:')
    ? PermissionsBoundary.fromArn(policy)
    : PermissionsBoundary.fromName(policy);
}
