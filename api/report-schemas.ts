import { z } from 'zod';
import {
  comparedFactor,
  comparedMonth,
  explainedRow,
  fuelReference,
  gridReference,
  gwpReference,
  verifiedMonth,
} from './audit-schemas';
import { FIGURES } from '../shared/exports/emissions';
import { manifestSchema } from '../shared/exports/manifest';
import { stateSchema } from '../shared/exports/month-state';
import { SCOPE_3_CATEGORIES } from '../shared/method/categories';
import { modelVersionSchema } from '../shared/base/model-version-id';
import { monthSchema } from '../shared/base/value-schemas';
import { warningSchema } from '../shared/base/warning';
import { monthOutcomeSchema } from '../shared/runs/month-outcome';

/*
 * What each verb prints with --json. test/api/report-schemas.test.ts reads real outputs by these schemas, and the package
 * ships them as JSON Schemas.
 */

/** Version of every report and of its schema. A change that a reader must know of raises it. */
export const REPORT_SCHEMA = 1;

const schema = z.literal(REPORT_SCHEMA);
const texts = z.array(z.string());

const runReport = z.strictObject({
  exportName: z.string(),
  asOf: z.string().describe('As-of instant of the run.'),
  status: z.enum(['succeeded', 'published with warnings', 'failed']),
  months: z.array(monthOutcomeSchema),
  notAvailable: z.array(monthSchema).describe('Closed months that have no usage yet.'),
  problems: texts.describe('Problems of the inputs that belong to no month.'),
  notes: texts.describe('What a person may want to correct, and does not fail the run.'),
});

const validatedMonth = z.strictObject({
  month: monthSchema,
  modelVersion: modelVersionSchema,
  error: z.string().optional(),
  warnings: z.array(warningSchema),
});

const sampleCounts = {
  ...{ months: z.int(), clusters: z.int(), sites: z.int(), services: z.int(), accounts: z.int() },
  rackRows: z.int().describe('Rows of racks over all months.'),
  usageRows: z.int().describe('Rows of usage over all months, without the real FOCUS rows.'),
  focusRows: z.int().describe('Real FOCUS rows.'),
  ...{ files: z.int(), bytes: z.int() },
};

const inputProblem = z.object({
  table: z.string(),
  file: z.string().optional(),
  row: z.int().optional(),
  column: z.string().optional(),
  value: z.string().optional(),
  expected: z.string(),
});

/** Schemas of the reports, by verb, a hyphen for each blank; `error` is what every verb prints on standard error. */
export const REPORT_SCHEMAS = {
  run: z.strictObject({ schema, exports: z.array(runReport) }),
  validate: z.strictObject({ schema, months: z.array(validatedMonth), problems: texts }),
  status: z.strictObject({ schema, exports: z.record(z.string(), z.array(stateSchema)) }),
  verify: z.strictObject({
    schema,
    verified: z.boolean(),
    on: z.string().describe('Day of the verification.'),
    program: z.string(),
    calculationRevision: z.int(),
    exportName: z.string(),
    months: z.array(verifiedMonth),
    problems: texts.describe('Differences that belong to no published month.'),
  }),
  explain: z.strictObject({
    schema,
    accountId: z.string(),
    at: z.strictObject({ month: monthSchema, modelVersion: modelVersionSchema }),
    manifest: manifestSchema,
    categories: z.array(
      z.strictObject({ category: z.enum([...FIGURES, ...SCOPE_3_CATEGORIES]), rows: z.array(explainedRow) }),
    ),
  }),
  diff: z.strictObject({
    schema,
    months: z.array(comparedMonth),
    onlyBefore: z.array(monthSchema),
    onlyAfter: z.array(monthSchema),
  }),
  report: z.strictObject({ schema, page: z.string().describe('Path or S3 location of the page.') }),
  query: z
    .array(z.record(z.string(), z.unknown()))
    .describe('One object per row, by the names of the columns of the statement.'),
  'accounts-refresh': z.strictObject({
    schema,
    month: monthSchema,
    replaced: z.boolean().describe('False where the snapshot has the same accounts and stays.'),
    ...{ added: z.int(), notListed: z.int(), changed: z.int() },
  }),
  'factors-check': z.strictObject({ schema, factors: z.array(comparedFactor) }),
  'factors-reference': z.strictObject({
    schema,
    grids: z.array(gridReference),
    fuels: z.array(fuelReference),
    gwp: z.array(gwpReference),
  }),
  'factors-rack': z
    .strictObject({
      schema,
      ...{ rack_id: z.string(), cluster_id: z.string(), in_service_on: z.string() },
      embodied_kg: z.number(),
      ...{ method: z.literal('category_average'), source: z.string() },
    })
    .describe('A row of rack_embodied.csv.'),
  init: z.strictObject({
    schema,
    inputs: z.string(),
    files: texts.describe('Files that were written, below inputs.'),
    month: monthSchema.optional().describe('Month of the starting estate.'),
    sources: z
      .record(z.string(), z.string())
      .optional()
      .describe("Locations of AWS's exports, with --from-aws."),
  }),
  doctor: z.strictObject({
    schema,
    checks: z.array(
      z.strictObject({
        check: z.string(),
        status: z.enum(['ok', 'failed']),
        found: z.string(),
        fix: z.string().optional(),
      }),
    ),
  }),
  sample: z.strictObject({
    schema,
    outDir: z.string(),
    firstMonth: monthSchema,
    lastMonth: monthSchema,
    ...sampleCounts,
  }),
  version: z.strictObject({
    schema,
    version: z.string(),
    calculationRevision: z.int(),
    modelVersions: texts,
    ...{ node: z.string(), platform: z.string() },
  }),
  error: z.strictObject({
    schema,
    error: z.strictObject({
      kind: z.enum(['input', 'usage', 'state', 'transient', 'unexpected']),
      message: z.string(),
      exitCode: z.int(),
      problems: z.array(inputProblem).optional(),
    }),
  }),
} as const satisfies Readonly<Record<string, z.ZodType>>;
