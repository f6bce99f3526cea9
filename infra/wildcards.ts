import { Stack, Validations } from 'aws-cdk-lib';
import type { PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';

const REASONS = {
  any: 'Organizations, X-Ray and the delivery of logs name no resources for these actions; docs/iam.md lists each.',
  below: 'All objects below one prefix of one bucket: keys are months, and new ones come every month.',
  tables: 'All tables of a database that holds nothing but those of months that are being computed.',
};

/**
 * Acknowledges the wildcard resources of a role's statements, each by itself, so that one that nobody wrote on purpose
 * is still found.
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

/** A resource as cdk-nag writes it in its findings: references in angle brackets, imports by their name. */
function asFound(resolved: unknown): string {
  if (typeof resolved === 'string') return resolved;
  if (typeof resolved !== 'object' || resolved === null) return '';
  if ('Ref' in resolved) return `<${String(resolved.Ref)}>`;
  if ('Fn::ImportValue' in resolved) return String(resolved['Fn::ImportValue']);
  if (!('Fn::Join' in resolved) || !Array.isArray(resolved['Fn::Join'])) return '';
  const parts: unknown = resolved['Fn::Join'][1];
  return Array.isArray(parts) ? parts.map(asFound).join('') : '';
}
