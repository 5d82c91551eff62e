import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSecretFiles, type Keychain } from '../../../src-main/shell/secret-files.ts';
import { noKeychain as none } from '../../support/keychain.ts';

let folder = '';
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'latchkey-secrets-')); });
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const refusing: Keychain = { ...none, state: 'refused', decrypt: () => Promise.reject(new Error('denied')) };
/** A keychain whose sealing is visible: the text reversed behind a mark. */
const keychain = (mark = 'k1:', again = false): Keychain => ({
  state: 'keychain',
  encrypt: (text) => Promise.resolve(Buffer.from(mark + [...text].toReversed().join(''))),
  decrypt(bytes) {
    const text = Buffer.from(bytes).toString();
    if (!text.startsWith(mark)) return Promise.reject(new Error('another keychain'));
    return Promise.resolve({ text: Array.from(text.slice(mark.length)).toReversed().join(''), again });
  },
});
const fileText = () => readFileSync(join(folder, 'session.json'), 'utf8');

describe('secret files', () => {
  it('without a keychain are readable by their owner only, and say so', async () => {
    const secrets = createSecretFiles(folder, none);
    expect(secrets.protection).toBe('file');
    expect(await secrets.read('session')).toBeNull();
    await secrets.write('session', 'secret text');
    expect(statSync(join(folder, 'session.json')).mode & 0o777).toBe(0o600);
    expect(await createSecretFiles(folder, none).read('session')).toBe('secret text');
  });

  it('with a keychain hold nothing that can be read without it', async () => {
    const secrets = createSecretFiles(folder, keychain());
    expect(secrets.protection).toBe('keychain');
    await secrets.write('session', 'secret text');
    expect(fileText()).not.toContain('secret text');
    expect(await secrets.read('session')).toBe('secret text');
  });

  it('are sealed when they are read once there is a keychain', async () => {
    await createSecretFiles(folder, none).write('session', 'secret text');
    expect(await createSecretFiles(folder, keychain()).read('session')).toBe('secret text');
    expect(fileText()).not.toContain('secret text');
    expect(await createSecretFiles(folder, keychain()).read('session')).toBe('secret text');
  });

  it("refuse the machine's key, and leave it as it is, when the keychain that sealed it is away or another", async () => {
    await createSecretFiles(folder, keychain()).write('machine-key', 'secret text');
    const before = readFileSync(join(folder, 'machine-key.json'), 'utf8');
    for (const [other, why] of [[none, 'sealed'], [keychain('k2:'), 'keychain-changed'], [refusing, 'keychain-refused'], [{ ...keychain(), decrypt: none.decrypt }, 'sealed']] as const) {
      await expect(createSecretFiles(folder, other).read('machine-key')).rejects.toMatchObject({ failure: { code: 'STORE_UNUSABLE', details: { why } } });
    }
    expect(readFileSync(join(folder, 'machine-key.json'), 'utf8')).toBe(before);
  });

  it('begin no machine where the keychain refuses, and go on with one that has begun without', async () => {
    const secrets = createSecretFiles(folder, refusing);
    await expect(secrets.write('machine-key', 'secret text')).rejects.toMatchObject({ failure: { code: 'STORE_UNUSABLE', details: { why: 'keychain-refused' } } });
    expect(await secrets.read('machine-key')).toBeNull();
    await createSecretFiles(folder, none).write('machine-key', 'secret text');
    expect([await secrets.read('machine-key'), secrets.protection]).toEqual(['secret text', 'file']);
  });

  it('that could not be sealed anew are good all the same', async () => {
    await createSecretFiles(folder, none).write('machine-key', 'secret text');
    const failing: Keychain = { ...keychain(), encrypt: () => Promise.reject(new Error('no')) };
    expect(await createSecretFiles(folder, failing).read('machine-key')).toBe('secret text');
    await expect(createSecretFiles(folder, failing).write('session', 'secret text')).rejects.toMatchObject({ failure: { details: { why: 'keychain-refused' } } });
  });

  it('are sealed anew with no key that is gone after this run: what is there stays as it is', async () => {
    await createSecretFiles(folder, none).write('machine-key', 'secret text');
    await createSecretFiles(folder, none).write('session', 'secret text');
    const passing = createSecretFiles(folder, { ...keychain('gone:', true), lasts: false });
    expect([await passing.read('machine-key'), await passing.read('session')]).toEqual(['secret text', 'secret text']);
    await expect(passing.write('machine-key', 'secret text')).rejects.toMatchObject({ failure: { code: 'STORE_UNUSABLE', details: { why: 'keychain-refused' } } });
    const next = createSecretFiles(folder, keychain());
    expect([await next.read('machine-key'), await next.read('session')]).toEqual(['secret text', 'secret text']);
  });

  it('take a session that cannot be opened for none, so that the person signs in again', async () => {
    await createSecretFiles(folder, keychain()).write('session', 'secret text');
    for (const other of [none, keychain('k2:')]) expect(await createSecretFiles(folder, other).read('session')).toBeNull();
  });

  it('that are damaged are no session, and never a missing machine key', async () => {
    const secrets = createSecretFiles(folder, none);
    for (const damaged of ['', '{"v":1,', '{"v":2}', 'null']) {
      for (const name of ['session', 'machine-key'] as const) writeFileSync(join(folder, `${name}.json`), damaged);
      expect(await secrets.read('session')).toBeNull();
      await expect(secrets.read('machine-key')).rejects.toMatchObject({ failure: { code: 'STORE_UNUSABLE', details: { why: 'secret' } } });
      expect(readFileSync(join(folder, 'machine-key.json'), 'utf8')).toBe(damaged);
    }
  });

  it('are sealed again when the system says that it has a better key', async () => {
    await createSecretFiles(folder, keychain()).write('session', 'secret text');
    const file = join(folder, 'session.json');
    const before = statSync(file).ino;
    expect(await createSecretFiles(folder, keychain('k1:', true)).read('session')).toBe('secret text');
    expect(statSync(file).ino).not.toBe(before);
  });

  it('are gone when nothing is written', async () => {
    const secrets = createSecretFiles(folder, none);
    await secrets.write('session', 'secret text');
    await secrets.write('session', null);
    expect(await secrets.read('session')).toBeNull();
  });
});
