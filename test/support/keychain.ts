import { KeychainAway, type Keychain } from '../../src-main/shell/secret-files.ts';

/** A computer without one: nothing is sealed, and nothing that another run has sealed is opened. */
export const noKeychain: Keychain = {
  state: 'none',
  encrypt: () => Promise.reject(new Error('There is nothing to seal with')),
  decrypt: () => Promise.reject(new KeychainAway()),
};
