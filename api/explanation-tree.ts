import type { Explanation } from '../shared/audit/explain/explanation';
import { SHOWN } from '../shared/base/shown';

/** Returns an explanation as a tree for the terminal: at every line kgCO2e and its share of the line above. */
export function explanationTree(root: Explanation): string {
  return [lineOf(root), ...branches(root, '')].join('\n');
}

function branches(node: Explanation, indent: string): string[] {
  return node.parts.flatMap((part, index) => {
    const last = index === node.parts.length - 1;
    const inner = indent + (last ? '   ' : '│  ');
    return [
      `${indent}${last ? '└─ ' : '├─ '}${lineOf(part, node.kg)}`,
      ...notesOf(part).map((note) => `${inner}${part.parts.length > 0 ? '│  ' : '   '}${note}`),
      ...branches(part, inner),
    ];
  });
}

function lineOf({ label, kg }: Explanation, whole?: number): string {
  const share = whole === undefined || whole === 0 ? '' : `  (${((kg / whole) * 100).toFixed(1)} %)`;
  return `${formatKg(kg)} kg  ${label}${share}`;
}

function notesOf({ facts, inputs }: Explanation): string[] {
  const values = Object.entries(facts).map(([name, value]) => `${name} ${formatFact(value)}`);
  const places = inputs.slice(0, SHOWN.places).map(({ file, row }) => `${file} row ${String(row)}`);
  const more = inputs.length > SHOWN.places ? [`… ${String(inputs.length - SHOWN.places)} more`] : [];
  return [
    ...(values.length > 0 ? [values.join(', ')] : []),
    ...(places.length > 0 ? [`from ${[...places, ...more].join(', ')}`] : []),
  ];
}

function formatFact(value: string | number): string {
  return typeof value === 'number' ? String(Number(value.toPrecision(7))) : value;
}

/** Returns kg with six significant digits, without an exponent unless the value is below 0.0001. */
function formatKg(kg: number): string {
  return Math.abs(kg) >= 1e-4 || kg === 0 ? String(Number(kg.toPrecision(6))) : kg.toExponential(5);
}
