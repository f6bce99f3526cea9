/** Namespace of the pipeline's CloudWatch metrics. */
export const METRIC_NAMESPACE = 'CarbonExports';

/** Dimension of every metric: the export's name. */
export const EXPORT_DIMENSION = 'export';

/** Metrics that finish-run emits and alarms watch, each a count per run. */
export const METRICS = {
  published: 'MonthsPublished',
  unchanged: 'MonthsUnchanged',
  failed: 'MonthsFailed',
  /** Months that are published with a warning that changes numbers. */
  withWarnings: 'MonthsWithWarnings',
  /** Closed months that are not up to date on the last day of the schedule, or after it; 0 before. */
  missing: 'MonthsMissing',
  problems: 'RunProblems',
} as const;

/** Last day of the month on which the schedule runs: what is missing then needs a person. */
export const LAST_SCHEDULED_DAY = 22;
