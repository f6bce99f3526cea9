/** Attributes of an element; `on` members are listeners, false leaves an attribute out. */
export type Attributes = Readonly<Record<string, string | number | boolean | ((event: Event) => void)>>;

/** What an element contains: texts become text nodes, so that no text of the inputs is read as HTML. */
export type Child = Node | string | undefined;

/** Returns a new element. */
export function h<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(key, value);
    else if (value !== false) element.setAttribute(key, value === true ? '' : String(value));
  }
  element.append(...children.filter((child) => child !== undefined));
  return element;
}

/** Returns a labelled select. An option is a value and its text. */
export function select(
  label: string,
  value: string,
  options: readonly (readonly [value: string, text: string])[],
  choose: (value: string) => void,
): HTMLLabelElement {
  const list = h(
    'select',
    {
      change: () => {
        choose(list.value);
      },
    },
    ...options.map(([key, text]) => h('option', { value: key, selected: key === value }, text)),
  );
  return h('label', { class: 'field' }, h('span', {}, label), list);
}

/** Returns a group of buttons of which one is pressed. */
export function choice(
  label: string,
  value: string,
  options: readonly (readonly [value: string, text: string])[],
  choose: (value: string) => void,
): HTMLElement {
  const buttons = options.map(([key, text]) =>
    h(
      'button',
      {
        type: 'button',
        'aria-pressed': String(key === value),
        'data-choice': `${label}:${key}`,
        click: () => {
          choose(key);
        },
      },
      text,
    ),
  );
  return h('div', { class: 'choice', role: 'group', 'aria-label': label }, ...buttons);
}
