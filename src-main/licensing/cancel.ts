import type { Cancellable, CancelSignal } from '../../src-shared/cancel.ts';
import type { CallAuthority } from '../../src-shared/http/index.ts';
import { Refusal } from '../../src-shared/result.ts';
import type { Context } from './context.ts';

/**
 * The same context, in which every call to the authority and every wait for one's turn ends when the signal is raised. What
 * is written here is never cut short: only waiting is. A request that was sent stays outstanding, so that asking again sends
 * the same one.
 */
export const within = (context: Context, { signal }: Cancellable = {}): Context => {
  if (!signal) return context;
  const left = <T>(work: Promise<T>): Promise<T> => new Promise((resolve, reject) => {
    const leave = (): void => reject(new Refusal('CANCELLED'));
    signal.addEventListener('abort', leave);
    if (signal.aborted) leave();
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
  });
  const ending = (call: CallAuthority): CallAuthority => (route, given, options) => call(route, given, { signal, ...options });
  return {
    ...context,
    contact: { ...context.contact, asMachine: ending(context.contact.asMachine), asPerson: ending(context.contact.asPerson) },
    alone: (work) => context.ports.alone(work, signal),
    wholeFingerprint: () => left(context.wholeFingerprint()),
    inTurn: (work) => new Promise((resolve, reject) => {
      const leave = (): void => reject(new Refusal('CANCELLED'));
      signal.addEventListener('abort', leave);
      if (signal.aborted) leave();
      context.inTurn(async () => {
        signal.removeEventListener('abort', leave);
        if (signal.aborted) throw new Refusal('CANCELLED');
        return work();
      }).then(resolve, reject);
    }),
  };
};

/** A signal of our own. Raised once, and for good. */
export const createSignal = (): { readonly signal: CancelSignal; readonly raise: () => void } => {
  const listeners = new Set<() => void>();
  let aborted = false;
  return {
    signal: {
      get aborted() {
        return aborted;
      },
      addEventListener: (_, listener) => void listeners.add(listener),
      removeEventListener: (_, listener) => void listeners.delete(listener),
    },
    raise: () => {
      if (aborted) return;
      aborted = true;
      for (const listener of listeners) listener();
    },
  };
};
