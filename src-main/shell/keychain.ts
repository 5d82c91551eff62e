import { safeStorage, type SafeStorage } from 'electron';
import type { Log } from './log.ts';
import { KeychainAway, type Keychain } from './secret-files.ts';

/** What seals a text now: the system's keychain, a key that everyone has, or nothing because the keychain refuses. */
export const stateOf = (platform: NodeJS.Platform, probe: Uint8Array | null): Keychain['state'] => {
  if (probe === null) return 'refused';
  // On Linux `v10` is a key compiled into Chromium, `v11` a key in the keyring, `v12` one of the desktop's portal: chromium/components/
  // os_crypt/async/browser/posix_key_provider.cc, freedesktop_secret_key_provider.cc, secret_portal_key_provider.h. On macOS `v10` is
  // the Keychain (keychain_key_provider.mm), on Windows DPAPI.
  return platform === 'linux' && Buffer.from(probe).subarray(0, 3).toString('latin1') === 'v10' ? 'none' : 'keychain';
};

type Safe = Pick<SafeStorage, 'isAsyncEncryptionAvailable' | 'encryptStringAsync' | 'decryptStringAsync'>;

/**
 * After the app is ready. What Electron says beforehand tells nothing: `isAsyncEncryptionAvailable` is true also where only the fixed key
 * is left, and `getSelectedStorageBackend` goes by the desktop's name alone (electron/shell/browser/api/electron_api_safe_storage.cc,
 * electron/docs/api/safe-storage.md). So a text is sealed, and looked at. A keyring that is away stays so for this run: Chromium asks once.
 */
export const openKeychain = async (log: Log, safe: Safe = safeStorage, platform: NodeJS.Platform = process.platform): Promise<Keychain> => {
  const isAvailable = await safe.isAsyncEncryptionAvailable();
  const probe = isAvailable ? await safe.encryptStringAsync('latchkey').catch(() => null) : null;
  const state = isAvailable ? stateOf(platform, probe) : 'none';
  log('keychain', { state });
  return {
    state,
    encrypt: (text) => safe.encryptStringAsync(text),
    async decrypt(bytes) {
      try {
        const { result, shouldReEncrypt } = await safe.decryptStringAsync(Buffer.from(bytes));
        return { text: result, again: shouldReEncrypt };
      } catch (error) {
        // Electron has no other mark for it: the same file, DecryptString.
        throw error instanceof Error && error.message.includes('temporarily unavailable') ? new KeychainAway({ cause: error }) : error;
      }
    },
  };
};
