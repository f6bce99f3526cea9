import { z } from 'zod';
import { accountIdSchema } from '../base/account-id';
import { digestOf, type Fingerprint, hashOf } from '../base/fingerprint';
import { parseJson } from '../base/json';
import { modelVersionSchema } from '../base/model-version-id';
import { kgSchema, monthSchema } from '../base/value-schemas';
import { warningSchema } from '../base/warning';
import {
  BASE_CATEGORIES,
  type BaseCategory,
  type KgByCategory,
  type Category,
  SCOPE_3_CATEGORIES,
  type Scope3Category,
} from '../method/categories';
import type { Ledger } from '../method/ledger';
import { awsTotalsSchema } from './aws-totals';
import type { ExportMonth } from './layout';

/**
 * Returns the schema of a value per category; those of Scope 3 are absent where the model version does not count them.
 */
export function categorySchemaOf<Value extends z.ZodType>(
  value: Value,
): z.ZodObject<Record<BaseCategory, Value> & Record<Scope3Category, z.ZodExactOptional<Value>>> {
  const optional = value.exactOptional();
  // The casts are safe: the keys are the categories of the list.
  const base = Object.fromEntries(BASE_CATEGORIES.map((category) => [category, value])) as Record<
    BaseCategory,
    Value
  >;
  const scope3 = Object.fromEntries(SCOPE_3_CATEGORIES.map((category) => [category, optional])) as Record<
    Scope3Category,
    typeof optional
  >;
  return z.object({ ...base, ...scope3 });
}

/** Schema of a mass per category, kgCO2e. */
export const categorySchema = categorySchemaOf(kgSchema);

/** Masses per category as they are published, kgCO2e. */
export type PublishedKg = z.infer<typeof categorySchema>;

const ledgerSchema = z.object({
  in: categorySchema,
  exported: categorySchema,
  retained_internal: categorySchema,
  retained_unused: categorySchema,
  retained_overhead: categorySchema,
  retained_unclaimed: categorySchema,
  residual: categorySchema,
  steps: z
    .array(
      z.object({
        step: z.enum(['clusters', 'racks', 'services', 'accounts']),
        in: categorySchema,
        out: categorySchema,
        retained: categorySchema,
        residual: categorySchema,
      }),
    )
    .readonly(),
});

const billPart = z.object({ lines: z.number(), cost: z.number() });

const billCoverageSchema = z.object({
  lines: z.number(),
  cost: z.number(),
  pricedLines: z.number(),
  ways: z.record(z.string(), billPart),
  physical: z.object({ lines: z.number(), counted: z.number() }),
  withoutQuantity: z.array(z.string()).readonly(),
  unmapped: z.array(billPart.extend({ service: z.string(), unit: z.string() })).readonly(),
  /** Of AWS's totals alone: list cost of usage that no row of AWS takes, and where most of it is. */
  withoutRow: billPart
    .extend({ places: z.array(billPart.extend({ region: z.string(), service: z.string() })).readonly() })
    .exactOptional(),
});

const scope3Schema = z.object({
  hardware: z.object({ coverage: z.number(), racksWithoutRow: z.number(), strandedRacks: z.number() }),
  amortisation: z.object({
    ...{ kg: z.number(), bookedKg: z.number(), restKg: z.number(), largestResidual: z.number() },
  }),
  methods: z.record(z.string(), z.number()).readonly(),
  assessmentReport: z.string(),
  contractsWithoutUpstream: z.number(),
  estimatedFamilies: z.array(z.string()).readonly(),
  assuredShare: z.number(),
  verifiedShare: z.number(),
});

const fileSchema = z.object({ key: z.string(), sha256: z.string(), bytes: z.number(), rows: z.number() });

/** Schema of the manifest of a month. */
export const manifestSchema = z.object({
  /** The first four members are those of AWS Data Exports' manifests. */
  executionId: z.string(),
  exportArn: z.string(),
  columns: z.array(z.object({ name: z.string(), type: z.string() })),
  dataFiles: z.array(z.string()),
  /** The month's one data file. */
  file: fileSchema,
  /** Name and data file of the export with the parts of Scope 3; absent where the month has none. */
  companion: z.object({ exportName: z.string(), file: fileSchema }).exactOptional(),
  /** In the manifest of a companion export: the export that it belongs to. */
  companionOf: z.string().exactOptional(),
  modelVersion: modelVersionSchema,
  usagePeriod: monthSchema,
  productDetail: z.string(),
  /** As-of instant of the run that computed the content. */
  asOf: z.string(),
  /** Instant of the organization's snapshot that names the month's accounts. */
  metadataAsOf: z.string(),
  accounts: z.number(),
  usageLines: z.number(),
  /** Digest of `inputs`. */
  fingerprint: z.string(),
  inputs: z.record(z.string(), z.string()),
  ledgerKg: ledgerSchema,
  /** Ledger of AWS's totals, where the totals are AWS's own; `ledgerKg` then has AWS's scopes. */
  awsTotals: awsTotalsSchema.exactOptional(),
  /** As a part of the emissions, over the month and its steps. */
  largestResidual: z.number(),
  estimatedClusters: z.array(z.string()).readonly(),
  unknownAccounts: z.object({ count: z.number(), accountIds: z.array(accountIdSchema).readonly() }),
  /** Facts about the inputs of a month with Scope 3. */
  scope3: scope3Schema.exactOptional(),
  /** How the lines of the month's bills were counted; absent where its usage is not from bills. */
  billCoverage: billCoverageSchema.optional(),
  /** Messages of warningDetails; manifests of earlier versions of this program have the messages alone. */
  warnings: z.array(z.string()).readonly(),
  /** Severity, code and count of each warning. */
  warningDetails: z.array(warningSchema).readonly().exactOptional(),
});

/** The inputs, file and ledger of a month. It is written last: without it a month is not done. */
export type Manifest = Readonly<z.infer<typeof manifestSchema>>;

/** Returns an identifier in the form of the ARN that an export has in AWS Data Exports. */
export function exportArn(exportName: string): string {
  return `arn:local:carbon-exports:::export/${exportName}`;
}

/**
 * Returns an id for the computation of this content. The same inputs and as-of instant lead to the same id on any machine,
 * so a rerun after a crash writes the same bytes as an undisturbed run.
 */
export function executionIdOf(
  exportName: string,
  at: ExportMonth,
  asOf: string,
  fingerprint: Fingerprint,
): string {
  const hex = hashOf([exportName, at.modelVersion, at.month, asOf, digestOf(fingerprint)]);
  // Version 8 of RFC 9562: a UUID whose bits its maker chooses.
  const variant = ((parseInt(hex.slice(16, 17), 16) & 0x3) | 0x8).toString(16);
  const groups = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
  ];
  return [...groups, hex.slice(20, 32)].join('-');
}

/** Returns a manifest as it is stored. */
export function manifestText(manifest: Manifest): string {
  return `${JSON.stringify(manifest, undefined, 1)}\n`;
}

/** Returns the manifest in a text, or undefined for other texts, such as a manifest of another program. */
export function parseManifest(text: string): Manifest | undefined {
  return parseJson(text, manifestSchema);
}

/** Returns true for a month whose rows are broken down. */
export function isBrokenDown({ inputs }: Manifest): boolean {
  return inputs['split'] !== undefined;
}

/** Returns the figures of the categories that a month counts. */
export function publishedKg(figures: KgByCategory, categories: readonly Category[]): PublishedKg {
  // The categories of every version are always among them.
  return Object.fromEntries(categories.map((category) => [category, figures[category]])) as PublishedKg;
}

/** Returns the ledger of a month with the categories that it counts. */
export function publishedLedger(ledger: Ledger, categories: readonly Category[]): Manifest['ledgerKg'] {
  const of = (figures: KgByCategory): PublishedKg => publishedKg(figures, categories);
  return {
    in: of(ledger.in),
    exported: of(ledger.exported),
    retained_internal: of(ledger.retained_internal),
    retained_unused: of(ledger.retained_unused),
    retained_overhead: of(ledger.retained_overhead),
    retained_unclaimed: of(ledger.retained_unclaimed),
    residual: of(ledger.residual),
    steps: ledger.steps.map(({ step, in: received, out, retained, residual }) => ({
      ...{ step, in: of(received), out: of(out), retained: of(retained), residual: of(residual) },
    })),
  };
}
