// Old names, until the test files of every folder import the new modules.
export {
  AWS_NAME,
  AWS_ROW,
  type AwsRow,
  carbonCsv,
  carbonFile,
  GENERATIONS,
  runSplit,
  splitManifestOf,
  splitRowsOf,
} from './aws-totals';
