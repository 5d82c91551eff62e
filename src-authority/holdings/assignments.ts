import type { Lease } from '../../src-shared/lease.ts';
import { fail, ok } from '../../src-shared/result.ts';
import type { Failure, Result } from '../../src-shared/result.ts';
import { judgeAccess } from '../../src-shared/role.ts';
import type { Role } from '../../src-shared/role.ts';
import { sql } from 'kysely';
import type { Seconds } from '../../src-shared/time.ts';
import { recordAudit } from '../audit/audit.ts';
import type { AuditEntry } from '../audit/audit.ts';
import type { Trx } from '../adapter/schema.ts';
import type { Ground, Person } from '../ground.ts';
import { endOnline, isOffline, tellOfLease } from '../leases/give-back.ts';
import { selectLeases } from '../leases/view.ts';
import { assignedLetter, unassignedLetter } from '../mail/letters/holdings.ts';
import { isFailure, licenseName, memberOf, nameOf, pageLink, roleFor, write } from './common.ts';
import type { Acting } from './common.ts';

type Wish = { readonly person: string; readonly licenses: readonly string[] };

/** The licenses, all of this organization. Errors: `LICENSE_NOT_FOUND` with the first that is not. */
const licensesNamed = async (trx: Trx, organization: string, licenses: readonly string[]) => {
  const rows = await trx
    .selectFrom('license')
    .innerJoin('product', 'product.id', 'license.product')
    .where('license.organization', '=', organization)
    .where('license.id', 'in', licenses)
    .orderBy('product.name').orderBy('license.edition').orderBy('license.id')
    .select(['license.id', 'license.access', 'license.edition', 'product.name as product_name', 'product.kind'])
    .execute();
  const missing = licenses.find((license) => !rows.some(({ id }) => id === license));
  return missing === undefined ? { rows } : fail('LICENSE_NOT_FOUND', { license: missing });
};

/** Assigns, in the caller's transaction; returns those that were not assigned before. What the person asked for is granted by it. */
export const assignIn = async (
  trx: Trx,
  input: { readonly organization: string; readonly by: Person; readonly person: string; readonly licenses: readonly string[]; readonly now: Seconds },
): Promise<readonly string[]> => {
  const { organization, by, person, licenses, now } = input;
  const rows = await trx
    .insertInto('assignment').values(licenses.map((license) => ({ license, user: person }))).onConflict((on) => on.doNothing()).returning('license').execute();
  await trx
    .updateTable('task')
    .set({ state: 'granted', answered_by: by.id, answered_at: now })
    .where('kind', '=', 'assignment').where('state', '=', 'open').where('asked_by', '=', person).where('license', 'in', licenses)
    .execute();
  await recordAudit(trx, rows.map(({ license }): AuditEntry => ({ at: now, organization, actor: by.id, action: 'license.assigned', subject: license, details: { person } })));
  return rows.map(({ license }) => license);
};

/** What a person holds of licenses themselves; what they answered for machines of others is not theirs. */
const leasesHeld = (trx: Trx, person: string, licenses: readonly string[], now: Seconds) =>
  selectLeases(trx)
    .where(sql<boolean>`lease.state = 'active'`)
    .where('lease.holder', '=', person)
    .where('lease.license', 'in', licenses)
    .where('lease.counted', '=', 1)
    .where('lease.busy_until', '>', now)
    .orderBy('lease.busy_until', 'desc')
    .execute();

export const createAssignments = (ground: Ground) => {
  const { database, clock, hub } = ground;

  return {
    /** Errors: `NOT_FOUND`. */
    assignments: async ({ organization, person }: Acting, of: string): Promise<Result<{ licenses: string[] }>> => {
      const { db } = database;
      const found = await roleFor(db, organization, person.id, 'license.view');
      if (isFailure(found)) return found;
      if (!(await memberOf(db, organization, of))) return fail('NOT_FOUND', { person: of });
      const rows = await db
        .selectFrom('assignment').innerJoin('license', 'license.id', 'assignment.license')
        .where('assignment.user', '=', of).where('license.organization', '=', organization).orderBy('license.id').select('license.id').execute();
      return ok({ licenses: rows.map(({ id }) => id) });
    },

    /** All or nothing; what is assigned already stays so. Errors: `NOT_FOUND`, `FORBIDDEN`, `LICENSE_NOT_FOUND`. */
    assign: async ({ organization, person }: Acting, wish: Wish): Promise<Result<{ assigned: number }>> => {
      const result = await database.transact(async (trx): Promise<Result<{ assigned: number }>> => {
        const now = clock.now();
        const found = await roleFor(trx, organization, person.id, 'license.assign');
        if (isFailure(found)) return found;
        const member = await memberOf(trx, organization, wish.person);
        if (!member) return fail('NOT_FOUND', { person: wish.person });
        const licenses = [...new Set(wish.licenses)];
        const named = await licensesNamed(trx, organization, licenses);
        if (isFailure(named)) return named;
        const assigned = await assignIn(trx, { organization, by: person, person: member.id, licenses, now });
        if (assigned.length > 0 && member.id !== person.id) {
          const products = named.rows.filter(({ id }) => assigned.includes(id)).map(licenseName);
          await write(trx, assignedLetter, [member], { organization: await nameOf(trx, organization), by: person.name, products, link: pageLink(ground, organization, 'products') }, now);
        }
        return ok({ assigned: assigned.length });
      });
      if (result.ok && result.value.assigned > 0) hub.publish({ type: 'entitlements', organization }, { organization });
      return result;
    },

    /**
     * All or nothing. An online lease that the person could not use without the assignment ends at once; one in offline mode
     * cannot be taken back. Errors: `NOT_FOUND`, `FORBIDDEN`, `LICENSE_NOT_FOUND`, `LEASE_OFFLINE` (`leases`: all that stand
     * in the way, the longest first).
     */
    unassign: async ({ organization, person }: Acting, wish: Wish): Promise<Result<{ unassigned: number; ended: Lease[] }>> => {
      const result = await database.transact(async (trx): Promise<Result<{ unassigned: number; ended: Lease[] }>> => {
        const now = clock.now();
        const found = await roleFor(trx, organization, person.id, 'license.assign');
        if (isFailure(found)) return found;
        const member = await memberOf(trx, organization, wish.person);
        if (!member) return fail('NOT_FOUND', { person: wish.person });
        const named = await licensesNamed(trx, organization, [...new Set(wish.licenses)]);
        if (isFailure(named)) return named;
        const assigned = await trx
          .selectFrom('assignment').where('user', '=', member.id).where('license', 'in', named.rows.map(({ id }) => id)).select('license').execute();
        const rows = named.rows.filter(({ id }) => assigned.some(({ license }) => license === id));
        if (rows.length === 0) return ok({ unassigned: 0, ended: [] });
        const held = await leasesHeld(trx, member.id, rows.map(({ id }) => id), now);
        const refused = offlineAmong(held);
        if (refused) return refused;
        const ended: Lease[] = [];
        for (const lease of held.filter((each) => restsOnAssignment(member.role, rows.find(({ id }) => id === each.license)))) {
          const end = await endOnline(trx, { lease, person, now });
          if (!end.ok) throw new Error(`a lease that is held and online cannot be ended: ${end.code}`);
          ended.push(end.value);
        }
        await trx.deleteFrom('assignment').where('user', '=', member.id).where('license', 'in', rows.map(({ id }) => id)).execute();
        await recordAudit(trx, rows.map(({ id }): AuditEntry => ({
          at: now, organization, actor: person.id, action: 'license.unassigned', subject: id,
          details: { person: member.id, ended: ended.filter(({ license }) => license === id).map((lease) => lease.id) },
        })));
        if (member.id !== person.id) {
          const leases = ended.map(({ product, edition, machine, busyUntil }) => ({ product: licenseName({ product_name: product.name, edition }), machine: machine.name, until: busyUntil }));
          await write(trx, unassignedLetter, [member], { organization: await nameOf(trx, organization), by: person.name, products: rows.map(licenseName), ended: leases }, now);
        }
        return ok({ unassigned: rows.length, ended });
      });
      if (result.ok) {
        result.value.ended.forEach((lease) => tellOfLease(hub, lease));
        if (result.value.unassigned > 0) hub.publish({ type: 'entitlements', organization }, { organization });
      }
      return result;
    },
  };
};

type Held = Awaited<ReturnType<typeof leasesHeld>>[number];

const offlineAmong = (held: readonly Held[]): Failure | null => {
  const offline = held.filter(isOffline);
  const [longest] = offline;
  return longest === undefined
    ? null
    : fail('LEASE_OFFLINE', {
      lease: longest.id, license: longest.license, until: longest.busy_until,
      leases: offline.map((lease) => ({ lease: lease.id, license: lease.license, machine: { id: lease.machine, name: lease.machine_name }, until: lease.busy_until })),
    });
};

const restsOnAssignment = (role: Role, license: { readonly access: 'everyone' | 'assigned'; readonly kind: 'desktop' | 'cloud' } | undefined): boolean =>
  license !== undefined && judgeAccess({ role, access: license.access, assigned: false, kind: license.kind }) !== null;
