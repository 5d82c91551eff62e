import { describe, expect, it, vi } from 'vitest';
import type { Log } from '../../../src-main/shell/log.ts';

vi.mock('electron', () => ({ safeStorage: {} }));
const { openKeychain, stateOf } = await import('../../../src-main/shell/keychain.ts');

const text = (prefix: string): Uint8Array => Buffer.from(`${prefix}sealed`);

describe('what protects a sealed text', () => {
  it.each([
    ['linux', 'v10', 'none'], ['linux', 'v11', 'keychain'], ['linux', 'v12', 'keychain'], ['darwin', 'v10', 'keychain'], ['win32', 'v10', 'keychain'],
    // A text that DPAPI itself has sealed has no prefix.
    ['win32', '\u0001\0\0\0', 'keychain'],
  ] as const)('on %s behind %s is %s', (platform, prefix, state) => {
    expect(stateOf(platform, text(prefix))).toBe(state);
  });

  it.each(['linux', 'darwin', 'win32'] as const)('on %s is nothing where the system seals nothing', async (platform) => {
    const refusal = () => Promise.reject(new Error('Error while encrypting the text provided to safeStorage.encryptStringAsync.'));
    const log = vi.fn<Log>();
    const safe = { isAsyncEncryptionAvailable: () => Promise.resolve(true), encryptStringAsync: refusal, decryptStringAsync: () => Promise.reject(new Error('never asked')) };
    expect((await openKeychain(log, safe, platform)).state).toBe('refused');
    expect(log).toHaveBeenCalledWith('keychain', { state: 'refused' });
    expect((await openKeychain(log, { ...safe, isAsyncEncryptionAvailable: () => Promise.resolve(false) }, platform)).state).toBe('none');
  });
});
