// Old names, until the test files of every folder import the new modules.
export { EXPORT_NAME } from './export-name';
export { runFolders as runOn, type RunOptions as RunOnOptions } from './run-export';
export { scratch as scratchFolders } from './scratch';
