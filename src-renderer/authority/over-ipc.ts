import type { LatchkeyBridge } from '../../src-shared/ipc.ts';
import { fail } from '../../src-shared/result.ts';
import { createAuthority } from './authority.ts';
import type { Authority } from './authority.ts';
import type { Call } from './routes.ts';

/** The authority through main's one passage: this page has no network of its own. */
export const authorityOverIpc = ({ call: send, on }: Pick<LatchkeyBridge, 'call' | 'on'>): Authority => {
  const call: Call = async (name, given, options = {}) => {
    const isGivenUp = () => options.signal?.aborted === true;
    if (isGivenUp()) return fail('CANCELLED');
    try {
      const result = await send('authority.call', { name, call: given as object });
      return isGivenUp() ? fail('CANCELLED') : (result as never);
    } catch {
      return fail('INTERNAL', { correlation: name });
    }
  };
  return createAuthority({ call, onEvent: (listener) => on('authority-event', listener) });
};
