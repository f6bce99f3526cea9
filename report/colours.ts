import { h } from './dom';

/** Colours that differ for every kind of colour vision, as CSS variables: light and dark have their own. */
const COLOURS = 7;

/** Returns the colour of a place in a list of members by size; the same everywhere on the page. */
export function colourAt(place: number): string {
  return place >= 0 && place < COLOURS ? `var(--c${String(place + 1)})` : 'var(--others)';
}

/** Members that have a colour; the others are one grey stack. */
export const COLOURED = COLOURS;

/** An entry of a legend. */
export interface Key {
  readonly name: string;
  readonly colour: string;
  readonly kind?: 'hatched' | 'faded';
}

/** Returns a legend in words. */
export function legendOf(keys: readonly Key[]): HTMLElement {
  return h(
    'ul',
    { class: 'legend' },
    ...keys.map(({ name, colour, kind = 'plain' }) => {
      const swatch = h('span', { class: `swatch ${kind}`, 'aria-hidden': 'true' });
      swatch.style.setProperty('--swatch', colour);
      return h('li', {}, swatch, name);
    }),
  );
}
