import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** First fixed versions of packages with advisories that a dependency of this project once brought in. */
const FIXED_IN = { 'fast-xml-parser': [5, 5, 7] } as const;

const { packages } = JSON.parse(readFileSync(join(__dirname, '..', '..', 'package-lock.json'), 'utf8')) as {
  packages: Record<string, { version?: string }>;
};

test.each(Object.entries(FIXED_IN))('%s is locked at a version without a known advisory', (name, fixed) => {
  const locked = Object.entries(packages).filter(([path]) => path.endsWith(`node_modules/${name}`));
  expect(locked).toHaveLength(1);
  for (const [, { version = '' }] of locked) {
    const numbers = version.split('.').map(Number);
    const index = fixed.findIndex((part, at) => part !== numbers[at]);
    expect(index < 0 || (numbers[index] ?? 0) > (fixed[index] ?? 0)).toBe(true);
  }
});
