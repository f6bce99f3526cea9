import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Aws } from 'aws-cdk-lib';
import type { Settings } from './settings';

/** The runbook: beside the compiled construct, and in docs/ where the source runs. */
const FILES = [join(__dirname, 'runbook.md'), join(__dirname, '..', 'docs', 'runbook.md')] as const;

/** Returns where an alarm or a mail sends its reader: the address of the settings, or the dashboard, which has the runbook. */
export function runbookPlace({ runbook, stackPrefix }: Settings, section: string): string {
  if (runbook !== undefined) return `${runbook}#${section}`;
  const console = `https://${Aws.REGION}.console.aws.amazon.com/cloudwatch/home?region=${Aws.REGION}`;
  return `section "${section}" of the dashboard ${stackPrefix}: ${console}#dashboards/dashboard/${stackPrefix}`;
}

/** Returns the runbook as text for a dashboard. Links to other documents become their words: a dashboard cannot follow them. */
export function runbookText(): string {
  const file = FILES.find((each) => existsSync(each)) ?? FILES[1];
  return readFileSync(file, 'utf8').replaceAll(/\[([^\]]+)\]\((?!https?:)[^)]*\)/g, '$1');
}
