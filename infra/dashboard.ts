import { Duration } from 'aws-cdk-lib';
import { Dashboard, GraphWidget, type IMetric, TextWidget } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { METRICS } from '../lambdas/metric-names';
import { type MonitoringContext, runMetric } from './alarm-plans';
import { runbookText } from './runbook';
import type { Settings } from './settings';

/** Creates the dashboard: two rows of two graphs under a heading, and the runbook where the settings name no other one. */
export function createDashboard(scope: Construct, { settings, pipeline }: MonitoringContext): void {
  const { exportMonth, stateMachine, deadLetters } = pipeline;
  const dashboard = new Dashboard(scope, 'Dashboard', {
    dashboardName: settings.stackPrefix,
    defaultInterval: Duration.days(60),
  });
  dashboard.addWidgets(
    new TextWidget({
      markdown: heading(settings),
      width: 24,
      height: 2,
    }),
  );
  dashboard.addWidgets(
    graph(
      'Months per run',
      [METRICS.published, METRICS.withWarnings, METRICS.unchanged, METRICS.failed, METRICS.missing].map(
        (name) => runMetric(settings, name),
      ),
    ),
    graph(
      'Duration of one month',
      ['Maximum', 'Average'].map((statistic) => exportMonth.function.metricDuration({ statistic })),
    ),
  );
  dashboard.addWidgets(
    graph('Runs', [
      stateMachine.metricSucceeded(),
      stateMachine.metricFailed(),
      stateMachine.metricTimedOut(),
      stateMachine.metricAborted(),
    ]),
    graph('Runs not started and locks not released', [
      deadLetters.metricApproximateNumberOfMessagesVisible(),
    ]),
  );
  if (settings.runbook === undefined) {
    dashboard.addWidgets(new TextWidget({ markdown: runbookText(), width: 24, height: 40 }));
  }
}

function heading({ exportName, runbook }: Settings): string {
  return `# Carbon export ${exportName}\n${runbook === undefined ? 'The runbook is below.' : `[Runbook](${runbook})`}`;
}

function graph(title: string, left: IMetric[]): GraphWidget {
  return new GraphWidget({ title, left, width: 12 });
}
