import type { Failure } from '../../src-shared/result.ts';
import { whyOf } from '../../src-shared/whys.ts';
import type { Words } from './messages.ts';

/** What a person reads when the home cannot be opened, and so no window either. */
export const startFailureText = ({ code, details }: Failure, home: string, { say }: Words): string => {
  const why = String(details['why'] ?? '');
  if (code === 'STORE_UNUSABLE') {
    if (why === 'sealed') return say('start.sealed');
    if (why === 'keychain-refused') return say('start.keychain-refused');
    if (why === 'keychain-changed') return say('start.keychain-changed', { home });
    if (why === 'machine-key-missing') return say('start.missing', { home });
    if (why === 'newer') return say('start.newer', { home });
    const path = String(details['path'] ?? home);
    const named = whyOf(code, details);
    if (named === 'in-the-way' || named === 'read-only' || named === 'full' || named === 'shared-folder' || named === 'foreign-file' || named === 'foreign-home' || named === 'home-in-use') return say(`start.${named}`, { path, owner: String(details['owner'] ?? ''), computer: String(details['computer'] ?? '') });
  }
  if (code === 'INPUT_INVALID' && details['field'] === 'authority') return say('start.address', { address: String(details['address'] ?? '') });
  if (code === 'INTERNAL' && why === 'no-ed25519') return say('start.no-ed25519');
  if (code === 'TRUST_MISSING') return say('start.no-keyset', { path: String(details['path'] ?? '') });
  if (code.startsWith('FILE_') || code.startsWith('KEYSET_')) return say('start.keyset', { code });
  return say('start.other', { home, code, why: why === '' ? '-' : why });
};
