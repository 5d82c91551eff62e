/** The license authority: its door. The command line, the tests and the benchmark come in here. */
export type { MachineListing } from './holdings/resolution.ts';
export { storeFailure } from './adapter/database.ts';
export { initAuthority } from './init.ts';
export { createAuthority } from './server.ts';
export type { KeyListing, Keys, Reissue } from './keys/index.ts';
export type { Authority, AuthorityOptions, ListenOptions } from './server.ts';
export type { OutboxMail } from './mail/outbox.ts';
export type { ClockState, Uptime } from './clock/timekeeper.ts';
export type { LicenseListing, Suspended } from './licenses/suspension.ts';
export type { LoadOptions } from './load/load.ts';
export type { Change, Kept, LeftOut, Loaded } from './load/report.ts';
