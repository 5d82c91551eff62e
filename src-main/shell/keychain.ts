import { safeStorage } from 'electron';
import type { Keychain } from './secret-files.ts';

/** After the app is ready. On Linux `basic_text` seals with a key that everyone knows: that is no keychain. */
export const openKeychain = async (): Promise<Keychain> => {
  if (process.platform === 'linux' && ['basic_text', 'unknown'].includes(safeStorage.getSelectedStorageBackend())) return { available: false };
  if (!(await safeStorage.isAsyncEncryptionAvailable())) return { available: false };
  return {
    available: true,
    encrypt: (text) => safeStorage.encryptStringAsync(text),
    async decrypt(bytes) {
      const { result, shouldReEncrypt } = await safeStorage.decryptStringAsync(Buffer.from(bytes));
      return { text: result, again: shouldReEncrypt };
    },
  };
};
