/** The same words in another language: every name of the English ones, and no other. */
export type Translation<T> = { readonly [K in keyof T]: T[K] extends string ? string : Translation<T[K]> };
