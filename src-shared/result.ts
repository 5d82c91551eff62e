import type { Details, ErrorCode } from './errors.ts';

/** What crosses every border (IPC, HTTP, command line): a value, or a code of the error table with its facts. */
export type Result<T> = Ok<T> | Failure;
export type Ok<T> = { readonly ok: true; readonly value: T };
export type Failure = { readonly ok: false; readonly code: ErrorCode; readonly details: Details };

export const ok = <T>(value: T): Ok<T> => ({ ok: true, value });
export const fail = (code: ErrorCode, details: Details = {}): Failure => ({ ok: false, code, details });

/**
 * A failure thrown through code that cannot return one (a database transaction to be rolled back, a library callback).
 * It is caught at the door of the module that threw it and leaves as a `Failure`.
 */
export class Refusal extends Error {
  readonly failure: Failure;
  constructor(code: ErrorCode, details: Details = {}) {
    super(code);
    this.name = 'Refusal';
    this.failure = fail(code, details);
  }
}

/** Returns the value, or throws the failure as a `Refusal`. */
export const unwrap = <T>(result: Result<T>): T => {
  if (result.ok) return result.value;
  throw new Refusal(result.code, result.details);
};

/** Runs `work`; a `Refusal` thrown in it becomes its failure, anything else is a defect and is thrown on. */
export const settle = async <T>(work: () => Promise<T>): Promise<Result<T>> => {
  try {
    return ok(await work());
  } catch (error) {
    if (error instanceof Refusal) return error.failure;
    throw error;
  }
};

export const assertNever = (value: never): never => {
  throw new Error(`Unexpected value: ${JSON.stringify(value)}`);
};
