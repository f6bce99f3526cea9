declare const brand: unique symbol;

/** A value of T that was checked to be a Name. TypeScript keeps it apart from other values of T; at run time it is a T. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };
