/** Settings of an estate that a caller may override. */
export interface EstateOverrides {
  readonly padAccountIds?: boolean;
}
