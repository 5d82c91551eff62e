import type { SafeStorage } from 'electron';

const refusal = (operation: string) => new Error(`Error while ${operation}. Encryption is not available.`);

/** `safeStorage` on a Linux machine without a keyring: it says so, and refuses rather than pretend. */
export const safeStorage: Omit<SafeStorage, 'setUsePlainTextEncryption'> = {
  isEncryptionAvailable: () => false,
  isAsyncEncryptionAvailable: () => Promise.resolve(false),
  encryptString: () => { throw refusal('encrypting the text provided to safeStorage.encryptString'); },
  decryptString: () => { throw refusal('decrypting the ciphertext provided to safeStorage.decryptString'); },
  encryptStringAsync: () => Promise.reject(refusal('encrypting the text provided to safeStorage.encryptStringAsync')),
  decryptStringAsync: () => Promise.reject(refusal('decrypting the ciphertext provided to safeStorage.decryptStringAsync')),
  getSelectedStorageBackend: () => 'basic_text',
};
