import { addMonths } from '../shared/base/month';
import { counted } from '../shared/base/people-number';
import type { ReportData } from '../shared/report/report-data';
import { type Card, cardOf } from './card';
import { readData } from './data';
import { h } from './dom';
import { filterBar } from './filters';
import { addedPeriods, defaultVersion, filterOf, shownMonths } from './model';
import { type Context, viewName } from './parts/context';
import { headPart } from './parts/head';
import { monthsCard } from './parts/months';
import { restatedCard } from './parts/restated';
import { trustCards } from './parts/trust';
import { whereCards } from './parts/where';
import { whoCards } from './parts/who';
import { whyCards } from './parts/why';
import { hashOf, type State, stateOf } from './state';

/** The state of a page before the reader changes it: the last 12 months, market-based. */
function defaultState(data: ReportData): State {
  const version = defaultVersion(data);
  const months = shownMonths(data, version);
  const last = months.findLast(({ period }) => period !== undefined)?.month;
  const first = months[0]?.month ?? '';
  const year = last === undefined ? '' : addMonths(last, -11);
  const hasLbmOnly = data.periods.every(({ totals }) => totals.total_mbm === null);
  return {
    ...{
      method: hasLbmOnly ? 'lbm' : 'mbm',
      version,
      stack: 'scope',
      from: year < first ? first : year,
      to: last ?? '',
    },
    ...{ account: '', ou: '', region: '', service: '', by: '', value: '', fiscal: 1 },
    ...{ group: firstGroup(data), against: 'month', movers: 'account' },
  };
}

function firstGroup({ accounts, breakdowns }: ReportData): string {
  const [breakdown] = breakdowns.filter(({ by }) => by !== 'resource');
  if (breakdown !== undefined) return `by:${breakdown.by}`;
  const [tag] = accounts.flatMap(({ tags }) => Object.keys(tags)).sort();
  return accounts.some(({ ou }) => ou !== '') || tag === undefined ? 'ou' : `account-tag:${tag}`;
}

class Page {
  private readonly defaults: State;
  private width = 0;

  constructor(
    private readonly data: ReportData,
    private readonly root: HTMLElement,
  ) {
    this.defaults = defaultState(data);
    document.title = `${data.exportName} · carbon report`;
    addEventListener('hashchange', () => {
      this.draw();
    });
    new ResizeObserver(() => {
      if (Math.abs(this.root.clientWidth - this.width) > 8) this.draw();
    }).observe(root);
  }

  private get state(): State {
    return stateOf(location.hash, this.defaults);
  }

  private choose(changes: Partial<State>): void {
    const focus = focusPath();
    history.replaceState(undefined, '', `#${hashOf({ ...this.state, ...changes }, this.defaults)}`);
    this.draw();
    focusAgain(focus);
  }

  draw(): void {
    const { data, state } = this;
    this.width = this.root.clientWidth;
    const months = shownMonths(data, state.version);
    const context: Context = {
      ...{ data, state, months, filter: filterOf(data, state), added: addedPeriods(data, months, state) },
      choose: (changes) => {
        this.choose(changes);
      },
    };
    const open = [...this.root.querySelectorAll('details[open]')].map(
      (details) => details.closest('section')?.id ?? '',
    );
    const top = scrollY;
    this.root.replaceChildren(
      this.title(viewName(context)),
      filterBar(context, this.defaults),
      ...this.section('summary', 'Summary', [], headPart(context)),
      ...this.section('over-time', 'Over time', [monthsCard(context)]),
      ...this.section('where', 'Where', whereCards(context)),
      ...this.section('who', 'Who', whoCards(context)),
      ...this.section('why', 'Why it changed', [...whyCards(context), restatedCard(context)]),
      ...this.section('trust', 'Trust', trustCards(context)),
    );
    for (const id of open) this.root.querySelector(`#${CSS.escape(id)} details`)?.setAttribute('open', '');
    scrollTo({ top, behavior: 'instant' });
    document.documentElement.dataset['drawn'] = 'true';
  }

  private title(view: string): HTMLElement {
    const { exportName, totals, asOf, accounts, foldedAccounts, periods } = this.data;
    const months = [...new Set(periods.map(({ month }) => month))].sort();
    const origin =
      totals === 'aws' ? "AWS's totals, split over services" : 'calculated from meters, racks and usage';
    return h(
      'header',
      {},
      h('h1', {}, 'Carbon report'),
      h(
        'p',
        {},
        `${exportName} · ${origin} · ${counted(accounts.length + foldedAccounts, 'account')} · ${months[0] ?? ''} to ${months.at(-1) ?? ''} · as of ${asOf.slice(0, 10)}`,
      ),
      h('p', { class: 'view' }, view),
    );
  }

  private section(id: string, title: string, cards: readonly Card[], content?: HTMLElement): HTMLElement[] {
    const grid = h('div', { class: 'cards' }, ...cards.map((card) => cardOf(card, this.widthOf(card))));
    return [
      h(
        'section',
        { class: 'part', id, 'aria-labelledby': `${id}-heading` },
        h('h2', { id: `${id}-heading` }, title),
        content,
        cards.length > 0 ? grid : undefined,
      ),
    ];
  }

  /** Width of a card's chart: the page has one, two or three columns (page.css). */
  private widthOf({ size = 'half' }: Card): number {
    const inner = this.width - (this.width < 640 ? 24 : 48);
    const padding = innerWidth <= 640 ? 30 : 42;
    const columns = innerWidth < 1_000 ? 1 : { wide: 1, half: 2, third: 3 }[size];
    return Math.max(260, Math.floor((inner - (columns - 1) * 20) / columns) - padding);
  }
}

/** The place of the focused control, to find it again after the page is drawn. */
function focusPath(): string {
  const element = document.activeElement;
  if (!(element instanceof HTMLElement)) return '';
  if (element.dataset['choice'] !== undefined)
    return `[data-choice=${CSS.escape(element.dataset['choice'])}]`;
  const label = element.closest('label')?.querySelector('span')?.textContent;
  return label === undefined ? '' : `label:${label}`;
}

function focusAgain(path: string): void {
  if (path === '') return;
  const found = path.startsWith('label:')
    ? [...document.querySelectorAll('label.field')]
        .find((label) => label.querySelector('span')?.textContent === path.slice(6))
        ?.querySelector<HTMLElement>('select, input')
    : document.querySelector<HTMLElement>(path);
  found?.focus({ preventScroll: true });
}

async function start(): Promise<void> {
  const root = document.getElementById('report');
  if (root === null) return;
  try {
    new Page(await readData(), root).draw();
  } catch (error) {
    root.replaceChildren(
      h(
        'p',
        { role: 'alert' },
        `The page cannot show its data: ${error instanceof Error ? error.message : String(error)}. A browser of 2023 or later is needed.`,
      ),
    );
    throw error;
  }
}

void start();
