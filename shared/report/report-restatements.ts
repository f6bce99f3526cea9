import { replacedManifests } from '../exports/history';
import { exportHistoryPrefix } from '../exports/layout';
import type { Manifest } from '../exports/manifest';
import { summaryOf } from '../exports/manifest-summary';
import { restatementOf } from '../exports/restatement';
import type { ObjectStore } from '../stores/object-store';
import type { ReportData, ReportPair } from './report-data';
import type { PlacedManifest } from './report-rows';

/** Restatements that the page has: the newest ones. */
const SHOWN_RESTATEMENTS = 200;

/** Returns each replacement of a published month with what changed and because of which inputs. */
export async function reportRestatements(
  exports: ObjectStore,
  exportName: string,
  months: readonly PlacedManifest[],
): Promise<ReportData['restatements']> {
  if ((await exports.list(exportHistoryPrefix(exportName))).length === 0) return [];
  const found: ReportData['restatements'] = [];
  for (const { manifest: present } of months) {
    const at = { month: present.usagePeriod, modelVersion: present.modelVersion };
    const replaced = await replacedManifests(exports, exportName, at);
    const all = [...replaced.filter(({ executionId }) => executionId !== present.executionId), present];
    for (const [index, after] of all.entries()) {
      const before = all[index - 1];
      if (before !== undefined) found.push(entryOf(before, after));
    }
  }
  return found.sort((a, b) => (a.to < b.to ? -1 : a.to > b.to ? 1 : 0)).slice(-SHOWN_RESTATEMENTS);
}

function entryOf(before: Manifest, after: Manifest): ReportData['restatements'][number] {
  const { because, estimatedTurnedActual } = restatementOf(before, after, undefined);
  return {
    ...{ month: after.usagePeriod, version: after.modelVersion, from: before.asOf, to: after.asOf },
    because: [...because],
    ...{ before: totalsOf(before), after: totalsOf(after), turnedActual: estimatedTurnedActual.length },
  };
}

function totalsOf(manifest: Manifest): ReportPair {
  const { totalLbm, totalMbm } = summaryOf(manifest);
  return { lbm: totalLbm ?? null, mbm: totalMbm };
}
