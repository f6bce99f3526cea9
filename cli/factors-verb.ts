import type { Command } from 'commander';
import { withScratch } from '../api/with-scratch';
import { checkFactors } from '../shared/audit/factors/check-factors';
import type { FactorFinding, FactorState } from '../shared/audit/factors/factor-finding';
import { readReferenceFactors } from '../shared/audit/factors/reference-factors';
import { EXIT } from '../shared/base/carbon-error';
import { openInputs } from '../shared/estate/open-inputs';
import { assertPlaces } from '../shared/runs/check-places';
import { withSession } from '../shared/sql/duck-session';
import { jsonReport } from './json-report';
import { defineRack } from './rack-embodied';
import { factorText, referenceInWords } from './reference-table';
import { coloured, fittedTable, type TextColumn } from './text-table';

interface CheckOptions {
  readonly inputs: string;
  readonly json: boolean;
}

/** Defines the verb `factors`. */
export function defineFactors(factors: Command, finish: (exitCode: number) => void): void {
  factors
    .command('check')
    .description('list the factors of an estate that are older than the shipped reference, or differ from it')
    .requiredOption('--inputs <location>', 'the estate')
    .option('--json', 'print all factors as JSON', false)
    .action(async ({ inputs, json: isJson }: CheckOptions) => {
      await assertPlaces(inputs);
      const findings = await check(inputs);
      console.log(isJson ? jsonReport({ factors: findings }) : inWords(findings));
      finish(findings.some(({ state }) => isDue(state)) ? EXIT.failed : EXIT.done);
    });
  factors
    .command('reference')
    .description('print the shipped reference: factors by year with source and licence')
    .option('--json', 'print it as JSON', false)
    .action(async ({ json: isJson }: { readonly json: boolean }) => {
      const reference = await readReferenceFactors();
      console.log(isJson ? jsonReport(reference) : referenceInWords(reference));
      finish(EXIT.done);
    });
  defineRack(factors);
}

function check(inputs: string): Promise<FactorFinding[]> {
  return withScratch(async (scratch) => {
    const store = await openInputs(inputs, scratch);
    const reference = await readReferenceFactors();
    return withSession({}, (session) => checkFactors({ store, session }, reference));
  });
}

/** True for a factor that a person has to check. */
function isDue(state: FactorState): boolean {
  return state === 'older' || state === 'differs';
}

const COLUMNS: readonly TextColumn<FactorFinding>[] = [
  { title: 'table', value: ({ table }) => table },
  { title: 'factor', value: ({ name }) => name },
  { title: 'state', value: ({ state }) => (isDue(state) ? coloured('yellow', state) : state) },
  { title: 'of', value: ({ own }) => own.of },
  { title: 'value', align: 'right', value: ({ own }) => factorText(own.value) },
  { title: 'reference of', value: ({ reference }) => reference?.of ?? '' },
  { title: 'value', align: 'right', value: ({ reference }) => factorText(reference?.value) },
  { title: 'source', value: ({ reference }) => reference?.source ?? '' },
];

function inWords(findings: readonly FactorFinding[]): string {
  const listed = findings.filter(({ state }) => state !== 'current' && state !== 'no reference');
  const count = (state: FactorState): string =>
    `${String(findings.filter((finding) => finding.state === state).length)} ${state}`;
  const counts = (['older', 'differs', 'undated', 'current', 'no reference'] as const).map(count);
  const notes = listed.flatMap(({ table, name, notes: own }) =>
    own.map((note) => `${table}, ${name}: ${note}`),
  );
  return [
    ...(listed.length === 0 ? [] : [fittedTable(COLUMNS, listed), '']),
    ...(notes.length === 0 ? [] : [...notes, '']),
    `${String(findings.length)} factors: ${counts.join(', ')}.`,
  ].join('\n');
}
