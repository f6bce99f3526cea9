import { z } from 'zod';
import { defined } from '../base/defined';
import { parseJson } from '../base/json';
import type { KnownManifests } from '../estate/known-manifests';
import { type ObjectStore, type StoredObject, versionOf } from '../stores/object-store';
import { type ExportMonth, monthOfStateKey, stateIndexKey, stateKey, statePrefix } from './layout';
import { type MonthState, readState, stateSchema } from './month-state';

/*
 * Every month has an object for its state, so that months are computed at the same time. The index has copies of all of
 * them, with the version that the store lists, and what inputs were listed: a run with nothing to do makes one listing and
 * reads one object, whatever the length of the history. Versions of files differ between copies of a folder, so they are in
 * the index alone: the states are the same for the same inputs. The index may be lost: everything is then read again.
 */

const indexSchema = z.object({
  /** By the key of the state. */
  months: z.record(
    z.string(),
    z.object({
      /** Version of the object; absent where the file was written just now. */
      version: z.string().exactOptional(),
      state: stateSchema,
      /** Digest of the list of files with which the month was done, where the inputs are in a folder. */
      files: z.string().exactOptional(),
    }),
  ),
  /** Digest of the listed accounts and snapshots when they were compared, and the difference. */
  organization: z.object({ listing: z.string(), note: z.string().exactOptional() }).exactOptional(),
  /** What manifests of the inputs' deliveries name, by key. */
  manifests: z
    .record(z.string(), z.object({ version: z.string(), files: z.array(z.string()).readonly() }))
    .exactOptional(),
});

type StateIndex = z.infer<typeof indexSchema>;

/** What a comparison of the listed accounts with the snapshots led to. */
export type ComparedOrganization = NonNullable<StateIndex['organization']>;

/** What the index gets beside the states. */
export interface IndexContent {
  /** Digest of the files that a month was brought up to date with; undefined where it is not known. */
  readonly filesOf?: (state: MonthState) => string | undefined;
  /** @default - the one that is stored */
  readonly organization?: ComparedOrganization | undefined;
  /** @default - those that are stored */
  readonly manifests?: KnownManifests;
}

async function readIndex(
  store: ObjectStore,
  exportName: string,
): Promise<{ readonly index: StateIndex; readonly stored: string }> {
  const content = await store.get(stateIndexKey(exportName));
  const index = content && parseJson(content.body, indexSchema);
  return { index: index ?? { months: {} }, stored: content?.body.toString('utf8') ?? '' };
}

/** Returns what manifests of the inputs' deliveries name, as far as runs of this export read them. */
export async function knownManifests(store: ObjectStore, exportName: string): Promise<KnownManifests> {
  return (await readIndex(store, exportName)).index.manifests ?? {};
}

/** A state, and the version of its object where the store lists one. */
interface VersionedState {
  readonly state: MonthState;
  readonly version: string | undefined;
}

/** The states of an export. */
export class MonthStates {
  private constructor(
    private readonly exportName: string,
    private readonly states: ReadonlyMap<string, VersionedState>,
    private readonly index: StateIndex,
    private readonly stored: string,
  ) {}

  /**
   * Reads the states whose copies are missing or older.
   *
   * @param objects the listed states, and others of the export; @default - they are listed
   */
  static async read(
    store: ObjectStore,
    exportName: string,
    objects?: readonly StoredObject[],
  ): Promise<MonthStates> {
    const { index, stored } = await readIndex(store, exportName);
    const states = new Map<string, VersionedState>();
    for (const object of objects ?? (await store.list(statePrefix(exportName)))) {
      const at = monthOfStateKey(object.key);
      if (at === undefined || object.key !== stateKey(exportName, at)) continue;
      const version = versionOf(object);
      const copy = index.months[object.key];
      const isCopied = version !== undefined && copy?.version === version;
      const state = isCopied ? copy.state : await readState(store, exportName, at);
      if (state !== undefined) states.set(object.key, { state, version });
    }
    return new MonthStates(exportName, states, index, stored);
  }

  /** Returns the state of a month, or undefined where it is missing or unreadable. */
  of(at: ExportMonth): MonthState | undefined {
    return this.states.get(stateKey(this.exportName, at))?.state;
  }

  /** Returns all states, ordered by version and month. */
  all(): MonthState[] {
    return [...this.states.values()].map(({ state }) => state);
  }

  /** Returns true where a month was done with exactly the files that are listed now. */
  isOfFiles(state: MonthState, files: string | undefined): boolean {
    return files !== undefined && this.knownFiles(state) === files;
  }

  /** What the last comparison of the accounts led to. */
  get organization(): ComparedOrganization | undefined {
    return this.index.organization;
  }

  /** What manifests of the inputs' deliveries name, as far as they were read before. */
  get manifests(): KnownManifests {
    return this.index.manifests ?? {};
  }

  /** Stores the index, unless it is stored. */
  async keep(store: ObjectStore, content: IndexContent = {}): Promise<void> {
    const { organization = this.index.organization, manifests = this.manifests } = content;
    const months: StateIndex['months'] = {};
    for (const [key, { state, version }] of this.states) {
      const files = this.filesOf(state, content);
      if (version === undefined && files === undefined) continue;
      months[key] = { ...defined({ version }), state, ...defined({ files }) };
    }
    const index = {
      ...(Object.keys(months).length > 0 && { months }),
      ...defined({ organization }),
      ...(Object.keys(manifests).length > 0 && { manifests }),
    };
    const text = `${JSON.stringify({ months: {}, ...index })}\n`;
    if (Object.keys(index).length > 0 && text !== this.stored)
      await store.put(stateIndexKey(this.exportName), text);
  }

  private filesOf(state: MonthState, { filesOf }: IndexContent): string | undefined {
    const isDone = state.status === 'done' && state.fingerprint !== undefined;
    return (isDone ? filesOf?.(state) : undefined) ?? this.knownFiles(state);
  }

  private knownFiles(state: MonthState): string | undefined {
    const known = this.index.months[stateKey(this.exportName, state)];
    const isSame = state.status === 'done' && known?.state.status === 'done';
    return isSame && known.state.fingerprint === state.fingerprint ? known.files : undefined;
  }
}
