/** The part of asl-validator 4 that is used here; the package ships no types. */
declare module 'asl-validator' {
  export type StateMachine = Readonly<Record<string, unknown>>;

  export default function aslValidator(definition: StateMachine): {
    readonly isValid: boolean;
    readonly errors: readonly unknown[];
  };
}
