import type { Organization } from '../../src-shared/http/organizations.ts';
import { Refusal, settle } from '../../src-shared/result.ts';
import type { Result } from '../../src-shared/result.ts';
import type { ConfirmPassword } from '../accounts/guard.ts';
import { recordAudit } from '../audit/audit.ts';
import type { Trx } from '../adapter/schema.ts';
import type { Ground, Person, SignedInPerson } from '../ground.ts';
import { ownershipOfferedLetter, ownershipPassedLetter } from '../mail/letters/ownership.ts';
import { portalLink, queueMail } from '../mail/queue.ts';
import { endInvitesLost } from '../people/inviters.ts';
import { demand, roleOf } from './membership.ts';

type Read = (person: Person, organization: string) => Promise<Result<Organization>>;

/** Ownership passes on when both have confirmed it with their passwords: the one who offers, then the one who accepts. */
export const createOwnership = (ground: Ground, confirmPassword: ConfirmPassword, read: Read) => {
  const { database, clock, hub } = ground;

  const offerOf = (trx: Trx, organization: string) => trx.selectFrom('ownership_offer').selectAll().where('organization', '=', organization).executeTakeFirst();
  const contact = (trx: Trx, user: string) => trx.selectFrom('user').select(['id', 'name', 'email', 'locale']).where('id', '=', user).executeTakeFirstOrThrow();
  const nameOf = async (trx: Trx, organization: string) => (await trx.selectFrom('organization').select('name').where('id', '=', organization).executeTakeFirstOrThrow()).name;

  /** Does `work` in a transaction, tells the two of it, and shows the organization as it is then. */
  const change = async (person: Person, organization: string, work: (trx: Trx) => Promise<readonly string[]>): Promise<Result<Organization>> => {
    const done = await settle(() => database.transact(work));
    if (!done.ok) return done;
    for (const user of done.value) hub.publish({ type: 'account' }, { user });
    hub.publish({ type: 'entitlements', organization }, { organization });
    return read(person, organization);
  };

  return {
    /** Errors: `NOT_FOUND`, `FORBIDDEN`, `CONFLICT` (why: already-owner, offered), `CREDENTIALS_INVALID`, `RATE_LIMITED`. */
    offerOwnership: async (person: SignedInPerson, organization: string, input: { readonly to: string; readonly password: string }): Promise<Result<Organization>> => {
      const allowed = await settle(() => demand(database.db, organization, person.id, 'organization.transfer'));
      if (!allowed.ok) return allowed;
      const confirmed = await confirmPassword(person, input.password);
      if (!confirmed.ok) return confirmed;
      return change(person, organization, async (trx) => {
        const now = clock.now();
        await demand(trx, organization, person.id, 'organization.transfer');
        const role = await roleOf(trx, organization, input.to);
        if (role === null) throw new Refusal('NOT_FOUND', { person: input.to });
        if (role === 'owner') throw new Refusal('CONFLICT', { why: 'already-owner', person: input.to });
        const open = await offerOf(trx, organization);
        if (open && open.offered_by !== person.id) throw new Refusal('CONFLICT', { why: 'offered', by: open.offered_by });
        await trx.deleteFrom('ownership_offer').where('organization', '=', organization).execute();
        await trx.insertInto('ownership_offer').values({ organization, offered_by: person.id, offered_to: input.to, at: now }).execute();
        await recordAudit(trx, [{ at: now, organization, actor: person.id, action: 'ownership.offered', subject: input.to, details: { instead: open?.offered_to ?? null } }]);
        const to = await contact(trx, input.to);
        const facts = { organization: await nameOf(trx, organization), from: person.name, link: portalLink(ground, '/organization') };
        await queueMail(trx, { to: to.email, locale: to.locale, letter: ownershipOfferedLetter, facts, at: now });
        return [person.id, input.to, ...(open ? [open.offered_to] : [])];
      });
    },

    /** Errors: `NOT_FOUND`, `FORBIDDEN` (somebody else's offer), `CONFLICT` (why: no-offer). */
    endOffer: (person: Person, organization: string): Promise<Result<Organization>> =>
      change(person, organization, async (trx) => {
        const role = await demand(trx, organization, person.id, 'organization.view');
        const open = await offerOf(trx, organization);
        const concerns = open?.offered_by === person.id || open?.offered_to === person.id;
        if (!concerns && role !== 'owner') throw new Refusal('FORBIDDEN', { operation: 'organization.transfer', role });
        if (!open) throw new Refusal('CONFLICT', { why: 'no-offer' });
        if (!concerns) throw new Refusal('FORBIDDEN', { why: 'offer-of-another' });
        await trx.deleteFrom('ownership_offer').where('organization', '=', organization).execute();
        await recordAudit(trx, [
          {
            at: clock.now(), organization, actor: person.id, action: 'ownership.offer-ended', subject: open.offered_to,
            details: { how: open.offered_by === person.id ? 'withdrawn' : 'declined' },
          },
        ]);
        return [open.offered_by, open.offered_to];
      }),

    /** Errors: `NOT_FOUND`, `FORBIDDEN`, `CONFLICT` (why: no-offer), `CREDENTIALS_INVALID`, `RATE_LIMITED`. */
    acceptOwnership: async (person: SignedInPerson, organization: string, password: string): Promise<Result<Organization>> => {
      const demandOffer = async (trx: Trx) => {
        await demand(trx, organization, person.id, 'organization.view');
        const open = await offerOf(trx, organization);
        if (!open) throw new Refusal('CONFLICT', { why: 'no-offer' });
        if (open.offered_to !== person.id) throw new Refusal('FORBIDDEN', { why: 'offer-of-another' });
        return open;
      };
      const offered = await settle(() => database.transact(demandOffer));
      if (!offered.ok) return offered;
      const confirmed = await confirmPassword(person, password);
      if (!confirmed.ok) return confirmed;
      return change(person, organization, async (trx) => {
        const now = clock.now();
        const open = await demandOffer(trx);
        // Whoever offered may have lost the role since; then there is nothing of theirs to pass on.
        if ((await roleOf(trx, organization, open.offered_by)) !== 'owner') throw new Refusal('CONFLICT', { why: 'no-offer' });
        await trx.deleteFrom('ownership_offer').where('organization', '=', organization).execute();
        await trx.updateTable('member').set({ role: 'owner' }).where('organization', '=', organization).where('user', '=', person.id).execute();
        await trx.updateTable('member').set({ role: 'manager' }).where('organization', '=', organization).where('user', '=', open.offered_by).execute();
        await endInvitesLost(trx, { organization, user: open.offered_by, left: 'manager', by: person.id, now });
        await recordAudit(trx, [{ at: now, organization, actor: person.id, action: 'ownership.passed', subject: person.id, details: { from: open.offered_by } }]);
        const [from, to, name] = [await contact(trx, open.offered_by), await contact(trx, person.id), await nameOf(trx, organization)];
        for (const each of [from, to]) {
          await queueMail(trx, { to: each.email, locale: each.locale, letter: ownershipPassedLetter, facts: { organization: name, from: from.name, to: to.name }, at: now });
        }
        return [from.id, to.id];
      });
    },
  };
};
