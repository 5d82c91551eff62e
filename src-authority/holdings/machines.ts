import { sql } from 'kysely';
import { fingerprintParts } from '../../src-shared/fingerprint.ts';
import type { Fingerprint, FingerprintPart } from '../../src-shared/fingerprint.ts';
import type { MachineRow } from '../../src-shared/http/holdings.ts';
import type { Lease } from '../../src-shared/lease.ts';
import { fail, ok } from '../../src-shared/result.ts';
import type { Result } from '../../src-shared/result.ts';
import type { Seconds } from '../../src-shared/time.ts';
import type { Db, Trx } from '../adapter/schema.ts';
import type { Ground, Person } from '../ground.ts';
import { endOnline, tellOfLease } from '../leases/give-back.ts';
import { leaseOf, leaseRow, selectLeases } from '../leases/view.ts';
import { machineReleasedLetter } from '../mail/letters/holdings.ts';
import { containing, isFailure, licenseName, nameOf, roleFor, write } from './common.ts';
import type { Acting, Paging } from './common.ts';

type PartChange = 'first' | 'same' | 'changed' | 'absent';
type Change = { at: Seconds; parts: Record<string, PartChange> };
type MachineFacts = { id: string; name: string; os: string; app: string; first_seen: Seconds; cloned_at: Seconds | null; retired_at: Seconds | null };
const machineColumns = [
  'machine.id', 'own.name', 'own.os', 'own.app', 'own.first_seen', sql<Seconds | null>`${marked('cloned_at')}`.as('cloned_at'), sql<Seconds | null>`${marked('retired_at')}`.as('retired_at'),
] as const;

/** What concerns the machine as a whole is told to an organization whose license the machine itself has used. */
function marked(column: 'cloned_at' | 'retired_at') {
  return sql<Seconds | null>`CASE WHEN own.confirmed_at IS NULL THEN NULL ELSE ${sql.ref(`machine.${column}`)} END`;
}

type Outcome = { released: Lease[]; refused: { lease: string; code: string; until: Seconds | null }[] };

const machinesOf = (db: Db, organization: string) =>
  db.selectFrom('organization_machine as own').innerJoin('machine', 'machine.id', 'own.machine').where('own.organization', '=', organization);

/** The leases of an organization that keep seats busy on these machines, newest first. */
const leasesOn = async (db: Db, organization: string, machines: readonly string[], now: Seconds): Promise<readonly Lease[]> => {
  if (machines.length === 0) return [];
  const rows = await selectLeases(db)
    .innerJoin('seat', (on) => on.onRef('seat.license', '=', 'license.id').onRef('seat.lease', '=', 'lease.id'))
    .where('license.organization', '=', organization)
    .where('seat.busy_until', '>', now)
    .where('seat.machine', 'in', machines)
    .orderBy('lease.issued_at', 'desc')
    .orderBy('lease.id')
    .execute();
  return rows.map(leaseOf);
};

/** When each last spoke over the network of a lease of the organization. */
const contactsOf = async (db: Db, organization: string, machines: readonly string[]) => {
  const documents = () => db.selectFrom('machine_document').where('machine_document.machine', 'in', machines);
  const first = await documents()
    .innerJoin('lease', 'lease.id', 'machine_document.lease').innerJoin('license', 'license.id', 'lease.license').where('license.organization', '=', organization)
    .groupBy('machine_document.machine').select(['machine_document.machine', (eb) => eb.fn.max('lease.last_contact').as('at')]).execute();
  const others = await documents()
    .innerJoin('request_answer', 'request_answer.request', 'machine_document.jti').innerJoin('lease', 'lease.id', 'request_answer.lease')
    .innerJoin('license', 'license.id', 'lease.license').where('license.organization', '=', organization)
    .groupBy('machine_document.machine').select(['machine_document.machine', (eb) => eb.fn.max('lease.last_contact').as('at')]).execute();
  const contacts = new Map<string, Seconds | null>();
  for (const { machine, at } of [...first, ...others]) contacts.set(machine, Math.max(at ?? 0, contacts.get(machine) ?? 0) || null);
  return contacts;
};

const rowsOf = async (db: Db, organization: string, machines: readonly MachineFacts[], now: Seconds): Promise<MachineRow[]> => {
  if (machines.length === 0) return [];
  const ids = machines.map(({ id }) => id);
  const leases = Map.groupBy(await leasesOn(db, organization, ids, now), (lease) => lease.machine.id);
  const seen = await db
    .selectFrom('organization_fingerprint').where('organization', '=', organization).where('machine', 'in', ids).groupBy('machine').select(['machine', (eb) => eb.fn.countAll<number>().as('times')]).execute();
  const contacts = await contactsOf(db, organization, ids);
  const times = new Map(seen.map((row) => [row.machine, row.times]));
  return machines.map(({ id, name, os, app, first_seen, cloned_at, retired_at }) => ({
    id, name, os, app, firstSeen: first_seen, lastContact: contacts.get(id) ?? null, leases: (leases.get(id) ?? []) as MachineRow['leases'], fingerprintChanges: Math.max(0, (times.get(id) ?? 0) - 1),
    clonedAt: cloned_at, retiredAt: retired_at,
  }));
};

/** A machine of an organization as its people see it; null when it is none of its. */
export const machineIn = async (db: Db, organization: string, machine: string, now: Seconds): Promise<MachineRow | null> => {
  const row = await machinesOf(db, organization).where('own.machine', '=', machine).select(machineColumns).executeTakeFirst();
  return row ? ((await rowsOf(db, organization, [row], now))[0] ?? null) : null;
};

/** Each reading against the one before it: a part is the same when it has a value in common. */
export const fingerprintChanges = (readings: readonly { readonly at: Seconds; readonly fingerprint: Fingerprint }[]): Change[] =>
  readings.map(({ at, fingerprint }, index) => {
    const before = readings[index - 1]?.fingerprint;
    const change = (part: FingerprintPart): PartChange => {
      const is = fingerprint.parts[part];
      const was = before?.parts[part];
      if (is === undefined) return 'absent';
      if (was === undefined) return 'first';
      return is.some((value) => was.includes(value)) ? 'same' : 'changed';
    };
    return { at, parts: Object.fromEntries(fingerprintParts.map((part) => [part, change(part)])) };
  });

/** One letter for each holder whose licenses somebody else has released. */
export const writeOfReleases = async (trx: Trx, organization: string, person: Person, released: readonly Lease[], now: Seconds): Promise<void> => {
  const byHolder = Map.groupBy(released.filter(({ holder }) => holder !== null && holder.id !== person.id), ({ holder }) => holder?.id ?? '');
  if (byHolder.size === 0) return;
  const name = await nameOf(trx, organization);
  const readers = await trx.selectFrom('user').where('id', 'in', [...byHolder.keys()]).where('deleted_at', 'is', null).select(['id', 'email', 'locale']).execute();
  for (const reader of readers) {
    const leases = (byHolder.get(reader.id) ?? []).map((lease) => ({ product: licenseName({ product_name: lease.product.name, edition: lease.edition }), machine: lease.machine.name, until: lease.busyUntil }));
    await write(trx, machineReleasedLetter, [reader], { organization: name, by: person.name, at: now, leases }, now);
  }
};

export const createMachines = (ground: Ground) => {
  const { database, clock, hub } = ground;
  const { db } = database;

  return {
    /** Those that wait for a decision first, then the last heard of. Errors: `NOT_FOUND`. */
    machines: async ({ organization, person }: Acting, { offset, limit, search, state }: Paging & { readonly state: 'all' | 'cloned' }): Promise<Result<{ total: number; machines: MachineRow[] }>> => {
      const found = await roleFor(db, organization, person.id, 'machine.view');
      if (isFailure(found)) return found;
      const matching = machinesOf(db, organization).$if(state === 'cloned', (query) => query.where('machine.cloned_at', 'is not', null).where('own.confirmed_at', 'is not', null)).$if(search.trim() !== '', (query) =>
        query.where(containing(search, ['own.name', 'own.os', 'machine.id'])));
      const { total } = await matching.select((eb) => eb.fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
      const rows = await matching
        .orderBy(sql`${marked('cloned_at')} IS NULL`).orderBy('own.last_seen', 'desc').orderBy(sql`fold(own.name)`).orderBy('machine.id').limit(limit).offset(offset)
        .select(machineColumns).execute();
      return ok({ total, machines: await rowsOf(db, organization, rows, clock.now()) });
    },

    /** Its fingerprint's history is told oldest first. Errors: `NOT_FOUND`. */
    machine: async ({ organization, person }: Acting, id: string): Promise<Result<{ machine: MachineRow; history: Change[] }>> => {
      const found = await roleFor(db, organization, person.id, 'machine.view');
      if (isFailure(found)) return found;
      const machine = await machineIn(db, organization, id, clock.now());
      if (!machine) return fail('NOT_FOUND', { machine: id });
      const readings = await db.selectFrom('organization_fingerprint').where('organization', '=', organization).where('machine', '=', id).orderBy('at').orderBy(sql`rowid`).select(['at', 'fingerprint']).execute();
      return ok({ machine, history: fingerprintChanges(readings.map(({ at, fingerprint }) => ({ at, fingerprint: JSON.parse(fingerprint) as Fingerprint }))) });
    },

    /** Each lease has its own outcome; one that is refused changes nothing for the others. Errors: `NOT_FOUND`, `FORBIDDEN`. */
    release: async ({ organization, person }: Acting, leases: readonly string[]): Promise<Result<Outcome>> => {
      const result = await database.transact(async (trx): Promise<Result<Outcome>> => {
        const now = clock.now();
        const found = await roleFor(trx, organization, person.id, 'lease.release-any');
        if (isFailure(found)) return found;
        const outcome: Outcome = { released: [], refused: [] };
        for (const id of new Set(leases)) {
          const lease = await leaseRow(trx, id);
          const ended = lease && lease.organization === organization ? await endOnline(trx, { lease, person, now }) : fail('LEASE_NOT_FOUND', { lease: id });
          if (ended.ok) outcome.released.push(ended.value);
          else outcome.refused.push({ lease: id, code: ended.code, until: ended.code === 'LEASE_OFFLINE' ? (lease?.busy_until ?? null) : null });
        }
        await writeOfReleases(trx, organization, person, outcome.released, now);
        return ok(outcome);
      });
      if (result.ok) result.value.released.forEach((lease) => tellOfLease(hub, lease));
      return result;
    },
  };
};
