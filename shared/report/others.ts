/** The member of a dimension that holds everything folded. */
export const OTHERS = -1;
