/**
 * A value of T that was checked to be a Name. TypeScript keeps it apart from other values of T; at run time it is a T. The
 * key is a text: declaration files could not name a symbol.
 */
export type Brand<T, Name extends string> = T & { readonly '~brand': Name };
