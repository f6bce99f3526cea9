/** Files of an estate by their path. */
export type EstateFiles = Map<string, Buffer>;

/** A way to break an estate. */
export interface Breakage {
  readonly name: string;
  /** Changes the files in memory. */
  readonly apply: (files: EstateFiles) => void;
  /** Changes the folder that the files were written to. */
  readonly onDisk?: (inputs: string, files: EstateFiles) => void;
}
