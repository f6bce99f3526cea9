import { Stack, type StackProps } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { Construct } from 'constructs';
import { alarmPlans, type MonitoringContext } from './alarm-plans';
import { createDashboard } from './dashboard';
import { setFeatureFlags } from './feature-flags';
import { runbookPlace } from './runbook';

/** Alarms, each with its section of the runbook, and a dashboard. */
export class MonitoringStack extends Stack {
  constructor(scope: Construct, id: string, context: MonitoringContext, props?: StackProps) {
    super(scope, id, props);
    setFeatureFlags(this);
    const { settings, pipeline } = context;
    const action = new SnsAction(pipeline.topic);
    for (const { name, section, what, metric, threshold = 1 } of alarmPlans(context)) {
      const alarm = new Alarm(this, name, {
        alarmName: `${settings.stackPrefix}-${name}`,
        alarmDescription: `${what} Runbook: ${runbookPlace(settings, section)}`,
        metric,
        threshold,
        comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        evaluationPeriods: 1,
        // There is no data on days without a run.
        treatMissingData: TreatMissingData.NOT_BREACHING,
      });
      alarm.addAlarmAction(action);
    }
    createDashboard(this, context);
  }
}
