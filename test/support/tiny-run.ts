// Old names, until the test files of every folder import the new modules.
export { EstateFolder } from './estate-folder';
export { listedAccount, monthlyEstate as estateOf, MONTHS } from './estates/monthly-estate';
export { EXPORT_NAME as NAME } from './export-name';
export {
  copyFolder as copyOf,
  filesOfMonth as publishedIn,
  hashesAndTimesOf as treeOf,
  hashesOf as contentsOf,
} from './folder-contents';
export {
  AS_OF,
  carbonExports,
  type CommandResult,
  type EstateRun as TinyRun,
  runCommand,
  runEstate as runTiny,
  statusesOf,
} from './run-command';
export { scratch } from './scratch';
