/** Columns of a FOCUS 1.x cost-and-usage export that usage is taken from, the cost column apart, which is a setting. */
export const FOCUS_COLUMNS = [
  'SubAccountId',
  'RegionId',
  'ServiceName',
  'ChargeCategory',
  'ConsumedQuantity',
  'ConsumedUnit',
  'ChargePeriodStart',
] as const;

/** Tells whose service a line is; where it is missing, every line counts. */
export const FOCUS_PROVIDER_COLUMN = 'ProviderName';
