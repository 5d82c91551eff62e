import { sql } from 'kysely';
import type { Lease } from '../../src-shared/lease.ts';
import type { OwnLease } from '../../src-shared/license.ts';
import { ok } from '../../src-shared/result.ts';
import type { Result } from '../../src-shared/result.ts';
import type { Actor, Ground, Person } from '../ground.ts';
import type { Db } from '../adapter/schema.ts';
import { contactsOf } from '../licenses/entitlements.ts';
import type { Carrier } from '../licenses/judge.ts';
import { createFreeing } from './free-early.ts';
import { createGivingBack } from './give-back.ts';
import { createHearing } from './heartbeat.ts';
import { recordRefused } from './refused.ts';
import { createTaking } from './take.ts';
import type { Bringer } from './take.ts';
import { createTelling } from './time.ts';
import { leaseOf, selectLeases } from './view.ts';

export type { Heard } from './heartbeat.ts';
export type { Returned } from './give-back.ts';
export type { Issued } from './issue.ts';
export type { Told } from './time.ts';

const withContacts = async (db: Db, lease: Lease): Promise<OwnLease> => ({ ...lease, contacts: await contactsOf(db, lease.organization.id) });

/**
 * The seat ledger (design.md section 5). A seat is free only when its return is proven or the last file issued for it has
 * expired; the same document always gets the same answer; every change carries its audit row in its own transaction.
 */
export const createLedger = (ground: Ground) => {
  const taking = createTaking(ground);
  const givingBack = createGivingBack(ground);
  const freeEarly = createFreeing(ground);
  const hear = createHearing(ground);
  const tellTime = createTelling(ground);
  const carrierOf = (actor: Bringer): Carrier => (actor === 'machine' ? 'network' : 'file');

  return {
    checkout: async (person: Person, text: string) =>
      recordRefused(ground, { kind: 'request', text, carrier: 'network', actor: { kind: 'person', person } }, await taking.checkout(person, text)),
    renew: async (text: string, heartbeat: string) => recordRefused(ground, { kind: 'request', text, carrier: 'network', actor: 'machine' }, await taking.renew(text, heartbeat)),
    answer: async (actor: Actor, input: Parameters<typeof taking.answer>[1]) =>
      recordRefused(ground, { kind: 'request', text: input.request, carrier: 'file', actor }, await taking.answer(actor, input)),
    accept: async (text: string | Uint8Array, actor: Bringer) =>
      recordRefused(ground, { kind: 'release', text, carrier: carrierOf(actor), actor }, await givingBack.accept(text, actor)),
    /** With the people who may free its seat early. Errors: those of the route `release`. */
    releaseByPerson: async (person: Person, lease: string): Promise<Result<OwnLease>> => {
      const ended = await givingBack.releaseByPerson(person, lease);
      return ended.ok ? ok(await withContacts(ground.database.db, ended.value)) : ended;
    },
    freeEarly,
    heartbeat: async (jws: string) => recordRefused(ground, { kind: 'heartbeat', text: jws, carrier: 'network', actor: 'machine' }, await hear(jws)),
    tellTime: async (text: string | Uint8Array, actor: Bringer) =>
      recordRefused(ground, { kind: 'request', text, carrier: carrierOf(actor), actor }, await tellTime(text, actor)),

    /** The leases of a person that keep a seat busy, newest first: those they hold, and those ended from elsewhere whose machines have not confirmed it. */
    mine: async (user: string): Promise<{ readonly leases: readonly Lease[]; readonly unconfirmed: readonly OwnLease[] }> => {
      // As they are in the two partial indexes: a parameter would keep SQLite from using them.
      const held = sql<boolean>`lease.state = 'active'`;
      const unconfirmed = sql<boolean>`lease.state = 'released' AND lease.seat IS NOT NULL AND lease.ended_why = 'person'`;
      const those = async (which: typeof held): Promise<readonly Lease[]> => {
        const rows = await selectLeases(ground.database.db)
          .where('lease.holder', '=', user)
          .where(which)
          .where('lease.busy_until', '>', ground.clock.now())
          .orderBy('lease.issued_at', 'desc')
          .orderBy('lease.id')
          .execute();
        return rows.map(leaseOf);
      };
      const ended = await those(unconfirmed);
      return { leases: await those(held), unconfirmed: await Promise.all(ended.map((lease) => withContacts(ground.database.db, lease))) };
    },
  };
};

export type Ledger = ReturnType<typeof createLedger>;
