/** Seconds since the Unix epoch, whole: the only form of time in documents, HTTP, IPC and SQL. */
export type Seconds = number;

/** The time, passed in: the core never asks the computer. */
export type Clock = { readonly now: () => Seconds };

/** Randomness, passed in. `id('lse')` gives `lse_` and 128 random bits in base64url. */
export type Random = { readonly id: (prefix: string) => string };

export const MINUTE = 60;
export const HOUR = 3600;
export const DAY = 86_400;
