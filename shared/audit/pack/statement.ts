import { TOLERANCE } from '../verify/tolerance';
import { isVerified, type VerifiedMonth } from '../verify/verification';
import type { PackedMonth, PackRequest } from './pack-sources';
import type { Sample } from './sampled-rows';

/** Returns the statement of a pack: what was checked, by whom, against what, with which result and which limits. */
export function statement(request: PackRequest, months: readonly PackedMonth[], sample: Sample): string {
  const { verification } = request;
  const verified = isVerified(verification);
  return [
    `# Assurance statement: ${verification.exportName}`,
    '',
    verified
      ? '**VERIFIED**: every published value follows from the inputs.'
      : '**NOT VERIFIED**: see the differences below.',
    '',
    ...facts(request, months),
    '',
    '## Months',
    '',
    ...monthTable(verification.months),
    '',
    '## Sampled rows',
    '',
    `${String(sample.rows.length)} of ${String(sample.population)} rows, drawn with the seed \`${sample.seed}\`, are broken down to the records of the inputs in sampled-rows.txt and sampled-rows.json. ${notExplained(sample)}`,
    '',
    '## Exceptions and differences',
    '',
    ...differences(request),
    '',
    '## What this statement does not cover',
    '',
    '- Whether meters, bills, contracts, factors and inventories are right. They are inputs, and their evidence is with the operator.',
    '- Uncertainty: the inputs have none, so no range of a figure is given.',
    '- The organizational boundary: the operator of the estate decides which clusters, sites and accounts its tables contain.',
    '',
  ].join('\n');
}

function facts({ verification, places, on }: PackRequest, months: readonly PackedMonth[]): string[] {
  const periods = verification.months.map(({ month }) => month).sort();
  const versions = [...new Set(verification.months.map(({ modelVersion }) => modelVersion))].sort();
  const hasScope3 = months.some(({ manifest }) => manifest.scope3 !== undefined);
  const hasAws = months.some(({ manifest }) => manifest.awsTotals !== undefined);
  const scopes = hasScope3 ? 'Scopes 1, 2 and 3 (categories 2, 3 and 4)' : 'Scopes 1 and 2';
  return [
    ['Subject', `export ${verification.exportName} in ${places.out}, from the inputs in ${places.inputs}`],
    ['Period', `${periods[0] ?? 'none'} to ${periods.at(-1) ?? 'none'}`],
    [
      'Boundary',
      hasAws
        ? "AWS's own totals by account, Region and product group, and their split over services; how AWS calculated them is not covered"
        : `emissions of the clusters and sites in the estate's tables, ${scopes} of their operator, allocated to its customers' accounts, location- and market-based; for the customer, Scope 3 category 1`,
    ],
    [
      'Criteria',
      `docs/methodology.md of ${verification.program}, model versions ${versions.join(', ') || 'none'}; docs/conformance.md maps it to the GHG Protocol, ISO 14040/44 and ISO 14067`,
    ],
    ['Kind', 'self-recomputed, not third-party: no independent party took part'],
    [
      'Level',
      'all values are recomputed in exact fractions by separate code; this is neither limited nor reasonable assurance as in ISO 14064-3 or ISAE 3410, which only a verifier can give',
    ],
    ['Materiality', `a value or ledger entry that differs by more than ${String(TOLERANCE)} of it`],
    [
      'Program',
      `${verification.program}, calculation revision ${String(verification.calculationRevision)}, on ${on}`,
    ],
    [
      'Hashes',
      'of published files in published-files.csv, of inputs in input-files.csv, of this pack in SHA256SUMS',
    ],
  ].map(([name = '', text = '']) => `- **${name}**: ${text}.`);
}

function monthTable(months: readonly VerifiedMonth[]): string[] {
  return [
    '| month | version | execution | rows | values compared | largest difference | result |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...months.map(
      (month) =>
        `| ${[month.month, month.modelVersion, month.executionId, month.rows, month.values, month.largestDifference.toExponential(1), resultOf(month)].join(' | ')} |`,
    ),
  ];
}

function resultOf({ differenceCount, notRecomputed }: VerifiedMonth): string {
  if (notRecomputed !== undefined) return 'not recomputed';
  return differenceCount === 0 ? 'verified' : `${String(differenceCount)} differences`;
}

function notExplained({ rows }: Sample): string {
  const failed = rows.filter((row) => row.notExplained !== undefined);
  return failed.length === 0
    ? 'Every one adds up to the published value.'
    : `${String(failed.length)} of them could not be explained; the reason is with each.`;
}

function differences({ verification: { months, problems } }: PackRequest): string[] {
  const listed = [
    ...problems,
    ...months.flatMap(({ month, modelVersion, exceptions, differences: found, notRecomputed }) =>
      [
        ...exceptions,
        ...(notRecomputed === undefined ? [] : [`not recomputed: ${notRecomputed}`]),
        ...found,
      ].map((text) => `${month} ${modelVersion}: ${text}`),
    ),
  ];
  return listed.length === 0 ? ['None.'] : listed.map((text) => `- ${text}`);
}

/** Returns how a verifier repeats the check. */
export function repetition(request: PackRequest, { seed }: Sample): string {
  const { verification, places } = request;
  const { inputs, out } = places;
  const name = verification.exportName;
  return [
    '# How to repeat this check',
    '',
    `1. Check that the inputs are the same: compare the files in ${inputs} with input-files.csv, and those in ${out} with published-files.csv. \`sha256sum\` prints the hashes.`,
    `2. Install ${verification.program} from its source (\`npm ci\`, Node.js 20 or later), and read docs/methodology.md and shared/audit/verify/exact, which shares no code with the calculation.`,
    `3. \`npm run cli -- verify --inputs ${inputs} --out ${out} --export-name ${name} --pack <new folder> --seed ${seed}\` writes this pack again. Only the day in statement.md may differ.`,
    `4. \`npm run cli -- run --inputs ${inputs} --out <new folder> --export-name ${name} --as-of <day> --model <version>\` publishes a month again: with the day of its last_refresh_timestamp, its data file has the same SHA-256.`,
    '5. Rows are drawn without this program by any tool with SHA-256: of the text `seed/month/version/account/region/product`, the rows with the smallest hashes.',
    `6. \`npm run cli -- explain --inputs ${inputs} --out ${out} --export-name ${name} --account <account> --month <month> --model <version>\` breaks any other row down.`,
    '',
  ].join('\n');
}
