import { tmpdir } from 'node:os';
import { CarbonError } from '../shared/base/carbon-error';
import { defined } from '../shared/base/defined';
import { makeScratch, removeScratch } from '../shared/base/stopping';
import { type ExportSettings, withBreakdowns } from '../shared/exports/export-settings';
import { findModelVersion } from '../shared/method/model-version';
import type { ListingRequest } from '../shared/runs/month-listing';
import type { StepEvent } from '../shared/runs/run-event';
import type { MonthSelection } from '../shared/runs/month-versions';
import { MountedStore } from '../shared/stores/mounted-store';
import type { InputStore } from '../shared/stores/object-store';
import { parseS3Location } from '../shared/stores/open-store';
import { s3Client } from '../shared/stores/s3-client';
import { S3Store } from '../shared/stores/s3-store';
import { type DeployedSettings, functionSettingsSchema } from './function-settings';
import { requireEnv } from './require-env';
import { tracer } from './telemetry';
import { VARIABLES } from './variables';

/** A function's settings and stores, and a scratch folder for one invocation. */
export interface Environment {
  readonly settings: DeployedSettings;
  /** The stores, and the export that is not broken down. */
  readonly stores: ListingRequest;
  /** Every export of the deployment: that one, and those that hold its rows broken down. */
  readonly everyExport: readonly ExportSettings[];
  readonly scratch: string;
}

/** One client for all invocations of a sandbox. */
const s3 = tracer.captureAWSv3Client(s3Client());

/** Calls `work` with the environment and removes the scratch folder afterwards. */
export async function withEnvironment<T>(work: (environment: Environment) => Promise<T>): Promise<T> {
  const settings = functionSettingsSchema.parse(JSON.parse(requireEnv(VARIABLES.settings)));
  const { exportName, format, productDetail, internalAccounts, awsTotals } = settings;
  const scratch = await makeScratch(tmpdir());
  try {
    const stores: ListingRequest = {
      inputs: inputsAt(requireEnv(VARIABLES.inputs), awsTotals?.sources ?? {}, scratch),
      exports: storeAt(requireEnv(VARIABLES.exports), scratch),
      settings: {
        ...{ exportName, format, productDetail, internalAccounts },
        ...(awsTotals === undefined ? {} : { totals: 'aws' }),
      },
    };
    return await work({
      settings,
      stores,
      everyExport: withBreakdowns(stores.settings, settings.by),
      scratch,
    });
  } finally {
    await removeScratch(scratch);
  }
}

/** Returns the months of an execution's input, or those of the settings. */
export function selectionOf({ selection }: DeployedSettings, { state }: StepEvent): MonthSelection {
  const from = state.from ?? selection.from;
  const to = state.to ?? selection.to;
  const model = selection.modelVersion === undefined ? undefined : findModelVersion(selection.modelVersion);
  return {
    ...defined({ months: selection.months, from, to, model }),
  };
}

function inputsAt(location: string, sources: Readonly<Record<string, string>>, scratch: string): InputStore {
  const own = storeAt(location, scratch);
  const mounts = Object.entries(sources).map(([folder, at]) => [folder, storeAt(at, scratch)] as const);
  return mounts.length === 0 ? own : new MountedStore(own, new Map(mounts));
}

/** Returns the store at a location in S3. */
export function storeAt(location: string, scratch: string): S3Store {
  const place = parseS3Location(location);
  if (place === undefined)
    throw new CarbonError('usage', `found location ${location}, expected s3://bucket/prefix`);
  return new S3Store({ client: s3, ...place, scratch });
}
