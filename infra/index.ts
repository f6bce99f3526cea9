/*
 * The construct for CDK apps: what `import … from 'carbon-exports/cdk'` has.
 */
export { CarbonExports, type CarbonExportsProps } from './carbon-exports';
export { type SettingsProps } from './settings-props';
export { type CatalogStack } from './catalog-stack';
export { type MonitoringStack } from './monitoring-stack';
export { type PipelineStack } from './pipeline-stack';
export { type Location, type StorageStack } from './storage-stack';
