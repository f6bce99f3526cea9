import { Aws } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

/** The AWS services that assume roles, each with the resource for which it does, where the service reports one. */
const SERVICES = {
  lambda: undefined,
  states: 'stateMachine:*',
  scheduler: 'schedule-group/default',
} as const;

/** Returns the conditions under which an AWS service acts for this account, or for the given resource of it only. */
export function onBehalfOf(sourceArn?: string): Record<string, Record<string, string>> {
  const account = { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } };
  return sourceArn === undefined ? account : { ...account, ArnLike: { 'aws:SourceArn': sourceArn } };
}

/** Returns the ARN of a resource of this account in this Region. */
export function arnOf(service: string, resource: string): string {
  return `arn:${Aws.PARTITION}:${service}:${Aws.REGION}:${Aws.ACCOUNT_ID}:${resource}`;
}

/** Creates a role that a service may assume on behalf of this account only, which prevents the confused deputy problem. */
export function createServiceRole(scope: Construct, id: string, service: keyof typeof SERVICES): Role {
  const resource = SERVICES[service];
  const conditions = onBehalfOf(resource && arnOf(service, resource));
  return new Role(scope, id, {
    assumedBy: new ServicePrincipal(`${service}.amazonaws.com`, { conditions }),
  });
}
