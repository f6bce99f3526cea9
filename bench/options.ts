import { parseArgs } from 'node:util';

/** Returns the numbers of options such as `--rows 5000000`, or their defaults. */
export function numberOptions<Name extends string>(
  defaults: Readonly<Record<Name, number>>,
): Record<Name, number> {
  const names = Object.keys(defaults) as Name[];
  const { values } = parseArgs({
    options: Object.fromEntries(names.map((name) => [name, { type: 'string' as const }])),
  });
  return Object.fromEntries(names.map((name) => [name, Number(values[name] ?? defaults[name])])) as Record<
    Name,
    number
  >;
}

/** Runs a benchmark; an error ends the process with exit code 1. */
export function runBench(bench: () => Promise<void>): void {
  bench().catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });
}
