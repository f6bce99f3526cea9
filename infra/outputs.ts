import { CfnOutput, type Stack } from 'aws-cdk-lib';

/** Adds values that an operator needs after a deployment to the stack's outputs, which `cdk deploy` prints. */
export function createOutputs(stack: Stack, values: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(values)) new CfnOutput(stack, name, { value });
}
