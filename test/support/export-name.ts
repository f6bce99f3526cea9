/** Name of the export in tests. */
export const EXPORT_NAME = 'carbon';
