import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { asExportMonth } from '../../shared/exports/layout';
import { publishedMonths } from '../../shared/exports/published-months';
import { FolderStore } from '../../shared/stores/folder-store';
import { readExportRows } from '../support/export-reader';
import { csvOf, openPage, type Opening, sentenceOf } from './opened-page';

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** A page and the export it was made from. */
export interface Subject extends Opening {
  readonly out: string;
  readonly exportName: string;
}

/** The page is drawn, makes no request, writes nothing to the console, and its own policy refuses requests. */
export async function checkQuiet(browser: Browser, subject: Subject): Promise<number> {
  const { page, complaints, milliseconds, close } = await openPage(browser, subject);
  const charts = await page.$$eval('.chart svg', (found) =>
    found.map((svg) => svg.querySelectorAll('rect, path, circle').length),
  );
  assert.ok(charts.length >= 5, `found ${String(charts.length)} charts, expected at least 5`);
  assert.ok(
    charts.every((shapes) => shapes > 0),
    `found charts without shapes: ${charts.join(' ')}`,
  );
  assert.deepEqual(complaints, []);
  const isRefused = await page.evaluate(() =>
    fetch('https://example.org/').then(
      () => false,
      () => true,
    ),
  );
  assert.ok(isRefused, 'the policy of the page allows requests');
  await close();
  return milliseconds;
}

/** The CSV of the months is the sum of the data files, in one version per month, and blank where a value is unknown. */
export async function checkTotals(browser: Browser, subject: Subject): Promise<void> {
  for (const method of ['mbm', 'lbm'] as const) {
    const { page, close } = await openPage(browser, { ...subject, hash: `#method=${method}` });
    const rows = await csvOf(page, 'months');
    const known = rows.filter(({ version = '' }) => version !== '');
    assert.ok(known.length > 0);
    assert.equal(new Set(rows.map(({ month }) => month)).size, rows.length, 'a month has two rows');
    for (const row of known) {
      const at = asExportMonth(row['month'] ?? '', row['version'] ?? '');
      const place = { out: subject.out, exportName: subject.exportName, format: 'parquet', ...at } as const;
      const values = (await readExportRows(place)).map(
        (one) => one[`total_${method}_emissions_value`] as number | null,
      );
      const shown = row['total MTCO2e'] ?? '';
      if (values.includes(null)) {
        assert.equal(shown, '', `${at.month}: found ${shown}, expected unknown`);
        continue;
      }
      const sum = values.reduce<number>((total, value) => total + (value ?? 0), 0);
      assert.ok(
        Math.abs(Number(shown) - sum) <= Math.abs(sum) * 1e-12,
        `${at.month}: found ${shown}, expected ${String(sum)}`,
      );
    }
    await close();
  }
  const published = await publishedMonths(new FolderStore(subject.out), subject.exportName);
  assert.ok(published.length > 0);
}

/** A filter changes the charts and the address, survives a reload, and is removed by Reset. */
export async function checkFilters(browser: Browser, subject: Subject): Promise<void> {
  const { page, complaints, close } = await openPage(browser, subject);
  const before = await sentenceOf(page, 'services');
  const [region] = await page.$$eval('#regions .chart text', (texts) =>
    texts.map((text) => text.textContent),
  );
  await page.selectOption('label:has-text("Region") select', region ?? '');
  const filtered = await sentenceOf(page, 'services');
  assert.notEqual(filtered, before);
  assert.match(page.url(), new RegExp(`region=${region ?? ''}`));
  assert.match(await sentenceOf(page, 'regions'), /^1 Region /);
  await page.reload();
  await page.waitForSelector('html[data-drawn]', { state: 'attached' });
  assert.equal(await sentenceOf(page, 'services'), filtered);
  await page.click('button.reset');
  assert.equal(await sentenceOf(page, 'services'), before);
  // An account that has emissions: its numbers are those of the account alone.
  const [top] = await csvOf(page, 'accounts');
  const [input] = await page.$$('.field.account input');
  await input?.fill(top?.['account'] ?? '');
  await input?.press('Enter');
  assert.match(await sentenceOf(page, 'accounts'), /^1 account /);
  const [alone] = await csvOf(page, 'accounts');
  const [a, b] = [Number(top?.['MTCO2e']), Number(alone?.['MTCO2e'])];
  assert.ok(Math.abs(a - b) <= Math.abs(a) * 1e-4);
  assert.deepEqual(complaints, []);
  await close();
}

/** axe finds no violation, in light and dark and on a phone, and nothing is wider than the screen. */
export async function checkAccessible(browser: Browser, subject: Subject): Promise<void> {
  for (const [colours, width] of [
    ['light', 1280],
    ['dark', 1280],
    ['light', 390],
    ['dark', 390],
  ] as const) {
    const { page, close } = await openPage(browser, { ...subject, colours, width });
    for (const summary of await page.$$('#months summary, #files summary')) await summary.click();
    await page.evaluate(AXE.replace(/^/, 'void 0;'));
    const found = await violationsOn(page);
    assert.deepEqual(found, [], `${colours} at ${String(width)} px`);
    const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
    assert.ok(overflow <= 0, `${String(overflow)} px are wider than ${String(width)} px`);
    await close();
  }
}

async function violationsOn(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run: () => Promise<{ violations: { id: string; help: string; nodes: { html: string }[] }[] }> };
    };
    const { violations } = await axe.run();
    return violations.map(
      ({ id, help, nodes }) =>
        `${id}: ${help}: ${nodes
          .slice(0, 3)
          .map(({ html }) => html.slice(0, 160))
          .join(' | ')}`,
    );
  });
}

interface Focused {
  /** Place of the focused control among all; -1 for another element. */
  readonly index: number;
  readonly outline: string;
}

/** Expression of the focused control; a text, because the types of this program have no document. */
const FOCUSED = `[...document.querySelectorAll('button, select, input, summary')].flatMap((control, index) =>
  control === document.activeElement ? [{ index, outline: getComputedStyle(control).outlineStyle }] : [])`;

/** Every control is reached by Tab and shows its focus, and Enter opens a table. */
export async function checkKeyboard(browser: Browser, subject: Subject): Promise<void> {
  const { page, close } = await openPage(browser, subject);
  const controls = await page.$$eval('button, select, input, summary', (found) => found.length);
  const reached = new Set<number>();
  let isShown = true;
  for (let presses = 0; presses < controls + 20; presses += 1) {
    await page.keyboard.press('Tab');
    const [focused = { index: -1, outline: '' }] = await page.evaluate<Focused[]>(FOCUSED);
    if (focused.index < 0) continue;
    reached.add(focused.index);
    isShown = isShown && focused.outline !== 'none';
  }
  assert.equal(reached.size, controls);
  assert.ok(isShown, 'a focused control has no outline');
  await page.focus('#months summary');
  await page.keyboard.press('Enter');
  await page.waitForSelector('#months table tbody tr');
  await page.focus('[data-choice="Stacked by:service"]');
  await page.keyboard.press('Enter');
  const focus = await page.evaluate<string>("document.activeElement.getAttribute('data-choice')");
  assert.equal(focus, 'Stacked by:service');
  await close();
}

/** On A4 nothing is cut: no element is wider than the paper, and there are several pages. */
export async function checkPrint(browser: Browser, subject: Subject): Promise<void> {
  const { page, close } = await openPage(browser, subject);
  const pdf = await page.pdf({
    format: 'A4',
    margin: { top: '12mm', bottom: '12mm', left: '12mm', right: '12mm' },
  });
  const pages = pdf.toString('latin1').split('/Type /Page\n').length - 1;
  assert.ok(pages >= 2, `found ${String(pages)} pages`);
  await page.emulateMedia({ media: 'print' });
  const paper = 703;
  await page.setViewportSize({ width: paper, height: 1000 });
  const cut = await page.$$eval(
    '.card, .tile, .chart svg',
    (found, width) =>
      found
        .filter((element) => element.getBoundingClientRect().right > width + 1)
        .map((element) => element.closest('section')?.id),
    paper,
  );
  assert.deepEqual(cut, []);
  await close();
}

/** Texts of the inputs are texts on the page: no element and no script comes from them. */
export async function checkHarmless(browser: Browser, subject: Subject): Promise<void> {
  const { page, complaints, close } = await openPage(browser, subject);
  for (const summary of await page.$$('summary')) await summary.click();
  const elements = await page.$$eval('img, iframe, object, embed, script', (found) =>
    found.map((element) => element.outerHTML.slice(0, 60)),
  );
  // The data and the script of the page.
  assert.equal(elements.length, 2, elements.join('\n'));
  assert.equal(await page.evaluate(() => 'hacked' in globalThis), false);
  const text = await page.textContent('#accounts');
  assert.match(text ?? '', /<img src=x onerror=/);
  const rows = await csvOf(page, 'accounts');
  assert.ok(rows.length > 0);
  assert.ok(
    rows.every((row) => Object.values(row).every((cell) => !/^[=+@]/.test(cell))),
    'a spreadsheet would run a cell',
  );
  assert.deepEqual(complaints, []);
  await close();
}

/** Saves what a person looks at: light, dark, and a phone. */
export async function takePictures(
  browser: Browser,
  subject: Subject,
  folder: string,
  name: string,
): Promise<void> {
  for (const [kind, colours, width] of [
    ['light', 'light', 1280],
    ['dark', 'dark', 1280],
    ['phone', 'light', 390],
  ] as const) {
    const { page, close } = await openPage(browser, { ...subject, colours, width });
    await page.screenshot({ path: join(folder, `${name}-${kind}.png`), fullPage: true });
    await close();
  }
}
