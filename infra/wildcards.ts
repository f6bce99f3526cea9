import { Stack, Validations } from 'aws-cdk-lib';
import type { PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';

const REASONS = {
  any: 'Organizations, X-Ray and the delivery of logs accept no resource for these actions; docs/iam.md lists each.',
  below: 'All objects under one prefix of one bucket: keys contain the month, and every month adds new ones.',
  tables: 'All tables of a database that contains only temporary tables of months that are being computed.',
};

/**
 * Acknowledges each wildcard resource of a role's statements separately, so that cdk-nag still finds any other wildcard
 * of the role.
 */
export function acknowledgeWildcards(role: Role, statements: readonly PolicyStatement[]): void {
  const resources = new Set(statements.flatMap((statement) => statement.resources));
  const stack = Stack.of(role);
  for (const resource of resources) {
    const text = asFound(stack.resolve(resource));
    if (!text.includes('*')) continue;
    Validations.of(role).acknowledge({
      id: `AwsSolutions::AwsSolutions-IAM5[Resource::${text}]`,
      reason: reasonFor(text),
    });
  }
}

function reasonFor(resource: string): string {
  if (resource === '*') return REASONS.any;
  return resource.includes(':table/') ? REASONS.tables : REASONS.below;
}

/** Returns a resource as cdk-nag's findings spell it: references in angle brackets, imports by their name. */
function asFound(resolved: unknown): string {
  if (typeof resolved === 'string') return resolved;
  if (typeof resolved !== 'object' || resolved === null) return '';
  if ('Ref' in resolved) return `<${String(resolved.Ref)}>`;
  if ('Fn::ImportValue' in resolved) return String(resolved['Fn::ImportValue']);
  if (!('Fn::Join' in resolved) || !Array.isArray(resolved['Fn::Join'])) return '';
  const parts: unknown = resolved['Fn::Join'][1];
  return Array.isArray(parts) ? parts.map(asFound).join('') : '';
}
