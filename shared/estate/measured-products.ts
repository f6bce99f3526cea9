/** Services that can be split by what was used of them instead of its list cost. */
export const MEASURED_PRODUCTS = ['AmazonEC2', 'AmazonS3'] as const;
