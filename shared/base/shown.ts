/** How many items of a kind are kept or shown; all items are counted. */
export const SHOWN = {
  /** Problems of the inputs of a month in its error. */
  inputProblems: 100,
  /** Lines or rows of a file with problems of one kind. */
  lines: 100,
  /** Accounts in a manifest that are unknown or that two inputs do not share. */
  accounts: 100,
  /** Services of a bill in a manifest, by their cost. */
  services: 10,
  /** Examples in a sentence. */
  examples: 5,
  /** Characters of a value that was found in an input. */
  characters: 80,
  /** Problems of a verified month that are kept in words. */
  problems: 1_000,
  /** Problems of a verified month in the assurance statement. */
  differences: 100,
  /** Removed and added rows of an input that a diff lists, each. */
  changedRows: 100,
  /** Usage lines that an explanation lists per service and file. */
  usageLines: 5,
  /** Records of the inputs at a line of an explanation. */
  places: 3,
  /** Rows of an account that are explained in the terminal; more are only listed. */
  explainedRows: 3,
} as const;
