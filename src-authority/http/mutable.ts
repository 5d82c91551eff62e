import type { Result } from '../../src-shared/result.ts';

/** The contract's replies are mutable in type; ours never change, and are only written out. */
type Mutable<T> = T extends object ? { -readonly [P in keyof T]: P extends 'details' ? T[P] : Mutable<T[P]> } : T;
export const mutable = <T>(result: Result<T>): Result<Mutable<T>> => result as Result<Mutable<T>>;
