import { createCipheriv, createDecipheriv, pbkdf2Sync, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import type { SafeStorage } from 'electron';
import { lifecycle } from './lifecycle.ts';

/**
 * `safeStorage` as on Linux. `ELECTRON_PREVIEW_KEYRING` names the file that stands for the keyring; without it there is none.
 * `ELECTRON_PREVIEW_KEYRING_STATE` says how it is met: `open` (as by default), `locked`, `denied` (nothing is sealed, as on a Mac
 * whose person refuses), or `portal` (a newer provider seals, the keyring still opens). It is asked once for each run.
 *
 * electron/shell/browser/browser_process_impl.cc, CreateOSCryptAsync: three providers of keys, of which the best that has one
 * seals. A fixed key is always there (`v10`), so that sealing never fails for want of a keyring, and says nothing of it.
 */
type Key = { readonly tag: 'v10' | 'v11' | 'v12'; readonly bytes: Buffer };

// chromium/components/os_crypt/async/browser: posix_key_provider.cc and freedesktop_secret_key_provider.cc; AES-128-CBC, one vector for all.
const derive = (secret: string | Buffer): Buffer => pbkdf2Sync(secret, 'saltysalt', 1, 16, 'sha1');
const vector = Buffer.alloc(16, ' ');
const everyones: Key = { tag: 'v10', bytes: derive('peanuts') };

const state = process.env['ELECTRON_PREVIEW_KEYRING_STATE'] ?? 'open';
const file = process.env['ELECTRON_PREVIEW_KEYRING'];

function secretOf(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    writeFileSync(path, randomBytes(16), { mode: 0o600 });
    return readFileSync(path);
  }
}

const openKeys = (): readonly Key[] => {
  if (file === undefined || state === 'locked' || state === 'denied') return [everyones];
  const secret = secretOf(file);
  const keys: readonly Key[] = [everyones, { tag: 'v11', bytes: derive(secret) }];
  return state === 'portal' ? [...keys, { tag: 'v12', bytes: derive(Buffer.concat([secret, Buffer.from('portal')])) }] : keys;
};

let keys: readonly Key[] | null = null;
const ring = (): readonly Key[] => (keys ??= openKeys());
const best = (): Key => ring().at(-1) ?? everyones;

const notReady = 'safeStorage cannot be used before app is ready';
const unavailable = (method: string, what: string) => `Error while ${what} provided to safeStorage.${method}.`;

function seal(text: string): Buffer {
  if (text === '') return Buffer.alloc(0);
  const { tag, bytes } = best();
  const cipher = createCipheriv('aes-128-cbc', bytes, vector);
  return Buffer.concat([Buffer.from(tag), cipher.update(text, 'utf8'), cipher.final()]);
}

function unseal(sealed: Buffer): { readonly result: string; readonly shouldReEncrypt: boolean } | 'away' | 'wrong' {
  if (sealed.length === 0) return { result: '', shouldReEncrypt: false };
  const tag = sealed.subarray(0, 3).toString('latin1');
  const key = ring().find((each) => each.tag === tag);
  // A provider that gave no key may give one in another run: it never says that it has none for good.
  if (key === undefined) return tag === 'v11' || tag === 'v12' ? 'away' : 'wrong';
  try {
    const decipher = createDecipheriv('aes-128-cbc', key.bytes, vector);
    const result = Buffer.concat([decipher.update(sealed.subarray(3)), decipher.final()]).toString('utf8');
    return { result, shouldReEncrypt: key !== best() };
  } catch {
    return 'wrong';
  }
}

/** By the desktop alone, whether or not its keyring is there. */
function backend(): string {
  const desktops = (process.env['XDG_CURRENT_DESKTOP'] ?? '').split(':');
  if (desktops.includes('KDE')) return 'kwallet6';
  return desktops.some((each) => ['GNOME', 'Unity', 'XFCE', 'X-Cinnamon', 'Pantheon'].includes(each)) ? 'gnome_libsecret' : 'basic_text';
}

const hasKeyring = (): boolean => lifecycle.isReady() && state !== 'denied' && best().tag !== 'v10';

export const safeStorage: Omit<SafeStorage, 'setUsePlainTextEncryption'> = {
  isEncryptionAvailable: hasKeyring,
  // electron/shell/browser/api/electron_api_safe_storage.cc: true once the providers have answered, whatever they said.
  isAsyncEncryptionAvailable: () => Promise.resolve(lifecycle.isReady()),
  encryptString: (text) => {
    if (!lifecycle.isReady()) throw new Error(notReady);
    if (!hasKeyring()) throw new Error(`${unavailable('encryptString', 'encrypting the text')} Encryption is not available.`);
    return seal(text);
  },
  decryptString: (sealed) => {
    if (!lifecycle.isReady()) throw new Error(notReady);
    if (!hasKeyring()) throw new Error(`${unavailable('decryptString', 'decrypting the ciphertext')} Decryption is not available.`);
    const opened = unseal(sealed);
    if (typeof opened === 'string') throw new Error(unavailable('decryptString', 'decrypting the ciphertext'));
    return opened.result;
  },
  encryptStringAsync: async (text) => {
    if (!lifecycle.isReady()) throw new Error(notReady);
    if (state === 'denied') throw new Error(unavailable('encryptStringAsync', 'encrypting the text'));
    return seal(text);
  },
  decryptStringAsync: async (sealed) => {
    if (!lifecycle.isReady()) throw new Error(notReady);
    if (!Buffer.isBuffer(sealed)) throw new Error('Expected the first argument of decryptStringAsync() to be a buffer');
    const opened = unseal(sealed);
    if (opened === 'away') throw new Error('safeStorage.decryptStringAsync is temporarily unavailable. Please try again.');
    if (opened === 'wrong') throw new Error(unavailable('decryptStringAsync', 'decrypting the ciphertext'));
    return opened;
  },
  getSelectedStorageBackend: () => (lifecycle.isReady() ? backend() : 'unknown') as ReturnType<SafeStorage['getSelectedStorageBackend']>,
};
