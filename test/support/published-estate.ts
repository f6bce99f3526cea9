import { join } from 'node:path';
import { EstateFolder } from './estate-folder';
import { monthlyEstate } from './estates/monthly-estate';
import { copyFolder } from './folder-contents';
import { runEstate } from './run-command';

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
    places.inputs = EstateFolder.of(monthlyEstate(), join(folder(), 'inputs')).path;
    places.published = folder();
    expect((await runEstate(places.inputs, places.published)).code).toBe(0);
  });
  return {
    get inputs() {
      return places.inputs;
    },
    get published() {
      return places.published;
    },
    again: () => ({
      estate: new EstateFolder(copyFolder(places.inputs, folder())),
      out: copyFolder(places.published, folder()),
    }),
  };
}
