import type { AuthorityEvent } from '../../src-shared/http/index.ts';

/** Who an event is for: one person, everybody in an organization, or everybody. */
export type Audience = { readonly user?: string | null; readonly organization?: string } | 'everybody';

export type Listener = { readonly user: string; readonly organizations: () => readonly string[]; readonly send: (event: AuthorityEvent) => void };

/** Carries events from the modules that change things to the open streams of this process. */
export type Hub = {
  readonly publish: (event: AuthorityEvent, audience: Audience) => void;
  /** Returns the function that stops it. */
  readonly subscribe: (listener: Listener) => () => void;
};

export const createHub = (): Hub => {
  const listeners = new Set<Listener>();
  return {
    publish: (event, audience) => {
      for (const listener of listeners) {
        const meant =
          audience === 'everybody' ||
          (audience.user !== undefined && audience.user === listener.user) ||
          (audience.organization !== undefined && listener.organizations().includes(audience.organization));
        if (meant) listener.send(event);
      }
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
};
