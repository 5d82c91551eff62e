import { sql } from 'kysely';
import type { PersonRow } from '../../src-shared/http/people.ts';
import { fail, ok, Refusal, settle } from '../../src-shared/result.ts';
import type { Result } from '../../src-shared/result.ts';
import { may, roles } from '../../src-shared/role.ts';
import type { Role } from '../../src-shared/role.ts';
import { recordAudit } from '../audit/audit.ts';
import type { Db } from '../adapter/schema.ts';
import type { Ground, Person } from '../ground.ts';
import { containing } from '../holdings/common.ts';
import { demand, demandAnotherOwner, demandGiving, roleOf } from '../organizations/membership.ts';
import { endInvitesLost } from './inviters.ts';
import { removePeople } from './removal.ts';

export type PeopleQuery = {
  readonly offset: number;
  readonly limit: number;
  readonly search: string;
  readonly role?: Role;
  readonly sort: 'name' | 'email' | 'role' | 'joined';
};

export const createPeople = (ground: Ground) => {
  const { database, clock, hub } = ground;

  const matching = (db: Db, organization: string, query: Pick<PeopleQuery, 'search' | 'role'>) =>
    db
      .selectFrom('member')
      .innerJoin('user', 'user.id', 'member.user')
      .where('member.organization', '=', organization)
      .$if(query.role !== undefined, (select) => select.where('member.role', '=', query.role ?? 'reader'))
      .$if(query.search.trim() !== '', (select) =>
        select.where(containing(query.search, ['"user".name', '"user".email'])),
      );

  const details = (db: Db, organization: string) =>
    db.selectFrom('member').innerJoin('user', 'user.id', 'member.user').where('member.organization', '=', organization).select((eb) => [
      'user.id', 'user.name', 'user.email', 'member.role', 'member.joined_at',
      eb
        .selectFrom('lease').innerJoin('license', 'license.id', 'lease.license')
        .whereRef('lease.holder', '=', 'user.id').where(sql<boolean>`lease.state = 'active'`).where('lease.busy_until', '>', clock.now()).where('license.organization', '=', organization)
        .select((of) => of.fn.countAll<number>().as('count')).as('leases'),
      eb
        .selectFrom('assignment').innerJoin('license', 'license.id', 'assignment.license')
        .whereRef('assignment.user', '=', 'user.id').where('license.organization', '=', organization)
        .select((of) => of.fn.countAll<number>().as('count')).as('assignments'),
      eb.exists(eb.selectFrom('second_factor').whereRef('second_factor.user', '=', 'user.id').where('second_factor.confirmed_at', 'is not', null).select('second_factor.method')).as('second_factor'),
    ]);
  type Found = Awaited<ReturnType<ReturnType<typeof details>['execute']>>[number];
  const rowOf = (row: Found, you: string, own: Role): PersonRow => ({
    id: row.id, name: row.name, email: row.email, role: row.role, joinedAt: row.joined_at, leases: row.leases ?? 0, assignments: row.assignments ?? 0,
    you: row.id === you, secondFactor: may(own, 'people.remove') ? Boolean(row.second_factor) : null,
  });
  const one = async (db: Db, organization: string, user: string, you: string): Promise<PersonRow> =>
    rowOf(await details(db, organization).where('member.user', '=', user).executeTakeFirstOrThrow(), you, (await roleOf(db, organization, you)) ?? 'reader');

  return {
    /** Errors: `NOT_FOUND`. */
    list: async (person: Person, organization: string, query: PeopleQuery): Promise<Result<{ readonly total: number; readonly people: readonly PersonRow[] }>> => {
      const { db } = database;
      const own = await roleOf(db, organization, person.id);
      if (own === null) return fail('NOT_FOUND', { organization });
      const { total } = await matching(db, organization, query).select((eb) => eb.fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
      // First only whom the page shows, then what is shown of them.
      const rank = sql<number>`CASE member.role WHEN ${roles[0]} THEN 0 WHEN ${roles[1]} THEN 1 WHEN ${roles[2]} THEN 2 ELSE 3 END`;
      const page = await matching(db, organization, query)
        .$if(query.sort === 'role', (select) => select.orderBy(rank))
        .$if(query.sort === 'joined', (select) => select.orderBy('member.joined_at', 'desc'))
        .$if(query.sort === 'email', (select) => select.orderBy('user.email'))
        .$if(query.sort !== 'email', (select) => select.orderBy(sql`fold("user".name)`))
        .orderBy('user.id')
        .select('user.id')
        .offset(query.offset)
        .limit(query.limit)
        .execute();
      if (page.length === 0) return ok({ total, people: [] });
      const rows = await details(db, organization).where('member.user', 'in', page.map(({ id }) => id)).execute();
      const byId = new Map(rows.map((row) => [row.id, row]));
      return ok({ total, people: page.flatMap(({ id }) => byId.get(id) ?? []).map((row) => rowOf(row, person.id, own)) });
    },

    /** Errors: `NOT_FOUND`, `FORBIDDEN`, `CONFLICT` (why: last-owner). */
    changeRole: async (person: Person, organization: string, user: string, role: Role): Promise<Result<PersonRow>> => {
      const changed = await settle(() =>
        database.transact(async (trx): Promise<boolean> => {
          const own = await demand(trx, organization, person.id, 'people.change-role');
          const was = await roleOf(trx, organization, user);
          if (was === null) throw new Refusal('NOT_FOUND', { person: user });
          demandGiving(own, was, 'people.change-role');
          demandGiving(own, role, 'people.change-role');
          if (was === role) return false;
          if (was === 'owner') await demandAnotherOwner(trx, organization, user);
          await trx.updateTable('member').set({ role }).where('organization', '=', organization).where('user', '=', user).execute();
          // An offer of ownership ends with the ownership, and when it has come about by other means.
          if (was === 'owner') await trx.deleteFrom('ownership_offer').where('organization', '=', organization).where('offered_by', '=', user).execute();
          if (role === 'owner') await trx.deleteFrom('ownership_offer').where('organization', '=', organization).where('offered_to', '=', user).execute();
          await endInvitesLost(trx, { organization, user, left: role, by: person.id, now: clock.now() });
          await recordAudit(trx, [{ at: clock.now(), organization, actor: person.id, action: 'member.role-changed', subject: user, details: { from: was, to: role } }]);
          return true;
        }),
      );
      if (!changed.ok) return changed;
      if (changed.value) {
        hub.publish({ type: 'account' }, { user });
        hub.publish({ type: 'entitlements', organization }, { organization });
      }
      return ok(await one(database.db, organization, user, person.id));
    },

    remove: (person: Person, organization: string, input: { readonly people: readonly string[]; readonly confirm: boolean }) => removePeople(ground, person, organization, input),
  };
};

export type People = ReturnType<typeof createPeople>;
