import { CATEGORIES, type Category } from '../../method/categories';
import { RETAINED } from '../../method/ledger';
import type { InputStore } from '../../stores/object-store';
import { sha256Of } from '../../estate/file-content';
import { csvFile, type PackedMonth } from './pack-sources';

const ACCOUNTS = ['in', 'exported', ...RETAINED, 'residual'] as const;

/** Returns the ledger of every month, one row per category, kgCO2e. */
export function ledgerCsv(months: readonly PackedMonth[]): string {
  const rows = months.flatMap(({ manifest: { usagePeriod, modelVersion, ledgerKg } }) =>
    countedIn(ledgerKg).map((category) => [
      ...[usagePeriod, modelVersion, category],
      ...ACCOUNTS.map((name) => ledgerKg[name][category] ?? 0),
    ]),
  );
  return csvFile(['month', 'model_version', 'category', ...ACCOUNTS.map((name) => `${name}_kg`)], rows);
}

/** Returns the balance of every step of the calculation, kgCO2e: what a step received, passed on and kept. */
export function stepsCsv(months: readonly PackedMonth[]): string {
  const rows = months.flatMap(({ manifest: { usagePeriod, modelVersion, ledgerKg } }) =>
    countedIn(ledgerKg).flatMap((category) =>
      ledgerKg.steps.map(({ step, in: received, out, retained, residual }) => [
        ...[usagePeriod, modelVersion, category, step],
        ...[received, out, retained, residual].map((figures) => figures[category] ?? 0),
      ]),
    ),
  );
  const columns = ['month', 'model_version', 'category', 'step'];
  return csvFile([...columns, 'in_kg', 'out_kg', 'retained_kg', 'residual_kg'], rows);
}

function countedIn(ledger: PackedMonth['manifest']['ledgerKg']): readonly Category[] {
  return CATEGORIES.filter((category) => ledger.in[category] !== undefined);
}

/** Returns what is known of the quality of the data of every month, one row per fact. */
export function qualityCsv(months: readonly PackedMonth[]): string {
  const rows = months.flatMap((month) =>
    qualityFacts(month).map(([fact, value]) => [
      ...[month.manifest.usagePeriod, month.manifest.modelVersion, fact, value],
    ]),
  );
  return csvFile(['month', 'model_version', 'fact', 'value'], rows);
}

function qualityFacts({ manifest }: PackedMonth): (readonly [string, string | number])[] {
  const { scope3, billCoverage, estimatedClusters, unknownAccounts, warningDetails, warnings } = manifest;
  const changing = warningDetails?.filter(({ severity }) => severity === 'changes-numbers') ?? [];
  return [
    ['clusters with estimated Scope 1', estimatedClusters.length],
    ['accounts that the organization does not list', unknownAccounts.count],
    ['warnings', warnings.length],
    ['warnings that change numbers', changing.length],
    ...(billCoverage === undefined
      ? []
      : ([
          ['lines of bills', billCoverage.lines],
          ['cost of bills', billCoverage.cost],
        ] as const)),
    ...(scope3 === undefined ? [] : scope3Facts(scope3)),
  ];
}

function scope3Facts(
  facts: NonNullable<PackedMonth['manifest']['scope3']>,
): (readonly [string, string | number])[] {
  const { hardware, amortisation, methods } = facts;
  return [
    ['share of kg with assured activity', facts.assuredShare],
    ['share of kg with verified factors', facts.verifiedShare],
    ['cluster families with estimated Scope 1', facts.estimatedFamilies.length],
    ['coverage of hardware by power', hardware.coverage],
    ['racks without a row in rack_embodied', hardware.racksWithoutRow],
    ['stranded racks', hardware.strandedRacks],
    ['contracts without upstream factor', facts.contractsWithoutUpstream],
    ['assessment report of warming potentials', facts.assessmentReport || 'unknown'],
    ['embodied kg of items in service life', amortisation.kg],
    ['of these booked up to the month', amortisation.bookedKg],
    ['of these left for later months', amortisation.restKg],
    ...Object.entries(methods).map(
      ([method, share]) => [`share of embodied kg by method ${method}`, share] as const,
    ),
  ];
}

/** Returns the published files: the data file of every month and its companion. */
export function publishedCsv(months: readonly PackedMonth[]): string {
  const rows = months.flatMap(({ manifest }) =>
    [manifest.file, ...(manifest.companion === undefined ? [] : [manifest.companion.file])].map(
      ({ key, sha256, bytes, rows: count }) => [
        ...[manifest.usagePeriod, manifest.modelVersion, manifest.executionId, key, sha256, bytes, count],
      ],
    ),
  );
  return csvFile(['month', 'model_version', 'execution_id', 'file', 'sha256', 'bytes', 'rows'], rows);
}

/** Returns the fingerprints of what each month was computed from. */
export function fingerprintsCsv(months: readonly PackedMonth[]): string {
  const rows = months.flatMap(({ manifest: { usagePeriod, modelVersion, inputs } }) =>
    Object.entries(inputs)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, sha256]) => [usagePeriod, modelVersion, name, sha256]),
  );
  return csvFile(['month', 'model_version', 'input', 'fingerprint'], rows);
}

/** Returns every file of the inputs with its size and SHA-256. */
export async function inputFilesCsv(inputs: InputStore): Promise<string> {
  const rows: (string | number)[][] = [];
  for (const { key, size } of await inputs.list('')) {
    const copy = await inputs.localCopy(key);
    try {
      rows.push([key, await sha256Of(copy.path), size]);
    } finally {
      await copy.release();
    }
  }
  return csvFile(['file', 'sha256', 'bytes'], rows);
}
