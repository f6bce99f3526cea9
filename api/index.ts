/*
 * The library: what `import … from 'carbon-exports'` has. Each function does what the verb of the command does, at
 * locations that are folders or `s3://bucket/prefix`, and returns its result instead of printing it.
 */
export { diffExports, type DiffOptions } from './diff-exports';
export { doctor, type DoctorCheck, type DoctorOptions } from './doctor';
export { explainExport, type ExplainOptions } from './explain-export';
export { exportStatus, type StatusOptions } from './export-status';
export { queryExport, type QueryOptions } from './query-export';
export { isGoodRun, runExport, type RunOptions } from './run-export';
export { isValid, validateEstate, type ValidateOptions } from './validate-estate';
export { verifyExport, type VerifyOptions } from './verify-export';
export { type ReportOptions, writeReport } from './write-report';
export { isVerified, type Verification } from '../shared/audit/verify/verification';
export { type ExplainedMonth } from '../shared/audit/explain/explain-export';
export { type ExportDiff } from '../shared/audit/diff/diff-exports';
export { CarbonError, type ErrorKind } from '../shared/base/carbon-error';
export { type MonthState } from '../shared/exports/month-state';
export { type MonthOutcome } from '../shared/runs/month-outcome';
export { type RunReport } from '../shared/runs/run-export';
export { type ValidationReport } from '../shared/runs/validate-estate';
export { type SelectResult } from '../shared/sql/duck-session';
