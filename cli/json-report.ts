import { REPORT_SCHEMA } from '../api/report-schemas';

/** Returns a report as `--json` prints it, with the version of its published schema. */
export function jsonReport(report: object): string {
  return JSON.stringify({ schema: REPORT_SCHEMA, ...report }, undefined, 2);
}
