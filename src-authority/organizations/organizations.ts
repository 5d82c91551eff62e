import type { Legal, Organization } from '../../src-shared/http/organizations.ts';
import type { ClusterLocation } from '../../src-shared/http/schema.ts';
import type { Lease } from '../../src-shared/lease.ts';
import { fail, ok, Refusal, settle, unwrap } from '../../src-shared/result.ts';
import type { Result } from '../../src-shared/result.ts';
import type { ConfirmPassword } from '../accounts/guard.ts';
import { recordAudit } from '../audit/audit.ts';
import type { Trx } from '../adapter/schema.ts';
import type { Ground, Person } from '../ground.ts';
import { leave } from '../people/removal.ts';
import { deleteOrganization, leasesOut } from './deletion.ts';
import { judgeLegal } from './legal.ts';
import { demand } from './membership.ts';
import { createOwnership } from './ownership.ts';
import { organizationsOf } from './view.ts';

/** Organizations that one person may have created: no more than anybody needs. */
const MOST_CREATED = 50;

export const createOrganizations = (ground: Ground, confirmPassword: ConfirmPassword) => {
  const { database, clock, random, hub } = ground;

  const read = async (person: Person, organization: string): Promise<Result<Organization>> => {
    const [found] = await organizationsOf(database.db, person.id, organization);
    return found ? ok(found) : fail('NOT_FOUND', { organization });
  };

  const demandFreeName = async (trx: Trx, name: string, but: string | null): Promise<void> => {
    const taken = await trx.selectFrom('organization').where('name', '=', name).select('id').executeTakeFirst();
    if (taken && taken.id !== but) throw new Refusal('CONFLICT', { why: 'name-taken', name });
  };

  return {
    ...createOwnership(ground, confirmPassword, read),
    read,
    list: (person: Person) => organizationsOf(database.db, person.id),

    /** Errors: `CONFLICT` (why: name-taken, too-many). */
    create: async (person: Person, input: { readonly name: string; readonly cluster: ClusterLocation }): Promise<Result<Organization>> => {
      const id = random.id('org');
      const created = await settle(() =>
        database.transact(async (trx) => {
          const now = clock.now();
          await demandFreeName(trx, input.name, null);
          const { count } = await trx.selectFrom('organization').where('created_by', '=', person.id).select((eb) => eb.fn.countAll<number>().as('count')).executeTakeFirstOrThrow();
          if (count >= MOST_CREATED) throw new Refusal('CONFLICT', { why: 'too-many', most: MOST_CREATED });
          await trx.insertInto('organization').values({ id, name: input.name, cluster: input.cluster, created_by: person.id, created_at: now }).execute();
          await trx.insertInto('member').values({ organization: id, user: person.id, role: 'owner', joined_at: now }).execute();
          await trx.updateTable('user').set({ default_organization: id }).where('id', '=', person.id).where('default_organization', 'is', null).execute();
          await recordAudit(trx, [{ at: now, organization: id, actor: person.id, action: 'organization.created', subject: id, details: { cluster: input.cluster } }]);
        }),
      );
      if (!created.ok) return created;
      hub.publish({ type: 'account' }, { user: person.id });
      return read(person, id);
    },

    /** Errors: `NOT_FOUND`, `FORBIDDEN`, `CONFLICT` (name-taken), `INPUT_INVALID` with `at`. */
    edit: async (person: Person, organization: string, input: { readonly name: string; readonly legal: Legal | null; readonly cluster: ClusterLocation }): Promise<Result<Organization>> => {
      const edited = await settle(() =>
        database.transact(async (trx) => {
          await demand(trx, organization, person.id, 'organization.edit-legal');
          const legal = input.legal === null ? null : unwrap(judgeLegal(input.legal));
          await demandFreeName(trx, input.name, organization);
          const was = await trx.selectFrom('organization').where('id', '=', organization).selectAll().executeTakeFirstOrThrow();
          const text = legal === null ? null : JSON.stringify(legal);
          const changed = [was.name !== input.name && 'name', was.legal !== text && 'legal', was.cluster !== input.cluster && 'cluster'].filter((field) => field !== false);
          if (changed.length === 0) return false;
          await trx.updateTable('organization').set({ name: input.name, legal: text, cluster: input.cluster }).where('id', '=', organization).execute();
          await recordAudit(trx, [{ at: clock.now(), organization, actor: person.id, action: 'organization.edited', subject: organization, details: { changed } }]);
          return changed.includes('name');
        }),
      );
      if (!edited.ok) return edited;
      if (edited.value) await tellEverybody(organization);
      return read(person, organization);
    },

    /** Errors: `NOT_FOUND`, `FORBIDDEN`. */
    leases: (person: Person, organization: string): Promise<Result<{ readonly leases: readonly Lease[] }>> =>
      settle(async () => {
        await demand(database.db, organization, person.id, 'organization.delete');
        return { leases: await leasesOut(database.db, organization, clock.now()) };
      }),

    /** Errors: `NOT_FOUND`, `FORBIDDEN`, `CONFLICT` (why: name, leases with the list). */
    remove: async (person: Person, organization: string, name: string): Promise<Result<null>> => {
      const removed = await settle(() => database.transact((trx) => deleteOrganization(trx, { person, organization, name, now: clock.now() })));
      if (!removed.ok) return removed;
      for (const user of removed.value) hub.publish({ type: 'account' }, { user });
      return ok(null);
    },

    /** Errors: `NOT_FOUND`, `CONFLICT` (why: last-owner). */
    leave: (person: Person, organization: string): Promise<Result<null>> => leave(ground, person, organization),
  };

  async function tellEverybody(organization: string): Promise<void> {
    for (const { user } of await database.db.selectFrom('member').where('organization', '=', organization).select('user').execute()) hub.publish({ type: 'account' }, { user });
    hub.publish({ type: 'entitlements', organization }, { organization });
  }
};

export type Organizations = ReturnType<typeof createOrganizations>;
