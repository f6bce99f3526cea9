import { CfnResource } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { CarbonError } from '../shared/base/carbon-error';

/**
 * Suppresses findings of checkov about a resource. checkov reads them from the metadata of the template.
 *
 * @param reasons why each finding is not fixed, by the id of the check
 */
export function suppressChecks(construct: Construct, reasons: Readonly<Record<string, string>>): void {
  const resource = construct.node.defaultChild;
  if (!CfnResource.isCfnResource(resource)) {
    throw new CarbonError('usage', `${construct.node.path}: found no resource, expected one with findings`);
  }
  const skip = Object.entries(reasons).map(([id, comment]) => ({ id, comment }));
  resource.addMetadata('checkov', { skip });
}
