/*
 * `npm run test:browser`: opens report pages in Chromium and checks what a person would see. Chromium is installed from
 * Debian's packages where it is missing. Pictures are saved below build/browser; `--pictures` also replaces those of the
 * documents.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { writeAwsEstate } from '../../sample/aws-estate';
import { SAMPLE_AS_OF, sampleFolder } from '../../sample/sample-folder';
import { reportKey } from '../../shared/exports/layout';
import { builtCommand } from '../support/built-command';
import {
  checkAccessible,
  checkFilters,
  checkHarmless,
  checkKeyboard,
  checkPrint,
  checkQuiet,
  checkTotals,
  type Subject,
  takePictures,
} from './checks';
import { openChromium } from './chromium';
import { type MadeExport, writeMadeExport } from './made-export';
import { openPage, sentenceOf } from './opened-page';

const ROOT = join(__dirname, '..', '..');
const HOME = join(ROOT, 'build', 'browser');

/** Bytes that a page may have. */
const LARGEST_PAGE = 2_000_000;

/** Number of checks: where one is lost, the suite fails. */
const CHECKS = 22;

const counts = { passed: 0, failed: 0 };

async function check(name: string, work: () => Promise<unknown>): Promise<void> {
  try {
    const found = await work();
    counts.passed += 1;
    console.log(`ok   ${name}${typeof found === 'string' ? `: ${found}` : ''}`);
  } catch (error) {
    counts.failed += 1;
    console.log(`FAIL ${name}\n${error instanceof Error ? error.message : String(error)}`);
  }
}

function subjectOf(out: string, exportName: string): Subject {
  return { out, exportName, path: join(out, reportKey(exportName)) };
}

function command(program: string, ...options: readonly string[]): void {
  execFileSync(process.execPath, [program, ...options], { stdio: ['ignore', 'ignore', 'inherit'] });
}

async function samplePage(program: string): Promise<Subject> {
  const out = join(HOME, 'sample');
  command(
    program,
    'run',
    '--inputs',
    await sampleFolder(join(ROOT, 'build', 'sample')),
    '--out',
    out,
    '--as-of',
    SAMPLE_AS_OF,
  );
  return subjectOf(out, 'carbon-emissions');
}

async function awsPage(program: string): Promise<Subject> {
  const [inputs, out] = [join(HOME, 'aws-inputs'), join(HOME, 'aws')];
  await writeAwsEstate(inputs);
  command(
    program,
    'run',
    '--inputs',
    inputs,
    '--out',
    out,
    '--as-of',
    '2024-10-20',
    '--by',
    'tag:environment',
    'resource',
  );
  return subjectOf(out, 'carbon-emissions-aws');
}

async function madePage(
  program: string,
  name: string,
  made: Omit<MadeExport, 'folder' | 'exportName'>,
): Promise<Subject> {
  const folder = join(HOME, name);
  await writeMadeExport({ ...made, folder, exportName: 'made' });
  command(program, 'report', '--out', folder, '--export-name', 'made');
  return subjectOf(folder, 'made');
}

function monthsFrom(first: string, count: number): string[] {
  const start = Number(first.slice(0, 4)) * 12 + Number(first.slice(5)) - 1;
  return Array.from({ length: count }, (_, index) => {
    const [year, month] = [Math.floor((start + index) / 12), ((start + index) % 12) + 1];
    return `${String(year)}-${String(month).padStart(2, '0')}`;
  });
}

const SERVICES = [
  'AmazonEC2',
  'AmazonS3',
  'AmazonRDS',
  'AWSLambda',
  'AmazonCloudFront',
  'AmazonDynamoDB',
  'AmazonECS',
  'AmazonEKS',
  'AmazonES',
  'AmazonSNS',
  'AWSQueueService',
  'AmazonVPC',
];
const REGIONS = ['eu-west-1', 'us-east-1', 'ap-southeast-2', 'eu-central-1', 'us-west-2', 'global'];

const HOSTILE = '</script><img src=x onerror="hacked=1"><script>hacked=1</script>';

async function checkAll(browser: Browser, name: string, subject: Subject): Promise<void> {
  await check(
    `${name}: charts drawn, no request, no message`,
    async () => `${String(await checkQuiet(browser, subject))} ms`,
  );
  await check(`${name}: totals of every month`, () => checkTotals(browser, subject));
  await check(`${name}: filters`, () => checkFilters(browser, subject));
  await check(`${name}: accessible in light, dark and on a phone`, () => checkAccessible(browser, subject));
  await check(`${name}: keyboard`, () => checkKeyboard(browser, subject));
  await check(`${name}: print`, () => checkPrint(browser, subject));
  await check(`${name}: pictures`, () => takePictures(browser, subject, HOME, name));
}

async function checkLarge(browser: Browser, program: string): Promise<void> {
  const months = monthsFrom('2023-09', 38).map((month) => ({ month, version: 'v2.0.0' }));
  const large = await madePage(program, 'large', {
    months,
    accounts: 1_200,
    regions: REGIONS,
    services: SERVICES,
    text: (index) => `account ${String(index)}`,
  });
  const { size } = statSync(large.path);
  await check('large: under 2 MB', async () => {
    assert.ok(size < LARGEST_PAGE, `found ${String(size)} bytes`);
    return Promise.resolve(`${String(size)} bytes`);
  });
  // The time is printed and not checked: it depends on what else the machine does.
  await check('large: opens without a request or an error', async () => {
    const milliseconds = await checkQuiet(browser, large);
    return `${String(milliseconds)} ms`;
  });
  await check('large: totals of every month', () => checkTotals(browser, large));
  await check('large: smaller accounts are folded, and the page says so', async () => {
    const { page, close } = await openPage(browser, large);
    assert.match(
      (await page.textContent('#accounts')) ?? '',
      /200 smaller accounts beyond the largest 1,000 accounts are folded/,
    );
    await close();
  });
  await check('large: pictures', () => takePictures(browser, large, HOME, 'large'));
}

async function checkVersions(browser: Browser, program: string): Promise<void> {
  const first = monthsFrom('2024-09', 6).map((month) => ({ month, version: 'v1.0.0' }));
  const later = monthsFrom('2024-12', 8)
    .filter((month) => month !== '2025-04')
    .map((month) => ({ month, version: 'v2.0.0', isUnknown: month < '2025-03' }));
  const all = [...first, ...later].sort((a, b) => (a.month < b.month ? -1 : 1));
  const subject = await madePage(program, 'versions', {
    months: all,
    accounts: 5,
    regions: REGIONS,
    services: SERVICES,
    text: (index) => `account ${String(index)}`,
  });
  await check('versions: totals, unknown values, one version per month', () => checkTotals(browser, subject));
  await check('versions: the chart names the change, the gap and what is unknown', async () => {
    const { page, close } = await openPage(browser, { ...subject, hash: '#version=each&method=lbm' });
    const text = (await page.textContent('#months .chart')) ?? '';
    assert.match(text, /method v2\.0\.0/);
    assert.match(text, /no data/);
    assert.match(text, /unknown/);
    await page.click('button:has-text("Market-based")');
    await page.selectOption('label:has-text("Period") select', 'All months');
    assert.match(await sentenceOf(page, 'months'), /in 2 versions, which are not added/);
    assert.match((await page.textContent('#regions')) ?? '', /Only months in v2\.0\.0 are added/);
    await close();
  });
}

async function checkHostile(browser: Browser, program: string): Promise<void> {
  const months = monthsFrom('2025-01', 3).map((month) => ({ month, version: 'v2.0.0' }));
  const text = (index: number): string => (index % 2 === 0 ? HOSTILE : `=HYPERLINK("x${String(index)}")`);
  const subject = await madePage(program, 'hostile', {
    months,
    accounts: 12,
    regions: [...REGIONS, HOSTILE],
    services: [...SERVICES, HOSTILE],
    text,
  });
  await check('hostile names are harmless', () => checkHarmless(browser, subject));
}

async function main(): Promise<void> {
  rmSync(HOME, { recursive: true, force: true });
  mkdirSync(HOME, { recursive: true });
  const program = builtCommand();
  const browser = await openChromium();
  try {
    const sample = await samplePage(program);
    await checkAll(browser, 'sample', sample);
    await checkAll(browser, 'aws', await awsPage(program));
    await checkLarge(browser, program);
    await checkVersions(browser, program);
    await checkHostile(browser, program);
    if (process.argv.includes('--pictures')) await replacePictures(browser, sample);
  } finally {
    await browser.close();
  }
  console.log(`${String(counts.passed)} passed, ${String(counts.failed)} failed, ${String(CHECKS)} expected`);
  process.exitCode = counts.passed === CHECKS && counts.failed === 0 ? 0 : 1;
}

/** The pictures of the documents: the top of the page in light and dark, and on a phone. */
async function replacePictures(browser: Browser, sample: Subject): Promise<void> {
  const images = join(ROOT, 'docs', 'images');
  mkdirSync(images, { recursive: true });
  for (const colours of ['light', 'dark'] as const) {
    const { page, close } = await openPage(browser, { ...sample, colours });
    await page.setViewportSize({ width: 1280, height: 1000 });
    await page.screenshot({ path: join(images, `report-${colours}.png`) });
    await close();
  }
  const { page, close } = await openPage(browser, { ...sample, width: 390 });
  await page.setViewportSize({ width: 390, height: 1600 });
  await page.screenshot({ path: join(images, 'report-phone.png') });
  await close();
}

void main();
