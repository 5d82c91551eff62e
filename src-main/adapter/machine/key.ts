import { webcrypto } from 'node:crypto';
import { z } from 'zod';
import { importSigningKey } from '../../../src-shared/documents/index.ts';
import type { PrivateJwk, SigningKey } from '../../../src-shared/documents/index.ts';
import { Refusal } from '../../../src-shared/result.ts';
import type { Vault } from '../secret-file.ts';

const privateJwk = z.strictObject({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string().length(43), d: z.string().length(43) });

const damaged = (): Refusal => new Refusal('STORE_UNUSABLE', { why: 'machine-key-damaged' });

/** The machine's key out of the vault; null when there is none. One that is there and cannot be read is never replaced. */
export const readMachineKey = async (vault: Vault): Promise<SigningKey | null> => {
  let text: string | null;
  try {
    text = await vault.read('machine-key');
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal('STORE_UNUSABLE', { why: 'sealed', name: 'machine-key' });
  }
  if (text === null) return null;
  try {
    const parsed = privateJwk.parse(JSON.parse(text));
    const key = await importSigningKey(parsed);
    // A public half that does not belong to the private one would sign what nobody can check.
    const probe = new TextEncoder().encode('latchkey');
    const signature = await webcrypto.subtle.sign('Ed25519', key.key, probe);
    const own = await webcrypto.subtle.importKey('jwk', { kty: parsed.kty, crv: parsed.crv, x: parsed.x }, 'Ed25519', false, ['verify']);
    if (!(await webcrypto.subtle.verify('Ed25519', own, signature, probe))) throw damaged();
    return key;
  } catch {
    throw damaged();
  }
};

export const createMachineKey = async (vault: Vault): Promise<SigningKey> => {
  const pair = (await webcrypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])) as webcrypto.CryptoKeyPair;
  const { x, d } = await webcrypto.subtle.exportKey('jwk', pair.privateKey);
  const jwk: PrivateJwk = { kty: 'OKP', crv: 'Ed25519', x: x as string, d: d as string };
  await vault.write('machine-key', JSON.stringify(jwk));
  return importSigningKey(jwk);
};
