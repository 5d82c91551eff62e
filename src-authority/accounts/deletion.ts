import { fail, ok } from '../../src-shared/result.ts';
import type { Result } from '../../src-shared/result.ts';
import type { Lease } from '../../src-shared/lease.ts';
import type { Seconds } from '../../src-shared/time.ts';
import { recordAudit } from '../audit/audit.ts';
import type { Trx } from '../adapter/schema.ts';
import type { Ground, Person } from '../ground.ts';
import { endOnline, isOffline, tellOfLease } from '../leases/give-back.ts';
import { selectLeases } from '../leases/view.ts';
import { accountDeletedLetter } from '../mail/letters/account-deleted.ts';
import { queueMail } from '../mail/queue.ts';
import type { ConfirmPassword } from './guard.ts';
import { normalizeEmail } from './view.ts';

/** What a deleted person is called where somebody must be named. */
const NOBODY = 'a deleted person';

/** The organizations that would be left without an owner. */
const ownedAlone = (trx: Trx, user: string) =>
  trx
    .selectFrom('member').innerJoin('organization', 'organization.id', 'member.organization').where('member.user', '=', user).where('member.role', '=', 'owner')
    .where((eb) =>
      eb.not(eb.exists(eb.selectFrom('member as other').select('other.user').whereRef('other.organization', '=', 'member.organization').where('other.role', '=', 'owner').where('other.user', '<>', user))))
    .orderBy('organization.name').select(['organization.id', 'organization.name']).execute();

/**
 * Takes a person's data away. The row of the account and its id stay, because leases and the audit refer to them; nothing
 * there names the person any more, and the audit, which knows people by their ids, stays as it was written.
 */
const forget = async (trx: Trx, user: string, email: string, now: Seconds): Promise<void> => {
  for (const table of ['session', 'second_factor', 'recovery_code', 'mail_code', 'account_link', 'preference', 'preference_change', 'assignment', 'acceptance', 'member'] as const) {
    await trx.deleteFrom(table).where('user', '=', user).execute();
  }
  await trx.updateTable('task').set({ state: 'withdrawn', answered_at: now }).where('asked_by', '=', user).where('state', '=', 'open').execute();
  await trx.updateTable('task').set({ state: 'declined', answered_at: now }).where('asked_of', '=', user).where('state', '=', 'open').execute();
  await trx.updateTable('task').set({ note: '' }).where('asked_by', '=', user).execute();
  await trx.updateTable('invite').set({ state: 'cancelled', ended_at: now }).where('email', '=', email).where('state', '=', 'pending').execute();
  await trx.updateTable('invite').set({ email: `${user}@deleted.invalid` }).where('email', '=', email).execute();
  await trx.updateTable('lease').set({ ended_by: NOBODY }).where('ended_why', '=', 'person').where('id', 'in', trx.selectFrom('audit').select('subject').where('actor', '=', user).where('action', '=', 'lease.released-by-person')).execute();
  await trx.deleteFrom('mail').where('recipient', '=', email).execute();
  await trx
    .updateTable('user')
    .set({ email: `${user}@deleted.invalid`, name: NOBODY, first_name: null, last_name: null, password: '', default_organization: null, locale: 'en', deleted_at: now })
    .where('id', '=', user)
    .execute();
};

export const createDeletion = ({ database, clock, hub }: Ground, { confirm }: { readonly confirm: ConfirmPassword }) =>
  /**
   * Deletes an account: online leases end, offline ones must come back first. Errors: those of `confirm`; `INPUT_INVALID` (why:
   * email) when the address typed is another; `CONFLICT` (why: last-owner, `organizations`; why: offline-leases, `leases`).
   */
  async (person: Person, input: { readonly password: string; readonly email: string }): Promise<Result<null>> => {
    if (normalizeEmail(input.email) !== person.email) return fail('INPUT_INVALID', { why: 'email', at: 'body.email' });
    const confirmed = await confirm(person, input.password);
    if (!confirmed.ok) return confirmed;
    const ended: Lease[] = [];
    let organizations: readonly string[] = [];
    const result = await database.transact(async (trx): Promise<Result<null>> => {
      const now = clock.now();
      const user = await trx.selectFrom('user').select(['name', 'email', 'locale']).where('id', '=', person.id).where('password', '=', confirmed.value).where('deleted_at', 'is', null).executeTakeFirst();
      if (!user) return fail('CREDENTIALS_INVALID');
      const alone = await ownedAlone(trx, person.id);
      if (alone.length > 0) return fail('CONFLICT', { why: 'last-owner', organizations: alone });
      const leases = await selectLeases(trx).where('lease.holder', '=', person.id).where('lease.busy_until', '>', now).where('lease.state', '=', 'active').execute();
      const offline = leases.filter(isOffline);
      if (offline.length > 0) {
        return fail('CONFLICT', {
          why: 'offline-leases',
          leases: offline.map((lease) => ({
            lease: lease.id, product: lease.product_name, edition: lease.edition, organization: lease.organization_name, machine: { id: lease.machine, name: lease.machine_name }, until: lease.busy_until,
          })),
        });
      }
      organizations = (await trx.selectFrom('member').select('organization').where('user', '=', person.id).execute()).map(({ organization }) => organization);
      for (const lease of leases) {
        const done = await endOnline(trx, { lease, person: { id: person.id, name: NOBODY }, now });
        if (!done.ok) throw new Error(`an online lease could not be ended: ${done.code}`);
        ended.push(done.value);
      }
      await forget(trx, person.id, user.email, now);
      await queueMail(trx, { to: user.email, locale: user.locale, letter: accountDeletedLetter, facts: { name: user.name, at: now }, at: now });
      await recordAudit(trx, [{ at: now, organization: null, actor: person.id, action: 'user.deleted', subject: person.id, details: { leasesEnded: ended.length } }]);
      return ok(null);
    });
    if (!result.ok) return result;
    for (const lease of ended) tellOfLease(hub, lease);
    for (const organization of organizations) hub.publish({ type: 'entitlements', organization }, { organization });
    hub.publish({ type: 'account' }, { user: person.id });
    return result;
  };
