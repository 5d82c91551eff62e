/** As much of an `AbortSignal` (WHATWG DOM) as rooms without the DOM's and Node's types need. */
export type CancelSignal = {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
};

/** Who asked may stop waiting for the answer; it is `CANCELLED` then, unless it was there before. */
export type Cancellable = { readonly signal?: CancelSignal };
