/** The catalog: tables, views and named queries, for Glue and Athena as for the local command. */
export { glueTables, glueViews } from './glue';
export type { CatalogOptions, GlueColumn, GlueTable } from './glue';
export { namedQueries, QueryParameterError } from './named-queries';
export type { NamedQuery, QueryParameter } from './named-queries';
export { ACCOUNTS, CARBON_EMISSIONS, CARBON_EMISSIONS_CSV } from './tables';
export type { CatalogTable } from './tables';
export { views } from './views';
export type { CatalogView } from './views';
