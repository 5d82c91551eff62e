import { fail } from '../../src-shared/result.ts';
import type { Desktop } from '../desktop/store.ts';
import { createAuthority } from './authority.ts';
import type { Authority } from './authority.ts';
import type { Call } from './routes.ts';

/** The authority through main's one passage: this page has no network of its own. */
export const authorityOverIpc = ({ call: send, on }: Pick<Desktop, 'call' | 'on'>): Authority => {
  const call: Call = async (name, given, { signal } = {}) => {
    const isGivenUp = () => signal?.aborted === true;
    if (isGivenUp()) return fail('CANCELLED');
    const result = await send('authority.call', { name, call: given as object }, signal === undefined ? {} : { signal });
    return isGivenUp() ? fail('CANCELLED') : (result as never);
  };
  return createAuthority({ call, onEvent: (listener) => on('authority-event', listener) });
};
