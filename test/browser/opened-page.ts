import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import type { Browser, Page } from 'playwright-core';

/** How a page is opened. */
export interface Opening {
  readonly path: string;
  readonly colours?: 'light' | 'dark';
  readonly width?: number;
  readonly hash?: string;
}

/** A report page in a browser, and what it must not have done. */
export interface OpenedPage {
  readonly page: Page;
  /** Messages of the console, errors, and requests that are not the file itself. */
  readonly complaints: readonly string[];
  /** Time until the page was drawn, ms. */
  readonly milliseconds: number;
  readonly close: () => Promise<void>;
}

/** Opens a page and waits until its charts are drawn. */
export async function openPage(
  browser: Browser,
  { path, colours = 'light', width = 1280, hash = '' }: Opening,
): Promise<OpenedPage> {
  const context = await browser.newContext({
    ...{ viewport: { width, height: 900 }, colorScheme: colours, acceptDownloads: true },
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith('file://') && !url.startsWith('blob:')) complaints.push(`request: ${url}`);
  });
  const start = Date.now();
  await page.goto(`file://${path}${hash}`);
  await page.waitForSelector('html[data-drawn]', { state: 'attached' });
  return { page, complaints, milliseconds: Date.now() - start, close: () => context.close() };
}

/** Returns the rows of the CSV that a card offers, as the browser saves it. */
export async function csvOf(page: Page, card: string): Promise<Record<string, string>[]> {
  const download = page.waitForEvent('download');
  await page.click(`#${card} button.csv`);
  return parse(readFileSync(await (await download).path(), 'utf8'), { columns: true });
}

/** Returns the sentence of a card. */
export async function sentenceOf(page: Page, card: string): Promise<string> {
  return (await page.textContent(`#${card} .sentence`)) ?? '';
}
