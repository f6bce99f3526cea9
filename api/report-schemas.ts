import { z } from 'zod';
import { FIGURES } from '../shared/exports/emissions';
import { manifestSchema } from '../shared/exports/manifest';
import { stateSchema } from '../shared/exports/month-state';
import { SCOPE_3_CATEGORIES } from '../shared/method/categories';
import { modelVersionSchema } from '../shared/base/model-version-id';
import { monthSchema } from '../shared/base/month';
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

const verifiedMonth = z.strictObject({
  month: z.string(),
  modelVersion: modelVersionSchema,
  executionId: z.string(),
  ...{ rows: z.int(), accounts: z.int(), values: z.int(), usageLines: z.int() },
  largestDifference: z.number().describe('Of a value from the exact one, relative.'),
  largestLedgerDifference: z
    .number()
    .describe('Of a ledger entry from the exact one, as a part of the emissions.'),
  notRecomputed: z.string().optional().describe('Why values could not be compared.'),
  exceptions: texts,
  differences: texts.describe('The first thousand differences.'),
  differenceCount: z.int(),
});

const explanation = z.strictObject({
  label: z.string(),
  kg: z.number(),
  facts: z
    .record(z.string(), z.union([z.string(), z.number()]))
    .describe('Values that it was computed with; units are in the names.'),
  inputs: z.array(z.strictObject({ file: z.string(), row: z.int() })),
  get parts() {
    return z.array(explanation).describe('Parts that add up to kg.');
  },
});

const explainedRow = z.strictObject({
  regionCode: z.string(),
  productCode: z.string(),
  kg: z.number(),
  path: explanation.describe('By the racks and services that it came through.'),
  source: explanation.describe('By meters, fuel, factors and contracts.'),
});

const both = z.strictObject({ before: z.int(), after: z.int() });
const moved = z
  .strictObject({ before: z.number().nullable(), after: z.number().nullable(), unknownRows: both })
  .describe('MTCO2e on both sides; null where AWS did not deliver it of every row.');
const movedFigures = z.record(z.enum(FIGURES), moved);
const movedKeys = z.array(z.strictObject({ key: z.string(), figures: movedFigures }));
const comparedSide = z.strictObject({
  exportName: z.string(),
  modelVersion: modelVersionSchema,
  executionId: z.string(),
  asOf: z.string(),
});
const changedTable = z.strictObject({
  table: z.string(),
  ...{ removed: z.int(), added: z.int(), removedRows: texts, addedRows: texts },
});

const comparedMonth = z.strictObject({
  month: monthSchema,
  before: comparedSide,
  after: comparedSide,
  because: texts.describe('Names of the inputs that differ.'),
  moved: z.strictObject({
    ...{ rowsBefore: z.int(), rowsAfter: z.int(), rowsChanged: z.int() },
    totals: movedFigures,
    by: z.strictObject({ accounts: movedKeys, services: movedKeys, regions: movedKeys }),
  }),
  inputRows: z.array(changedTable).optional(),
});

const inputProblem = z.object({
  table: z.string(),
  file: z.string().optional(),
  row: z.int().optional(),
  column: z.string().optional(),
  value: z.string().optional(),
  expected: z.string(),
});

/** Schemas of the reports, by verb; `error` is what every verb prints on standard error. */
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
  query: z
    .array(z.record(z.string(), z.unknown()))
    .describe('One object per row, by the names of the columns of the statement.'),
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
