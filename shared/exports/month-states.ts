import { z } from 'zod';
import { parseJson } from '../base/json';
import type { ObjectStore } from '../stores/object-store';
import { type ExportMonth, monthOfStateKey, stateIndexKey, stateKey, statePrefix } from './layout';
import { type MonthState, readState, stateSchema } from './month-state';

/*
 * Every month has an object for its state, so that months are computed at the same time. One object more has copies of all of
 * them, with the version that the store lists: a run with nothing to do makes one listing and reads one object, whatever the
 * length of the history.
 */

const indexSchema = z.record(z.string(), z.object({ version: z.string(), state: stateSchema }));

type StateIndex = z.infer<typeof indexSchema>;

/** The states of an export. */
export class MonthStates {
  private constructor(
    private readonly exportName: string,
    private readonly states: ReadonlyMap<string, MonthState>,
    private readonly index: StateIndex,
    private readonly isCurrent: boolean,
  ) {}

  /** Reads the states whose copies are missing or older. */
  static async read(store: ObjectStore, exportName: string): Promise<MonthStates> {
    const stored = await store.get(stateIndexKey(exportName));
    const copies = (stored && parseJson(stored.body, indexSchema)) ?? {};
    const states = new Map<string, MonthState>();
    const index: StateIndex = {};
    let isCurrent = true;
    for (const { key, version } of await store.list(statePrefix(exportName))) {
      const at = monthOfStateKey(key);
      if (at === undefined) continue;
      const copy = copies[key];
      const isCopied = version !== undefined && copy?.version === version;
      const state = isCopied ? copy.state : await readState(store, exportName, at);
      isCurrent &&= isCopied;
      if (state === undefined) continue;
      states.set(key, state);
      if (version !== undefined) index[key] = { version, state };
    }
    return new MonthStates(exportName, states, index, isCurrent);
  }

  /** Returns the state of a month, or undefined where it is missing or unreadable. */
  of(at: ExportMonth): MonthState | undefined {
    return this.states.get(stateKey(this.exportName, at));
  }

  /** Returns all states, ordered by version and month. */
  all(): MonthState[] {
    return [...this.states.values()];
  }

  /** Stores the copies, unless they are stored. A store without versions for all of them has no use for copies. */
  async keep(store: ObjectStore): Promise<void> {
    if (this.isCurrent || Object.keys(this.index).length < this.states.size) return;
    await store.put(stateIndexKey(this.exportName), `${JSON.stringify(this.index)}\n`);
  }
}
