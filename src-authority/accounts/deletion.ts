import { fail, ok } from '../../src-shared/result.ts';
import type { Result } from '../../src-shared/result.ts';
import type { Lease } from '../../src-shared/lease.ts';
import type { Seconds } from '../../src-shared/time.ts';
import { recordAudit } from '../audit/audit.ts';
import { forgetLoaded } from '../load/memory.ts';
import type { Db, Trx } from '../adapter/schema.ts';
import type { Ground, SignedInPerson } from '../ground.ts';
import { tellOfLease } from '../leases/give-back.ts';
import { endLeasesOfLeaving, leasesOnLeaving } from '../leases/leaving.ts';
import { accountDeletedLetter } from '../mail/letters/account-deleted.ts';
import { queueMail } from '../mail/queue.ts';
import { endInvitesLost } from '../people/inviters.ts';
import { AUDIT_STEP } from './export.ts';
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

/** The leases that a person did something about, as far as the audit was read. */
type Touched = { readonly leases: readonly string[]; readonly upTo: number };

const leasesIn = async (db: Db, user: string, after: number, upTo: number | null): Promise<readonly string[]> =>
  (await db
    .selectFrom('audit').select('subject').where('seq', '>', after).$if(upTo !== null, (query) => query.where('seq', '<=', upTo ?? 0))
    .where('actor', '=', user).where('action', 'like', 'lease.%').execute()).map(({ subject }) => subject);

/** Read a piece at a time, before the transaction: the audit can be long, and others wait. */
const leasesTouched = async (db: Db, user: string): Promise<Touched> => {
  const { last } = await db.selectFrom('audit').select((eb) => eb.fn.max('seq').as('last')).executeTakeFirstOrThrow();
  const leases: string[] = [];
  for (let from = 0; from < (last ?? 0); from += AUDIT_STEP) {
    leases.push(...(await leasesIn(db, user, from, Math.min(from + AUDIT_STEP, last ?? 0))));
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { leases, upTo: last ?? 0 };
};

/**
 * Takes a person's data away. The row of the account and its id stay, because leases and the audit refer to them; nothing
 * there names the person any more, and the audit, which knows people by their ids, stays as it was written.
 */
const forget = async (trx: Trx, user: string, { email, name, touched, now }: { readonly email: string; readonly name: string; readonly touched: Touched; readonly now: Seconds }): Promise<void> => {
  for (const table of ['session', 'second_factor', 'recovery_code', 'mail_code', 'account_link', 'preference', 'preference_change', 'assignment', 'acceptance', 'member'] as const) {
    await trx.deleteFrom(table).where('user', '=', user).execute();
  }
  await trx.updateTable('task').set({ state: 'withdrawn', answered_at: now }).where('asked_by', '=', user).where('state', '=', 'open').execute();
  await trx.updateTable('task').set({ state: 'declined', answered_at: now }).where('asked_of', '=', user).where('state', '=', 'open').execute();
  await trx.updateTable('task').set({ note: '' }).where('asked_by', '=', user).execute();
  await trx.updateTable('invite').set({ state: 'cancelled', ended_at: now }).where('email', '=', email).where('state', '=', 'pending').execute();
  await trx.updateTable('invite').set({ email: `${user}@deleted.invalid` }).where('email', '=', email).execute();
  for (const lease of new Set([...touched.leases, ...(await leasesIn(trx, user, touched.upTo, null))])) {
    await trx.updateTable('lease').set({ ended_by: NOBODY }).where('id', '=', lease).where('ended_by', '=', name).execute();
  }
  await trx.deleteFrom('mail').where('recipient', '=', email).execute();
  await forgetLoaded(trx, user);
  await trx
    .updateTable('user')
    .set({ email: `${user}@deleted.invalid`, name: NOBODY, first_name: null, last_name: null, password: '', default_organization: null, locale: 'en', deleted_at: now })
    .where('id', '=', user)
    .execute();
};

export const createDeletion = ({ database, clock, hub }: Ground, { confirm }: { readonly confirm: ConfirmPassword }) =>
  /**
   * Deletes an account: online leases end, offline ones must come back first; those answered by file for others go on. Errors: those of `confirm`; `INPUT_INVALID` (why:
   * email) when the address typed is another; `CONFLICT` (why: last-owner, `organizations`; why: offline-leases, `leases`).
   */
  async (person: SignedInPerson, input: { readonly password: string; readonly email: string }): Promise<Result<null>> => {
    if (normalizeEmail(input.email) !== person.email) return fail('INPUT_INVALID', { why: 'email', at: 'body.email' });
    const confirmed = await confirm(person, input.password);
    if (!confirmed.ok) return confirmed;
    const touched = await leasesTouched(database.db, person.id);
    const ended: Lease[] = [];
    let organizations: readonly string[] = [];
    const result = await database.transact(async (trx): Promise<Result<null>> => {
      const now = clock.now();
      const user = await trx.selectFrom('user').select(['name', 'email', 'locale']).where('id', '=', person.id).where('password', '=', confirmed.value).where('deleted_at', 'is', null).executeTakeFirst();
      if (!user) return fail('CREDENTIALS_INVALID');
      const alone = await ownedAlone(trx, person.id);
      if (alone.length > 0) return fail('CONFLICT', { why: 'last-owner', organizations: alone });
      organizations = (await trx.selectFrom('member').select('organization').where('user', '=', person.id).execute()).map(({ organization }) => organization);
      const offline: Lease[] = [];
      for (const organization of organizations) offline.push(...(await leasesOnLeaving(trx, { organization, user: person.id, now })).atRisk);
      if (offline.length > 0) {
        return fail('CONFLICT', {
          why: 'offline-leases',
          leases: offline.map((lease) => ({
            lease: lease.id, product: lease.product.name, edition: lease.edition, organization: lease.organization.name, machine: { id: lease.machine.id, name: lease.machine.name }, until: lease.busyUntil,
          })),
        });
      }
      const nobody = { id: person.id, name: NOBODY, email: '' };
      for (const organization of organizations) ended.push(...(await endLeasesOfLeaving(trx, { organization, user: person.id, now }, nobody)).ended);
      for (const organization of organizations) await endInvitesLost(trx, { organization, user: person.id, left: null, by: person.id, now });
      await forget(trx, person.id, { email: user.email, name: user.name, touched, now });
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
