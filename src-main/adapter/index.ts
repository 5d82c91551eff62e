/** The ports of licensing on real libraries. `openHome` wires them all; the app and the command line share it. */
export { databaseOf, openHome, surroundingsOf } from './home.ts';
export type { Patience } from './authority/client.ts';
export type { HomeInput, OpenHome } from './home.ts';
export { createFileVault } from './secret-file.ts';
export type { SecretName, Vault } from './secret-file.ts';
export { replaceFile } from './own-file.ts';
export { lockWithin, tryLock } from './lock.ts';
export type { Lock } from './lock.ts';
export { isSafeAddress } from './trust.ts';
