import { Duration, Stack, type StackProps } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  Dashboard,
  GraphWidget,
  type IMetric,
  Metric,
  TextWidget,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { Construct } from 'constructs';
import { EXPORT_DIMENSION, METRIC_NAMESPACE, METRICS } from '../shared/runs/metric-names';
import type { PipelineStack } from './pipeline-stack';
import type { Settings } from './settings';

/** An alarm; its section of the runbook has the alarm's name in lower case with hyphens. */
interface AlarmPlan {
  readonly name: string;
  /** Heading of its section in docs/runbook.md, as an anchor. */
  readonly section: string;
  readonly what: string;
  readonly metric: IMetric;
  /** Least value that raises the alarm. @default - 1 */
  readonly from?: number;
}

/** A month that takes this part of the function's longest time will soon take more, seconds per second. */
const NEAR_TIMEOUT = 0.8;

/** What tells that something is wrong: alarms with their runbook sections, and a dashboard. */
export class MonitoringStack extends Stack {
  constructor(scope: Construct, id: string, settings: Settings, pipeline: PipelineStack, props?: StackProps) {
    super(scope, id, props);
    const plans = alarmPlans(settings, pipeline);
    const action = new SnsAction(pipeline.topic);
    for (const { name, section, what, metric, from = 1 } of plans) {
      const alarm = new Alarm(this, name, {
        alarmName: `${settings.stackPrefix}-${name}`,
        alarmDescription: `${what} Runbook: ${settings.runbook}#${section}`,
        metric,
        threshold: from,
        comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        evaluationPeriods: 1,
        // Nothing is measured on the days between two runs.
        treatMissingData: TreatMissingData.NOT_BREACHING,
      });
      alarm.addAlarmAction(action);
    }
    this.createDashboard(settings, pipeline);
  }

  private createDashboard(settings: Settings, pipeline: PipelineStack): void {
    const count = (name: string): Metric => runMetric(settings, name);
    const dashboard = new Dashboard(this, 'Dashboard', {
      dashboardName: settings.stackPrefix,
      defaultInterval: Duration.days(60),
    });
    dashboard.addWidgets(
      new TextWidget({
        markdown: `# Carbon export ${settings.exportName}\n[Runbook](${settings.runbook})`,
        width: 24,
        height: 2,
      }),
    );
    dashboard.addWidgets(
      new GraphWidget({
        title: 'Months per run',
        left: [METRICS.published, METRICS.unchanged, METRICS.failed, METRICS.missing].map(count),
        width: 12,
      }),
      new GraphWidget({
        title: 'Time of one month',
        left: [
          pipeline.exportMonth.function.metricDuration({ statistic: 'Maximum' }),
          pipeline.exportMonth.function.metricDuration({ statistic: 'Average' }),
        ],
        width: 12,
      }),
    );
    dashboard.addWidgets(
      new GraphWidget({
        title: 'Runs',
        left: [
          pipeline.stateMachine.metricSucceeded(),
          pipeline.stateMachine.metricFailed(),
          pipeline.stateMachine.metricTimedOut(),
        ],
        width: 12,
      }),
      new GraphWidget({
        title: 'Schedules that could not start a run',
        left: [pipeline.deadLetters.metricApproximateNumberOfMessagesVisible()],
        width: 12,
      }),
    );
  }
}

function runMetric({ exportName }: Settings, metricName: string): Metric {
  return new Metric({
    namespace: METRIC_NAMESPACE,
    metricName,
    // Powertools adds the service to every metric.
    dimensionsMap: { [EXPORT_DIMENSION]: exportName, service: 'carbon-exports' },
    statistic: 'Maximum',
    period: Duration.hours(1),
  });
}

function alarmPlans(settings: Settings, pipeline: PipelineStack): AlarmPlan[] {
  const { stateMachine, exportMonth, deadLetters } = pipeline;
  const longest = Duration.minutes(settings.limits.timeoutMinutes).toMilliseconds();
  return [
    {
      name: 'MonthsFailed',
      section: 'months-failed',
      what: 'A run ended with failed months; the other months are published.',
      metric: runMetric(settings, METRICS.failed),
    },
    {
      name: 'MonthsMissing',
      section: 'months-missing',
      what: 'It is the 22nd, and a closed month is still not published for its present inputs.',
      metric: runMetric(settings, METRICS.missing),
    },
    {
      name: 'RunProblems',
      section: 'run-problems',
      what: 'The organization could not be read, the run could not be planned, or files in the inputs belong nowhere.',
      metric: runMetric(settings, METRICS.problems),
    },
    {
      name: 'RunFailed',
      section: 'run-failed',
      what: 'An execution of the state machine ended red.',
      metric: stateMachine.metricFailed({ period: Duration.hours(1) }),
    },
    {
      name: 'RunTimedOut',
      section: 'run-timed-out',
      what: 'An execution of the state machine took longer than it may.',
      metric: stateMachine.metricTimedOut({ period: Duration.hours(1) }),
    },
    {
      name: 'MonthSlow',
      section: 'month-slow',
      what: 'A month took more than four fifths of the longest time it may take.',
      metric: exportMonth.function.metricDuration({ statistic: 'Maximum', period: Duration.hours(1) }),
      from: longest * NEAR_TIMEOUT,
    },
    {
      name: 'ScheduleFailed',
      section: 'schedule-failed',
      what: 'The schedule could not start a run.',
      metric: deadLetters.metricApproximateNumberOfMessagesVisible({ period: Duration.hours(1) }),
    },
  ];
}
