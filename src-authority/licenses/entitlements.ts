import { judgeEnough } from '../../src-shared/fingerprint.ts';
import type { Contact, Entitlement, Holder, Reason } from '../../src-shared/license.ts';
import type { Seconds } from '../../src-shared/time.ts';
import type { Db } from '../adapter/schema.ts';
import { markOf } from '../leases/copies.ts';
import { seatNumbers } from '../leases/seats.ts';
import { licensesOfOrganization } from './facts.ts';
import type { LicenseFacts } from './facts.ts';
import { judgeLicense, offlineDaysOf } from './judge.ts';
import type { Carrier } from './judge.ts';

type HolderRow = Holder & { readonly license: string; readonly holder: string | null; readonly state: string; readonly counted: number };

const holdersOf = async (db: Db, organization: string, user: string, now: Seconds): Promise<readonly HolderRow[]> => {
  const rows = await db
    .selectFrom('license')
    .innerJoin('seat', (on) => on.onRef('seat.license', '=', 'license.id').on('seat.busy_until', '>', now))
    .innerJoin('lease', 'lease.id', 'seat.lease')
    .innerJoin('organization_machine as machine', (on) => on.onRef('machine.organization', '=', 'license.organization').onRef('machine.machine', '=', 'lease.machine'))
    .leftJoin('user', 'user.id', 'lease.holder')
    .where('license.organization', '=', organization)
    .orderBy('lease.issued_at')
    .orderBy('lease.id')
    .select([
      'license.id as license', 'lease.id as lease', 'lease.holder', 'lease.state', 'lease.ended_why', 'lease.counted', 'lease.mode', 'lease.machine',
      'machine.name as machine_name', 'user.name as person', 'user.email', 'user.deleted_at', 'seat.busy_until',
    ])
    .execute();
  return rows.map((row) => ({
    license: row.license, lease: row.lease, person: row.person, email: row.deleted_at === null ? row.email : null, machine: { id: row.machine, name: row.machine_name }, mode: row.mode,
    until: row.busy_until, yours: row.holder === user, ended: row.state === 'released' && row.ended_why === 'person', holder: row.holder, state: row.state, counted: row.counted,
  }));
};

const CONTACTS = 5;

/** Owners and managers to turn to. */
export const contactsOf = async (db: Db, organization: string): Promise<readonly Contact[]> =>
  db
    .selectFrom('member')
    .innerJoin('user', 'user.id', 'member.user')
    .where('member.organization', '=', organization)
    .where('member.role', 'in', ['manager', 'owner'])
    .orderBy('member.role')
    .orderBy('user.name')
    .limit(CONTACTS)
    .select(['user.name', 'user.email', 'member.role'])
    .execute();

const entitlementOf = (
  facts: LicenseFacts,
  seen: {
    readonly now: Seconds;
    readonly carrier: Carrier;
    readonly machine: string | null;
    readonly holders: readonly HolderRow[];
    readonly numbers: { readonly inUse: number; readonly inTransit: number; readonly atRisk: number; readonly freeAt: Seconds } | undefined;
    readonly contacts: readonly Contact[];
    /** Why nothing is issued to the machine that asks. */
    readonly mark: Awaited<ReturnType<typeof markOf>>;
    /** Whether what this person takes counts against the limit of leases. */
    readonly counted: boolean;
    /** The parts of its computer that a request file shows; null where nothing is asked for yet. */
    readonly shown: readonly string[] | null;
  },
): Entitlement => {
  const { inUse, inTransit, atRisk, freeAt } = seen.numbers ?? { inUse: 0, inTransit: 0, atRisk: 0, freeAt: 0 };
  const free = facts.seats - inUse - inTransit - atRisk;
  const here = seen.machine !== null && seen.holders.some((holder) => holder.machine.id === seen.machine);
  const mode = seen.carrier === 'file' ? 'offline' : 'online';
  const reasons: Reason[] = [];
  // Nothing else matters before this is decided.
  if (seen.mark && seen.machine !== null) reasons.push({ code: 'MACHINE_CLONED', details: { machine: seen.machine, ...seen.mark, ...(seen.mark.retired && { why: 'retired' }) } });
  reasons.push(...judgeLicense(facts, { now: seen.now, mode, carrier: seen.carrier, for: 'person' }));
  const tooFew = seen.shown === null ? null : judgeEnough(seen.shown, facts.policy.fingerprintParts);
  if (tooFew) reasons.push({ code: 'FINGERPRINT_MISMATCH', details: tooFew.details });
  const elsewhere = seen.holders.filter((holder) => holder.yours && holder.state === 'active' && holder.counted === 1 && holder.machine.id !== seen.machine);
  if (seen.counted && elsewhere.length >= facts.policy.leasesPerUser) {
    const leases = elsewhere.map(({ lease, machine, mode: theirs, until }) => ({ lease, machine, mode: theirs, until }));
    reasons.push({ code: 'LEASE_LIMIT_EXCEEDED', details: { license: facts.id, most: facts.policy.leasesPerUser, leases } });
  }
  if (free <= 0 && !here) {
    const unconfirmed = seen.holders.filter(({ ended }) => ended).length;
    reasons.push({ code: 'SEAT_LIMIT_EXCEEDED', details: { license: facts.id, owned: facts.seats, freeAt: facts.seats === 0 ? null : freeAt, unconfirmed } });
  }
  const tell = ({ lease, person, email, machine, mode: theirs, until, yours, ended }: HolderRow): Holder => ({ lease, person, email: email ?? null, machine, mode: theirs, until, yours, ended });
  return {
    license: facts.id,
    organization: facts.organization,
    product: facts.product,
    edition: facts.edition,
    features: facts.features,
    seats: { owned: facts.seats, free, inUse, inTransit, atRisk },
    modes: facts.modes,
    offlineDays: offlineDaysOf(facts, seen.carrier),
    validFrom: facts.validFrom,
    validUntil: facts.validUntil,
    available: reasons.length === 0,
    reasons,
    holders: [...seen.holders.filter((holder) => holder.yours), ...seen.holders.filter((holder) => !holder.yours)].map(tell),
    contacts: seen.contacts,
  };
};

/**
 * Every license of an organization as one of its members may use it, from five queries whatever their number.
 * `machine`: the one that asks, which keeps the seat it has.
 */
export const entitlementsOf = async (
  db: Db,
  input: {
    readonly organization: string;
    readonly user: string;
    readonly machine: string | null;
    readonly carrier: Carrier;
    readonly counted: boolean;
    readonly now: Seconds;
    readonly shown?: readonly string[];
  },
): Promise<readonly Entitlement[]> => {
  const { organization, user, now, carrier, machine, counted, shown = null } = input;
  const [licenses, numbers, holders, contacts, mark] = await Promise.all([
    licensesOfOrganization(db, organization, user),
    seatNumbers(db, organization, now),
    holdersOf(db, organization, user, now),
    contactsOf(db, organization),
    machine === null ? null : markOf(db, machine),
  ]);
  const byLicense = Map.groupBy(holders, (holder) => holder.license);
  return licenses.map((facts) =>
    entitlementOf(facts, { now, carrier, machine, mark, counted, shown, holders: byLicense.get(facts.id) ?? [], numbers: numbers.get(facts.id), contacts }),
  );
};
