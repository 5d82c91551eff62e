import type { AuthorityEvent } from '../../src-shared/http/index.ts';
import { createAuthority } from '../authority/index.ts';
import { call, onPersonLeft } from './session/session.ts';

const listeners = new Set<(event: AuthorityEvent) => void>();

/** The authority that served this page. */
export const authority = createAuthority({
  call,
  onEvent: (listener) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  },
});
onPersonLeft(() => authority.kept.clear());

/** Passes an event of the one stream on to the pages. */
export const tell = (event: AuthorityEvent): void => listeners.forEach((listener) => listener(event));
