/** What a row of the export shows of a service: its own code, or the product group of AWS's tool. */
export const PRODUCT_DETAILS = ['all', 'ccft'] as const;

/** One of the {@link PRODUCT_DETAILS}. */
export type ProductDetail = (typeof PRODUCT_DETAILS)[number];
