import { Duration } from 'aws-cdk-lib';
import { type IMetric, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { EXPORT_DIMENSION, METRIC_NAMESPACE, METRICS } from '../lambdas/metric-names';
import type { PipelineStack } from './pipeline-stack';
import type { Settings } from './settings';

/** What the monitoring stack observes. */
export interface MonitoringContext {
  readonly settings: Settings;
  readonly pipeline: PipelineStack;
}

/** An alarm with its section of the runbook. */
interface AlarmPlan {
  readonly name: string;
  /** Anchor of the alarm's section in docs/runbook.md. */
  readonly section: string;
  /** One or two sentences for the person who receives the alarm. */
  readonly what: string;
  readonly metric: IMetric;
  /** Lowest value that raises the alarm. @default - 1 */
  readonly threshold?: number;
}

const PERIOD = Duration.hours(1);

/** Part of the function's longest duration above which a month raises an alarm. */
const NEAR_TIMEOUT = 0.8;

/** Returns a metric that the functions emit once per run. */
export function runMetric({ exportName }: Settings, metricName: string): Metric {
  return new Metric({
    namespace: METRIC_NAMESPACE,
    metricName,
    // Powertools adds the dimension `service` to every metric.
    dimensionsMap: { [EXPORT_DIMENSION]: exportName, service: 'carbon-exports' },
    statistic: 'Maximum',
    period: PERIOD,
  });
}

/** Returns the alarms of a deployment. */
export function alarmPlans(context: MonitoringContext): AlarmPlan[] {
  return [...resultAlarms(context), ...executionAlarms(context)];
}

/** Alarms about what runs report. */
function resultAlarms({ settings }: MonitoringContext): AlarmPlan[] {
  return [
    {
      name: 'MonthsFailed',
      section: 'months-failed',
      what: 'Months failed in a run. The other months of the run are published.',
      metric: runMetric(settings, METRICS.failed),
    },
    {
      name: 'MonthsMissing',
      section: 'months-missing',
      what: 'On the 22nd or later, a closed month is not published for its present inputs.',
      metric: runMetric(settings, METRICS.missing),
    },
    {
      name: 'RunProblems',
      section: 'run-problems',
      what: 'A run could not read the organization, plan its months or register partitions, or found input files of no known table or month.',
      metric: runMetric(settings, METRICS.problems),
    },
  ];
}

/** Alarms about how the services execute runs. */
function executionAlarms({ settings, pipeline }: MonitoringContext): AlarmPlan[] {
  const { stateMachine, exportMonth, deadLetters } = pipeline;
  const longest = Duration.minutes(settings.limits.timeoutMinutes).toMilliseconds();
  return [
    {
      name: 'RunFailed',
      section: 'run-failed',
      what: 'An execution of the state machine failed.',
      metric: stateMachine.metricFailed({ period: PERIOD }),
    },
    {
      name: 'RunTimedOut',
      section: 'run-timed-out',
      what: 'An execution of the state machine exceeded its longest duration.',
      metric: stateMachine.metricTimedOut({ period: PERIOD }),
    },
    {
      name: 'MonthSlow',
      section: 'month-slow',
      what: 'A month took more than 80 % of the longest duration of the function.',
      metric: exportMonth.function.metricDuration({ statistic: 'Maximum', period: PERIOD }),
      threshold: longest * NEAR_TIMEOUT,
    },
    {
      name: 'ScheduleFailed',
      section: 'schedule-failed',
      what: 'The schedule could not start a run, or the lock of a stopped execution could not be released.',
      metric: deadLetters.metricApproximateNumberOfMessagesVisible({ period: PERIOD }),
    },
  ];
}
