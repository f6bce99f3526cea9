import { z } from 'zod';
import { defined } from '../shared/base/defined';

/** ARN of a role that the function assumes to read an organization. */
export const roleArnSchema = z
  .string()
  .regex(
    /^arn:[a-z-]+:iam::\d{12}:role\/./,
    'expected the ARN of an IAM role: arn:aws:iam::<account>:role/<name>',
  );

const rolesSchema = z.array(roleArnSchema).min(1);

/** Reads the variable that lists the roles as JSON; none where the function's own role reads the organization it is in. */
export function rolesToAssume(text: string | undefined): readonly string[] {
  return text === undefined ? [] : rolesSchema.parse(JSON.parse(text));
}

/** Returns the request to assume a role, with the external id where the role asks for one. */
export function roleRequest(
  roleArn: string,
  externalId: string | undefined,
): { RoleArn: string; ExternalId?: string } {
  return { RoleArn: roleArn, ...defined({ ExternalId: externalId }) };
}
