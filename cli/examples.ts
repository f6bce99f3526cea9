/** Examples at the end of a verb's help, by verb; blank for the command. test/cli/help.test.ts checks their options. */
export const EXAMPLES: Readonly<Record<string, readonly string[]>> = {
  '': [
    'carbon-exports init --inputs my-estate                  # operators',
    'carbon-exports init --from-aws --inputs my-aws-estate   # AWS customers',
    'carbon-exports run --inputs my-estate --out my-exports  # then the exports',
    'carbon-exports run --help                               # options of a verb',
  ],
  run: [
    'carbon-exports run --inputs my-estate --out my-exports',
    'carbon-exports run --inputs estate --out exports --by tag:team',
    'carbon-exports run --inputs s3://my-bucket/estate --out s3://my-bucket/exports --from 2025-01 --to 2025-12',
  ],
  validate: ['carbon-exports validate --inputs my-estate --strict'],
  report: ['carbon-exports report --out my-exports --open'],
  status: ['carbon-exports status --out my-exports'],
  query: [
    'carbon-exports query --list',
    'carbon-exports query --out my-exports --named by-service',
    'carbon-exports query --out my-exports --file report.sql --format csv',
  ],
  explain: ['carbon-exports explain --inputs my-estate --out my-exports --account 222222222222'],
  verify: ['carbon-exports verify --inputs my-estate --out my-exports --month 2025-01'],
  diff: [
    'carbon-exports diff --out my-exports',
    'carbon-exports diff --out my-exports --model-a v1.0.0 --model-b v2.0.0 --month 2024-12',
  ],
  'accounts refresh': ['carbon-exports accounts refresh --inputs my-estate --out my-exports --month 2025-01'],
  'factors check': ['carbon-exports factors check --inputs my-estate'],
  'factors rack': [
    'carbon-exports factors rack --rack r1 --cluster frankfurt --in-service 2025-01-01 --servers 20 --cpus 2 --cpu-die-cm2 7 --ram-modules 16 --ram-gb 32 --ram-gb-per-cm2 2.5 --power-supply-kg 3',
  ],
  init: ['carbon-exports init --inputs my-estate', 'carbon-exports init --from-aws --inputs my-aws-estate'],
  doctor: ['carbon-exports doctor --inputs my-estate --out my-exports', 'carbon-exports doctor --aws'],
  sample: ['carbon-exports sample --out sample-estate --months 2'],
};

/** Returns the examples of a verb as the end of its help; blank where there are none. */
export function examplesText(verb: string): string {
  const examples = EXAMPLES[verb] ?? [];
  return examples.length === 0
    ? ''
    : ['', 'Examples:', ...examples.map((example) => `  ${example}`)].join('\n');
}
