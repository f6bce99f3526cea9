import { createInterface } from 'node:readline/promises';
import { BCMDataExportsClient } from '@aws-sdk/client-bcm-data-exports';
import { CarbonError } from '../shared/base/carbon-error';
import { errorMessage } from '../shared/base/error-info';
import { findExports, type FoundExport } from '../shared/compute/aws-totals/find-exports';
import { TABLE_FILE } from '../shared/estate/data-export-layout';
import { withSession } from '../shared/sql/duck-session';
import { openStore } from '../shared/stores/open-store';
import { type DeliveredTable, deliveredTableOf } from '../shared/usage/column-names';
import { scanContent } from '../shared/usage/lines/duck-engine';
import type { InitPorts } from './choose-sources';

/** Data Exports is a service of one Region; its buckets can be in any Region. */
const DATA_EXPORTS_REGION = 'us-east-1';

/** Reads the columns of the smallest file at a location. */
async function lookAt(location: string, scratch: string): Promise<DeliveredTable | 'unknown' | undefined> {
  try {
    const store = await openStore(location, scratch);
    const files = (await store.list('')).filter(({ key }) => TABLE_FILE.test(key));
    const [smallest] = files.sort((a, b) => a.size - b.size);
    if (smallest === undefined) return undefined;
    const copy = await store.localCopy(smallest.key);
    return await withSession({}, async (session) => {
      const { header, types } = await scanContent(session, smallest.key, copy.path);
      return deliveredTableOf(header ?? types?.keys() ?? []) ?? 'unknown';
    });
  } catch (error) {
    throw new CarbonError('usage', `${location}: cannot be read (${errorMessage(error)})`);
  }
}

/** Returns what `init` needs, from AWS, the file system and the terminal; without a terminal no one is asked. */
export function portsOfProcess(scratch: string): InitPorts {
  const find = (): Promise<FoundExport[]> =>
    findExports(new BCMDataExportsClient({ region: DATA_EXPORTS_REGION }));
  const look = (location: string): ReturnType<InitPorts['look']> => lookAt(location, scratch);
  if (!process.stdin.isTTY) return { find, look };
  const ask = async (question: string): Promise<string> => {
    const lines = createInterface({ input: process.stdin, output: process.stdout });
    try {
      return await lines.question(question);
    } finally {
      lines.close();
    }
  };
  return { find, look, ask };
}
