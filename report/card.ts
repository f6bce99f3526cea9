import { type Cell, csvOf } from './csv';
import { type Child, h } from './dom';
import { numberText } from '../shared/base/people-number';

/** A table behind a chart. Numbers are as exact as the page has them. */
export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

/** A part of the page: a question, its answer in one sentence with the numbers, and a chart. */
export interface Card {
  readonly id: string;
  readonly title: string;
  readonly sentence: string;
  /** Draws the chart in a width; undefined where there is nothing to draw. */
  readonly chart?: (width: number) => Element;
  readonly controls?: readonly Child[];
  readonly legend?: Child;
  readonly table?: Table;
  readonly notes?: readonly string[];
  /** Content below the chart. */
  readonly more?: readonly Child[];
  /** Part of the width of the page. @default - half */
  readonly size?: 'third' | 'half' | 'wide';
}

/** Rows that a table shows; the CSV has all. */
const SHOWN_ROWS = 200;

/** Returns a card. Its chart is drawn once it is on the page, in the width that it has there. */
export function cardOf(card: Card, width: number): HTMLElement {
  const { id, title, sentence, chart, controls = [], legend, table, notes = [], more = [] } = card;
  const heading = h('h3', { id: `${id}-title` }, title);
  return h(
    'section',
    { class: `card ${card.size ?? 'half'}`, id, 'aria-labelledby': `${id}-title` },
    h('div', { class: 'card-head' }, heading, ...controls),
    h('p', { class: 'sentence' }, sentence),
    legend,
    chart && h('div', { class: 'chart', role: 'img', 'aria-label': `${title}: ${sentence}` }, chart(width)),
    ...notes.map((note) => h('p', { class: 'note' }, note)),
    ...more,
    table && table.rows.length > 0 ? tableOf(id, title, table) : undefined,
  );
}

function tableOf(id: string, title: string, table: Table): HTMLElement {
  const { columns, rows } = table;
  const place = h('div', { class: 'table', tabindex: 0, role: 'region', 'aria-label': `Table: ${title}` });
  const fill = (): void => {
    if (place.childElementCount > 0) return;
    const head = h('tr', {}, ...columns.map((column) => h('th', { scope: 'col' }, column)));
    const body = rows.slice(0, SHOWN_ROWS).map((row) => h('tr', {}, ...row.map(cellOf)));
    place.append(h('table', {}, h('thead', {}, head), h('tbody', {}, ...body)));
    if (rows.length > SHOWN_ROWS) {
      place.append(
        h('p', { class: 'note' }, `${String(SHOWN_ROWS)} of ${String(rows.length)} rows; the CSV has all.`),
      );
    }
  };
  const details = h(
    'details',
    {
      toggle: () => {
        if (details.open) fill();
      },
    },
    h('summary', {}, 'Table'),
    place,
  );
  return h(
    'div',
    { class: 'behind' },
    details,
    h(
      'button',
      {
        type: 'button',
        class: 'csv',
        'aria-label': `Download CSV: ${title}`,
        click: () => {
          download(`${id}.csv`, table);
        },
      },
      'CSV',
    ),
  );
}

function cellOf(cell: Cell): HTMLElement {
  if (cell === null) return h('td', { class: 'number' }, 'unknown');
  if (typeof cell === 'number') return h('td', { class: 'number' }, numberText(cell));
  return h('td', {}, cell);
}

function download(name: string, { columns, rows }: Table): void {
  const url = URL.createObjectURL(new Blob([csvOf([columns, ...rows])], { type: 'text/csv' }));
  h('a', { href: url, download: name }).click();
  setTimeout(() => {
    URL.revokeObjectURL(url);
  }, 10_000);
}
