import { z } from 'zod';
import type { Deployment } from '../support/deployment';

const oneOrMany = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());

const statementSchema = z.object({
  Effect: z.enum(['Allow', 'Deny']),
  Action: oneOrMany,
  Resource: oneOrMany.default([]),
  Principal: z.unknown().optional(),
  Condition: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
});

const documentSchema = z.object({ Statement: z.array(statementSchema) });

/** A statement of a policy, with lists wherever IAM allows a single value. */
export type Statement = z.infer<typeof statementSchema>;

/** Returns the statements of a policy document. */
export function statementsIn(document: unknown): Statement[] {
  return documentSchema.parse(document).Statement;
}

/** Returns the statements of every role's policy by the name of its function or its own name. */
export function statementsByRole(deployment: Deployment): Map<string, Statement[]> {
  return new Map(
    deployment
      .resources('AWS::IAM::Policy')
      .map(({ id, properties }) => [
        id.replace(/(?:Function)?Role.*$/, ''),
        statementsIn(properties.PolicyDocument),
      ]),
  );
}

/** Returns the statements of all roles' policies. */
export function allStatements(deployment: Deployment): Statement[] {
  return [...statementsByRole(deployment).values()].flat();
}

/** Returns a statement in one line, as the snapshot records it. */
export function describeStatement({ Effect, Action, Resource, Principal, Condition }: Statement): string {
  const who = Principal === undefined ? '' : ` ${JSON.stringify(Principal)}`;
  const on = Resource.length === 0 ? '' : ` on ${Resource.join(', ')}`;
  const when = Condition === undefined ? '' : ` if ${JSON.stringify(Condition)}`;
  return `${Effect}${who} ${Action.join(', ')}${on}${when}`;
}
