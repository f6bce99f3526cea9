import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { GlueClient } from '@aws-sdk/client-glue';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { partitionedTables } from '../shared/catalog/glue';
import { countsScope3 } from '../shared/method/model-version';
import { GluePartitions } from '../shared/catalog/glue-partitions';
import { registerPartitions } from '../shared/catalog/partitions';
import { type ExecutionReport, finishRun, isWorthMailing } from '../shared/runs/finish-run';
import { EXPORT_DIMENSION, LAST_SCHEDULED_DAY, METRICS } from './metric-names';
import { hasSevereWarning } from '../shared/runs/month-outcome';
import { stepEventSchema } from '../shared/runs/run-event';
import { mailOnce, notificationOf, ofExport } from '../shared/runs/run-notification';
import type { ObjectStore } from '../shared/stores/object-store';
import { withEnvironment } from './environment';
import type { DeployedSettings } from './function-settings';
import { publishedPage } from './report-page';
import { requireEnv } from './require-env';
import { stepHandler } from './step-handler';
import { logger, metrics, tracer } from './telemetry';
import { VARIABLES } from './variables';

const sns = tracer.captureAWSv3Client(new SNSClient({ retryMode: 'adaptive', maxAttempts: 6 }));

// A registration that was throttled for good would leave months invisible until the next run.
const glue = tracer.captureAWSv3Client(new GlueClient({ retryMode: 'adaptive', maxAttempts: 10 }));

/** Registers what is published as partitions, writes the run's report, releases the export's lock, emits metrics and mails the subscribers. */
export const handler = stepHandler(stepEventSchema, (event) =>
  withEnvironment(async ({ stores, settings, everyExport, scratch }) => {
    const { exports } = stores;
    const { exportName } = settings;
    const names = everyExport.map((each) => each.exportName);
    const register = (): Promise<readonly string[]> => registered(exports, settings);
    const report = await finishRun({ exports, exportName, everyExport: names, register }, event);
    emitMetrics(report);
    const page = settings.report ? await publishedPage(exports, exportName, scratch) : undefined;
    if (isWorthMailing(report)) {
      const { subject, message } = notificationOf(report, page);
      const mail = { TopicArn: requireEnv(VARIABLES.topic), Subject: subject, Message: message };
      await mailOnce(exports, report, () => sns.send(new PublishCommand(mail)));
    }
    const failed = report.months
      .filter(({ status }) => status === 'failed')
      .map((outcome) => outcome.month + ofExport(report, outcome));
    logger.info('The run is over', { status: report.status, failed, missing: report.missing });
    // The state machine's choice knows two outcomes: warnings leave the execution green.
    const status = report.status === 'failed' ? 'failed' : 'succeeded';
    return { status, cause: causeOf(report, failed) };
  }),
);

async function registered(exports: ObjectStore, settings: DeployedSettings): Promise<readonly string[]> {
  const { exportName, format, by, selection, awsTotals } = settings;
  const hasScope3 = awsTotals === undefined && countsScope3(selection.modelVersion);
  const root = `${requireEnv(VARIABLES.exports)}/`;
  const catalog = new GluePartitions(glue, requireEnv(VARIABLES.catalogDatabase));
  const tables = partitionedTables({ root, exportName, format, breakdowns: by, hasScope3 });
  const { changed, problems } = await registerPartitions(exports, catalog, tables);
  logger.info('The partitions are registered', { changed, problems });
  return problems;
}

function emitMetrics({ exportName, asOf, months, missing, problems }: ExecutionReport): void {
  const count = (status: string): number => months.filter((month) => month.status === status).length;
  const late = new Date(asOf).getUTCDate() >= LAST_SCHEDULED_DAY;
  metrics.addDimension(EXPORT_DIMENSION, exportName);
  metrics.addMetric(METRICS.published, MetricUnit.Count, count('published'));
  metrics.addMetric(METRICS.unchanged, MetricUnit.Count, count('unchanged'));
  metrics.addMetric(METRICS.failed, MetricUnit.Count, count('failed'));
  metrics.addMetric(METRICS.withWarnings, MetricUnit.Count, months.filter(hasSevereWarning).length);
  metrics.addMetric(METRICS.missing, MetricUnit.Count, late ? missing.length : 0);
  metrics.addMetric(METRICS.problems, MetricUnit.Count, problems.length);
  metrics.publishStoredMetrics();
}

function causeOf({ problems }: ExecutionReport, failed: readonly string[]): string {
  return [...(failed.length > 0 ? [`failed months: ${failed.join(', ')}`] : []), ...problems].join('; ');
}
