import type { FunctionSettings } from '../lambdas/function-settings';
import { defined } from '../shared/base/defined';
import { CARBON_TABLE } from '../shared/compute/aws-totals/carbon-columns';
import { breakdownExportName, breakdownText } from '../shared/exports/breakdown';
import { companionName } from '../shared/exports/columns';
import { countsScope3 } from '../shared/method/model-version';
import type { Settings } from './settings';
import { type Location, uriOf } from './storage-stack';

/** Returns where AWS delivers its exports, by the folder of the inputs under which the functions read them. */
export function deliveriesOf({ awsTotals }: Settings): ReadonlyMap<string, Location> {
  if (awsTotals === undefined) return new Map();
  const { carbon, bills } = awsTotals;
  const locationOf = ({ bucket, prefix, keyArn }: Omit<typeof carbon, 'table'>): Location => ({
    bucketName: bucket,
    prefix,
    ...defined({ keyArn }),
  });
  const locations = new Map([[CARBON_TABLE, locationOf(carbon)]]);
  if (bills !== undefined) locations.set(bills.table, locationOf(bills));
  return locations;
}

/**
 * Returns the names of all exports of a deployment: the one without a breakdown, its companion where the model version
 * counts Scope 3, and one per breakdown.
 */
export function exportNamesOf(settings: Settings): string[] {
  const { exportName, by } = settings;
  return [
    exportName,
    ...(hasScope3(settings) ? [companionName(exportName)] : []),
    ...by.map((breakdown) => breakdownExportName(exportName, breakdown)),
  ];
}

/** Returns true where months are computed in a model version with Scope 3. */
export function hasScope3({ modelVersion, awsTotals }: Settings): boolean {
  return awsTotals === undefined && countsScope3(modelVersion);
}

/** Returns the settings that the functions read from their environment. */
export function functionSettings(settings: Settings): FunctionSettings {
  const { exportName, format, productDetail, engine, internalAccounts, awsTotals, strict, report } = settings;
  const { months, from, modelVersion } = settings;
  const sources = Object.fromEntries([...deliveriesOf(settings)].map(([table, at]) => [table, uriOf(at)]));
  return {
    ...{ exportName, format, productDetail, engine, internalAccounts, strict, report },
    by: settings.by.map(breakdownText),
    readTags: settings.organizations.readTags,
    selection: defined({ months, from, modelVersion }),
    ...defined({ awsTotals: awsTotals && { sources } }),
  };
}
