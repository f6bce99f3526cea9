import { statementsByRole } from '../infra/statements';
import type { Deployment } from '../support/deployment';
import type { SeenRequest } from './fault-proxy';

/** Services whose operations are named in a header. */
const SERVICES: Readonly<Record<string, string>> = {
  AWSGlue: 'glue',
  AWSOrganizationsV20161128: 'organizations',
};

/** What a function asked a service for. */
export interface Call {
  readonly step: string;
  readonly action: string;
  /** ARN of a bucket or an object; undefined where the action alone is checked. */
  readonly resource?: string;
}

/** Returns the call that a request is; undefined for requests of other services. */
export function callOf({ caller, method, url, target }: SeenRequest): Call | undefined {
  const [service = '', operation = ''] = target.split('.');
  if (target !== '') {
    const prefix = SERVICES[service];
    return prefix === undefined ? undefined : { step: caller, action: `${prefix}:${operation}` };
  }
  const [path = '', query = ''] = url.split('?');
  const [, bucket = '', ...key] = path.split('/').map(decodeURIComponent);
  const arn = `arn:aws:s3:::${bucket}`;
  if (bucket === '') return undefined;
  if (key.join('/') === '') return { step: caller, action: 's3:ListBucket', resource: arn };
  const action =
    method === 'DELETE' ? (query.includes('uploadId=') ? 's3:AbortMultipartUpload' : 's3:DeleteObject') : '';
  const writes = method === 'PUT' || method === 'POST';
  return {
    step: caller,
    action: action || (writes ? 's3:PutObject' : 's3:GetObject'),
    resource: `${arn}/${key.join('/')}`,
  };
}

/** Returns the calls that the roles of the functions do not allow: the servers of the tests allow everything. */
export function forbidden(deployment: Deployment, calls: readonly Call[]): string[] {
  const roles = statementsByRole(deployment);
  const denied = calls.filter(({ step, action, resource }) => {
    const statements = (roles.get(step) ?? []).filter(({ Action }) => Action.includes(action));
    if (resource === undefined) return statements.length === 0;
    return !statements.some(({ Resource }) => Resource.some((pattern) => matches(pattern, resource)));
  });
  return [...new Set(denied.map(({ step, action, resource }) => [step, action, resource].join(' ')))];
}

function matches(pattern: string, arn: string): boolean {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(arn);
}
