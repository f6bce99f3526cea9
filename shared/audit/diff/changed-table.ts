/** What changed in a table between two estates: lines as `column=value`, the first hundred of each. */
export interface ChangedTable {
  readonly table: string;
  readonly removed: number;
  readonly added: number;
  readonly removedRows: readonly string[];
  readonly addedRows: readonly string[];
}
