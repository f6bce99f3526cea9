import { breakdownProblems } from './breakdown-problems';
import type { Settings } from './settings-schema';

/** Returns what is wrong with settings that are valid one by one but contradict each other; each starts with its name. */
export function problemsBetweenSettings(settings: Settings): string[] {
  return [
    ...monthProblems(settings),
    ...inputProblems(settings),
    ...organizationProblems(settings),
    ...awsTotalsProblems(settings),
    ...breakdownProblems(settings).map((problem) => `by: ${problem}`),
  ];
}

function monthProblems({ months, from }: Settings): string[] {
  if (months === undefined || from === undefined) return [];
  return [`from: found "${from}" and months ${String(months)}, expected only one of them`];
}

function inputProblems({ inputs: { keyArn, bucket } }: Settings): string[] {
  if (keyArn === undefined || bucket !== undefined) return [];
  return ['inputs.keyArn: found a key without inputs.bucket, expected the bucket that uses the key'];
}

function organizationProblems({ organizations, internalAccounts }: Settings): string[] {
  const { roleArn, roleArns = [], externalId, readTags } = organizations;
  const problems: string[] = [];
  if (Object.keys(internalAccounts.tags).length > 0 && !readTags) {
    problems.push('internalAccounts.tags: found tags, expected organizations.readTags to be true');
  }
  if (roleArn !== undefined && roleArns.length > 0) {
    problems.push('organizations.roleArns: found also roleArn, expected only one of them');
  }
  if (externalId !== undefined && roleArn === undefined && roleArns.length === 0) {
    problems.push(
      'organizations.externalId: found an external id without a role, expected roleArn or roleArns',
    );
  }
  if (new Set(roleArns).size < roleArns.length) {
    problems.push('organizations.roleArns: found a role twice, expected each role once');
  }
  return problems;
}

/** Settings that decide how totals are computed have no effect on AWS's totals. */
function awsTotalsProblems(settings: Settings): string[] {
  if (settings.awsTotals === undefined) return [];
  const { modelVersion, productDetail, internalAccounts } = settings;
  const { ids, ouPaths, tags } = internalAccounts;
  const isSet = {
    modelVersion: modelVersion !== undefined,
    productDetail: productDetail !== 'all',
    internalAccounts: ids.length + ouPaths.length + Object.keys(tags).length > 0,
  };
  return Object.entries(isSet)
    .filter(([, given]) => given)
    .map(([name]) => `${name}: found a value together with awsTotals, expected one of the two; remove one`);
}
