import { join } from 'node:path';
import { copyOf, EstateFolder, estateOf, runTiny } from './tiny-run';

/** The tiny estate, and what a run has published of it. */
export interface PublishedEstate {
  readonly inputs: string;
  readonly published: string;
  /** Copies of both that a test may spoil. */
  again(): { estate: EstateFolder; out: string };
}

/**
 * The tiny estate and what a run publishes of it, made once before the tests of a file.
 *
 * @param folder makes new folders
 */
export function publishedEstate(folder: () => string): PublishedEstate {
  const places = { inputs: '', published: '' };
  beforeAll(async () => {
    places.inputs = EstateFolder.of(estateOf(), join(folder(), 'inputs')).path;
    places.published = folder();
    expect((await runTiny(places.inputs, places.published)).code).toBe(0);
  });
  return {
    get inputs() {
      return places.inputs;
    },
    get published() {
      return places.published;
    },
    again: () => ({
      estate: new EstateFolder(copyOf(places.inputs, folder())),
      out: copyOf(places.published, folder()),
    }),
  };
}
