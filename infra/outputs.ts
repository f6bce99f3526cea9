import { CfnOutput, type Stack } from 'aws-cdk-lib';

/** A value that an operator needs after a deployment, and what it is needed for. */
export interface OutputValue {
  readonly value: string;
  readonly description: string;
}

/** Adds values to the stack's outputs, which `cdk deploy` prints. */
export function createOutputs(stack: Stack, values: Readonly<Record<string, OutputValue>>): void {
  for (const [name, output] of Object.entries(values)) new CfnOutput(stack, name, { ...output });
}
