import type { Clock, Random } from '../src-shared/time.ts';
import type { Database } from './adapter/database.ts';
import type { Timekeeper } from './clock/timekeeper.ts';
import type { Refusals } from './audit/refusals.ts';
import type { Hub } from './events/hub.ts';
import type { Keyring } from './keys/keyring.ts';

/** What every deep module of the authority stands on; passed in, never reached for. */
export type Ground = {
  readonly authority: string;
  readonly database: Database;
  readonly clock: Clock;
  /** Judges that clock: asked before anything is issued. */
  readonly time: Timekeeper;
  readonly random: Random;
  readonly keyring: Keyring;
  readonly hub: Hub;
  /** Where refusals go on record. */
  readonly refusals: Refusals;
  /** Where people reach the portal, without a slash at the end: as configured, else where `serve` listens. Letters link to it. */
  readonly publicUrl: () => string;
};

export type Person = { readonly id: string; readonly name: string; readonly email: string };

/** With the session that they are signed in by. */
export type SignedInPerson = Person & { readonly session: string };

/** Who answers and accepts: a person, or whoever sits at the authority's own computer. */
export type Actor = { readonly kind: 'person'; readonly person: Person } | { readonly kind: 'operator' };
