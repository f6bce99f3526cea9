import aslValidator, { type StateMachine } from 'asl-validator';
import { STEPS, TRANSIENT_ERRORS } from '../../infra/state-machine';
import { LEASE_HOURS } from '../../shared/exports/run-lock';
import { deployed } from './configurations';

interface State {
  readonly Type: string;
  readonly Retry?: readonly { readonly ErrorEquals: readonly string[] }[];
  readonly ItemProcessor?: { readonly States: Readonly<Record<string, State>> };
}

type Definition = StateMachine & {
  readonly TimeoutSeconds: number;
  readonly States: Readonly<Record<string, State>>;
};

const definition = deployed('defaults').definition() as Definition;

/** Every state with its name, those of the map included. */
function statesOf(states: Readonly<Record<string, State>>): [string, State][] {
  return Object.entries(states).flatMap(([name, state]) => [
    [name, state],
    ...statesOf(state.ItemProcessor?.States ?? {}),
  ]);
}

/** The definition with a valid ARN in place of each function's logical id. */
function withArns(machine: Definition): StateMachine {
  const text = JSON.stringify(machine).replaceAll(
    /"Resource":"\w+"/g,
    '"Resource":"arn:aws:lambda:us-east-1:111111111111:function:any"',
  );
  return JSON.parse(text) as StateMachine;
}

describe('state machine', () => {
  const tasks = statesOf(definition.States).filter(([, { Type }]) => Type === 'Task');

  test('the definition matches the snapshot', () => {
    expect(definition).toMatchSnapshot();
  });

  test('the definition is valid Amazon States Language', () => {
    const { isValid, errors } = aslValidator(withArns(definition));
    expect(errors).toEqual([]);
    expect(isValid).toBe(true);
  });

  test('the validator rejects a step that leads to no state', () => {
    expect(aslValidator(withArns({ ...definition, StartAt: 'Nowhere' })).isValid).toBe(false);
  });

  test('every step of the pipeline calls a function', () => {
    expect(tasks.map(([name]) => name).sort()).toEqual(Object.values(STEPS).sort());
  });

  test('every step retries transient errors and no others', () => {
    expect(tasks).toHaveLength(4);
    for (const [, { Retry }] of tasks) {
      expect(Retry?.flatMap(({ ErrorEquals }) => ErrorEquals)).toEqual(TRANSIENT_ERRORS);
    }
  });

  test('after the months of a page, the run plans again while months are left', () => {
    expect(definition.States.Months).toMatchObject({ Next: 'HasMonthsLeft' });
    expect(definition.States.HasMonthsLeft).toMatchObject({
      Choices: [{ Variable: '$.plan.left', NumericGreaterThan: 0, Next: 'PlanMonths' }],
      Default: 'FinishRun',
    });
  });

  test('a run ends before the lease of its lock', () => {
    expect(definition.TimeoutSeconds).toBeLessThan(LEASE_HOURS * 3_600);
  });
});
