import { z } from 'zod';
import { accountIdSchema } from '../base/account-id';
import { modelVersionSchema } from '../base/model-version-id';
import { monthSchema } from '../base/value-schemas';
import { SEVERITIES } from '../base/warning';
import { FIGURES } from '../exports/emissions';

const count = z.int().min(0);

/** A mass in MTCO2e; null where AWS did not deliver it. */
const mass = z.number().nullable();

const byFigure = z.record(z.enum(FIGURES), mass);

/** Location-based and market-based, MTCO2e. */
const pair = z.object({ lbm: mass, mbm: mass });

/** What a member of a cube is: the place in the list of accounts, Regions, services, or values of a breakdown. */
export const CUBE_DIMENSIONS = ['account', 'region', 'service', 'value'] as const;

const cubeSchema = z.object({
  dimensions: z.array(z.enum(CUBE_DIMENSIONS)),
  /**
   * Per dimension: the place of each combination's member in the list of the dimension, or OTHERS where combinations are
   * folded.
   */
  members: z.array(z.array(z.int().min(-1))),
  /**
   * Per figure: grams of CO2e of each combination in each period, combinations first; null for unknown, 0 without a row. A
   * figure that is `zero` is 0 everywhere, and one that is `sum` is the sum of its scopes. A figure that the cube does not
   * have is absent.
   */
  figures: z.partialRecord(
    z.enum(FIGURES),
    z.union([z.literal('zero'), z.literal('sum'), z.array(z.number().nullable())]),
  ),
  /** Combinations that are folded into others. */
  folded: count,
});

/** Emissions of the combinations of some dimensions, by period. */
export type ReportCube = Readonly<z.infer<typeof cubeSchema>>;

const flowSchema = z.object({
  step: z.enum(['clusters', 'racks', 'services', 'accounts']),
  in: pair,
  out: pair,
  retained: pair,
});

const periodSchema = z.object({
  month: monthSchema,
  version: modelVersionSchema,
  asOf: z.string(),
  executionId: z.string(),
  fingerprint: z.string(),
  file: z.object({ key: z.string(), sha256: z.string(), bytes: count, rows: count }),
  accounts: count,
  unknownAccounts: count,
  usageLines: count,
  /** Clusters whose Scope 1 is estimated. */
  estimatedClusters: count,
  largestResidual: z.number(),
  /** Sums over the rows of the data file, MTCO2e. */
  totals: byFigure,
  /** The ledger of computed emissions, step by step; empty where the totals are AWS's. */
  flow: z.array(flowSchema),
  /** What stays with the operator, by reason. */
  retained: z.object({ internal: pair, unused: pair, overhead: pair, unclaimed: pair }),
  /** Of AWS's totals: what stayed under AWS's product, and accounts on one side only. */
  aws: z
    .object({
      total: pair,
      unsplit: pair,
      rows: count,
      unsplitRows: count,
      accountsWithoutBill: count,
      accountsWithoutCarbon: count,
    })
    .exactOptional(),
  /** How the lines of the bills were counted. */
  bills: z
    .object({
      lines: count,
      cost: z.number(),
      pricedLines: count,
      unmappedLines: count,
      costWithoutRow: z.number(),
    })
    .exactOptional(),
  warnings: z.array(
    z.object({ severity: z.enum(SEVERITIES), code: z.string(), count: z.number(), message: z.string() }),
  ),
  /** Warnings that are left out, the least important ones. */
  moreWarnings: count,
});

/** A published month of one model version. */
export type ReportPeriod = Readonly<z.infer<typeof periodSchema>>;

const restatementSchema = z.object({
  month: monthSchema,
  version: modelVersionSchema,
  /** As-of instants of the two publications. */
  from: z.string(),
  to: z.string(),
  /** Names of the inputs that changed. */
  because: z.array(z.string()),
  before: pair,
  after: pair,
  /** Clusters whose Scope 1 turned from estimated to actual. */
  turnedActual: count,
});

const accountSchema = z.object({
  id: accountIdSchema,
  /** Blank where no snapshot of the organization has the account. */
  name: z.string(),
  ou: z.string(),
  tags: z.record(z.string(), z.string()),
  left: z.boolean(),
});

const breakdownSchema = z.object({
  /** Such as tag:team. */
  by: z.string(),
  exportName: z.string(),
  values: z.array(z.string()),
  cube: cubeSchema,
});

/** Schema of the data of the report page. */
export const reportSchema = z.object({
  format: z.literal(1),
  exportName: z.string(),
  /** Origin of the totals: `computed`, or `aws` for those of AWS's own export. */
  totals: z.enum(['computed', 'aws']),
  /** Newest as-of instant of the months. */
  asOf: z.string(),
  /** Instant of the snapshot that names the accounts; blank without one. */
  accountsAsOf: z.string(),
  /** By month and version. */
  periods: z.array(periodSchema),
  /** Largest first. */
  accounts: z.array(accountSchema),
  /** Accounts that are folded into others. */
  foldedAccounts: count,
  services: z.array(z.string()),
  regions: z.array(z.object({ code: z.string(), location: z.string() })),
  cubes: z.object({ places: cubeSchema, accounts: cubeSchema, detail: cubeSchema }),
  breakdowns: z.array(breakdownSchema),
  /** Breakdowns of the export that the page leaves out. */
  moreBreakdowns: count,
  restatements: z.array(restatementSchema),
});

/** The data of the report page. */
export type ReportData = Readonly<z.infer<typeof reportSchema>>;

/** Location-based and market-based, MTCO2e; null where unknown. */
export type ReportPair = Readonly<z.infer<typeof pair>>;
