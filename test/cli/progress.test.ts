import { PassThrough } from 'node:stream';
import { type ProgressOptions, progressOn } from '../../cli/progress';

const stepOf = (name: string): { name: string; line: string; isFailed: boolean } => ({
  name,
  line: `${name} failed because`,
  isFailed: name === 'bad',
});

/** What a screen shows after months that take two seconds each. */
function drawn(
  isTTY: boolean,
  columns: number,
  names: readonly string[],
  options: ProgressOptions = {},
): string {
  const screen = Object.assign(new PassThrough(), { isTTY, columns });
  let time = 0;
  const progress = progressOn(screen, stepOf, { clock: () => time, ...options });
  progress.planned(4);
  for (const name of names) {
    time += 2_000;
    progress.finished(name);
  }
  return String(screen.read());
}

test('a log has one line per month', () => {
  expect(drawn(false, 80, ['a', 'bad'])).toBe('[1/4] a failed because\n[2/4] bad failed because\n');
});

test('a terminal has a bar with rate and remaining time, and keeps what failed', () => {
  const text = drawn(true, 80, ['a', 'bad']);
  expect(text).toContain('1/4 a 2.0 s/month, 6 s left');
  expect(text).toContain('bad failed because');
  expect(text).toContain('2/4 bad 2.0 s/month, 4 s left');
});

test('work that is mostly short shows its progress once it takes long', () => {
  expect(drawn(false, 80, ['a', 'b', 'c'], { quietSeconds: 5 })).toBe('[3/4] c failed because\n');
  expect(drawn(true, 80, ['a'], { unit: 'table' })).toContain('1/4 a 2.0 s/table, 6 s left');
});

test('the bar fits a narrow terminal', () => {
  const lines = drawn(true, 40, ['a', 'b']).split('\r\u001b[2K').slice(1);
  expect(lines).toHaveLength(2);
  for (const line of lines) expect(line.length).toBeLessThan(40);
});
