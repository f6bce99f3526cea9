import type { Command } from 'commander';

/** Defines the arguments and options of a verb, and what it does. */
export type DefineVerb = (verb: Command, finish: (exitCode: number) => void) => void;

/** A verb, of which only the description is loaded until it is used. */
export interface Verb {
  readonly name: string;
  readonly description: string;
  readonly load: () => Promise<DefineVerb>;
}

/** The verbs in the order of the help. */
export const VERBS: readonly Verb[] = [
  {
    name: 'run',
    description: 'compute every month that is new, failed before or has changed inputs',
    load: async () => (await import('./run-verb.ts')).defineRun,
  },
  {
    name: 'validate',
    description: 'compute every month of an estate, publish nothing, and list what is wrong',
    load: async () => (await import('./validate-verb.ts')).defineValidate,
  },
  {
    name: 'status',
    description: 'list every month of the exports in a folder',
    load: async () => (await import('./status-verb.ts')).defineStatus,
  },
  {
    name: 'report',
    description: 'write the report page of an export: one HTML file that needs no network',
    load: async () => (await import('./report-verb.ts')).defineReport,
  },
  {
    name: 'query',
    description: 'query an export in SQL: the tables and views of the deployed catalog, on DuckDB',
    load: async () => (await import('./query-verb.ts')).defineQuery,
  },
  {
    name: 'explain',
    description: "break an account's published values down to the records of the inputs",
    load: async () => (await import('./explain-verb.ts')).defineExplain,
  },
  {
    name: 'verify',
    description: 'recompute an export from its inputs in exact arithmetic and print an assurance statement',
    load: async () => (await import('./verify-verb.ts')).defineVerify,
  },
  {
    name: 'diff',
    description: 'compare A with B: two model versions, two exports, or two executions of a month',
    load: async () => (await import('./diff-verb.ts')).defineDiff,
  },
  {
    name: 'accounts',
    description: 'the monthly snapshots of the organization',
    load: async () => (await import('./accounts-verb.ts')).defineAccounts,
  },
  {
    name: 'factors',
    description: 'compare emission factors with published ones',
    load: async () => (await import('./factors-verb.ts')).defineFactors,
  },
  {
    name: 'init',
    description: "write a small estate to start from, or the settings of an estate of AWS's own exports",
    load: async () => (await import('./init-verb.ts')).defineInit,
  },
  {
    name: 'doctor',
    description: 'check this computer, locations and permissions, and print how to fix what does not work',
    load: async () => (await import('./doctor-verb.ts')).defineDoctor,
  },
  {
    name: 'sample',
    description: 'write the sample estate, or a larger one: real factors, made-up racks and usage',
    load: async () => (await import('./sample-verb.ts')).defineSample,
  },
  {
    name: 'completion',
    description: 'print the completion script of a shell',
    load: async () => (await import('./completion-verb.ts')).defineCompletion,
  },
  {
    name: 'version',
    description: 'print the versions of the program, of its calculation and of Node.js',
    load: async () => (await import('./version-verb.ts')).defineVersion,
  },
];
