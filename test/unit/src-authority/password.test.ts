import { expect, test, vi } from 'vitest';
import { createPasswords } from '../../../src-authority/adapter/password.ts';
import { unwrap } from '../../../src-shared/result.ts';

const argon2 = vi.hoisted(() => ({ isOut: false }));
vi.mock(import('@node-rs/argon2'), async (original) => {
  const real = await original();
  return { ...real, hash: (...given) => (argon2.isOut ? Promise.reject(new Error('out of memory')) : real.hash(...given)) };
});

test('what nobody’s password is compared with is made again where it could not be made: nobody is locked out by one failure', async () => {
  const passwords = createPasswords();
  const stored = unwrap(await passwords.hash('correct horse battery'));
  argon2.isOut = true;
  await expect(passwords.verify(stored, 'correct horse battery')).rejects.toThrow('out of memory');
  argon2.isOut = false;
  expect(await passwords.verify(stored, 'correct horse battery')).toEqual({ ok: true, value: true });
  expect(await passwords.verify(null, 'correct horse battery')).toEqual({ ok: true, value: false });
});
