import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ALARMS } from '../../infra/monthly-cost';
import { deployed } from './configurations';

const RUNBOOK = readFileSync(join(__dirname, '..', '..', 'docs', 'runbook.md'), 'utf8');

interface AlarmProperties {
  readonly AlarmName: string;
  readonly AlarmDescription: string;
  readonly AlarmActions: readonly string[];
  readonly Threshold: number;
  readonly ComparisonOperator: string;
  readonly EvaluationPeriods: number;
  readonly Period: number;
  readonly TreatMissingData: string;
}

const alarms = deployed('defaults')
  .resources('AWS::CloudWatch::Alarm')
  .map(({ properties }) => properties as unknown as AlarmProperties);

/** Sections of the runbook by their anchors. */
const sections = new Map(
  RUNBOOK.split(/^## /m).map((text) => {
    const heading = (text.split('\n')[0] ?? '').trim();
    return [heading.toLowerCase().replaceAll(' ', '-'), text];
  }),
);

describe('alarms', () => {
  test('one alarm per kind of failure, with the value that raises it', () => {
    expect(alarms.map(({ AlarmName, Threshold }) => [AlarmName, Threshold]).sort()).toEqual([
      ['CarbonExports-MonthSlow', 15 * 60_000 * 0.8],
      ['CarbonExports-MonthsFailed', 1],
      ['CarbonExports-MonthsMissing', 1],
      ['CarbonExports-RunFailed', 1],
      ['CarbonExports-RunProblems', 1],
      ['CarbonExports-RunTimedOut', 1],
      ['CarbonExports-ScheduleFailed', 1],
    ]);
    expect(alarms).toHaveLength(ALARMS);
  });

  test('an alarm is raised by one period at its threshold, and not by days without a run', () => {
    expect(alarms).toHaveLength(7);
    for (const alarm of alarms) {
      expect(alarm).toMatchObject({
        ComparisonOperator: 'GreaterThanOrEqualToThreshold',
        EvaluationPeriods: 1,
        Period: 3_600,
        TreatMissingData: 'notBreaching',
      });
    }
  });

  test('every alarm publishes to the topic', () => {
    const topics = deployed('defaults').resources('AWS::SNS::Topic');
    expect(topics).toHaveLength(1);
    expect(alarms).toHaveLength(7);
    for (const { AlarmActions: actions } of alarms) expect(actions).toEqual([`<${topics[0]?.id ?? ''}>`]);
  });

  test('every alarm links to a complete section of the runbook', () => {
    expect(alarms).toHaveLength(7);
    for (const { AlarmDescription: description } of alarms) {
      const anchor =
        /Runbook: section "([a-z-]+)" of the dashboard CarbonExports: https:/.exec(description)?.[1] ?? '';
      const section = sections.get(anchor) ?? '';
      for (const part of ['Description', 'Investigation', 'Resolution']) {
        expect(section).toContain(`### ${part}`);
      }
    }
  });
});

test('the dashboard shows the months per run, the duration of a month, the runs and the schedule', () => {
  const [dashboard, ...others] = deployed('defaults').resources('AWS::CloudWatch::Dashboard');
  expect(others).toEqual([]);
  const { widgets } = JSON.parse(String(dashboard?.properties.DashboardBody)) as {
    widgets: { properties: { title?: string; markdown?: string; metrics?: unknown[] } }[];
  };
  expect(widgets.map(({ properties: { title, metrics = [] } }) => [title, metrics.length])).toEqual([
    [undefined, 0],
    ['Months per run', 5],
    ['Duration of one month', 2],
    ['Runs', 4],
    ['Runs not started and locks not released', 1],
    [undefined, 0],
  ]);
  const { markdown = '' } = widgets.at(-1)?.properties ?? {};
  expect([...sections.keys()].filter((anchor) => anchor !== '').length).toBeGreaterThan(5);
  for (const [, text] of sections) expect(markdown).toContain(text.split('\n')[0]);
});

test('alarms and the dashboard link to the runbook of the settings, where they name one', () => {
  const linked = deployed('everySetting').resources('AWS::CloudWatch::Alarm');
  expect(linked).toHaveLength(7);
  for (const { properties } of linked) {
    expect(properties.AlarmDescription).toMatch(/ Runbook: https:\/\/example\.com\/runbook#[a-z-]+$/);
  }
});
