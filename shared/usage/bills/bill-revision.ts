/** Raised whenever lines of bills are read as other usage than before: months with bills are then computed again. */
export const BILL_REVISION = 2;
