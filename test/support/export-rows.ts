// Old names, until the test files of every folder import the new modules.
export { dataPath, type ExportPlace, type ExportRow, readExportRows, readManifest } from './export-reader';
