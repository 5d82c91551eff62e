import type { Lease } from '../../src-shared/lease.ts';
import { ok, Refusal, settle } from '../../src-shared/result.ts';
import type { Result } from '../../src-shared/result.ts';
import type { Seconds } from '../../src-shared/time.ts';
import { recordAudit } from '../audit/audit.ts';
import type { Trx } from '../adapter/schema.ts';
import type { Ground, Person } from '../ground.ts';
import { tellOfLease } from '../leases/give-back.ts';
import { endLeasesOfLeaving, leasesOnLeaving } from '../leases/leaving.ts';
import { membershipEndedLetter } from '../mail/letters/membership-ended.ts';
import { queueMail } from '../mail/queue.ts';
import { endInvitesLost, invitesLost } from './inviters.ts';
import type { OpenInvite } from './inviters.ts';
import { demand, demandAnotherOwner, demandGiving, roleOf } from '../organizations/membership.ts';

export type Removal = { readonly people: readonly { readonly id: string; readonly name: string }[]; readonly ended: readonly Lease[]; readonly atRisk: readonly Lease[]; /** Invitations of theirs that nobody has accepted: they are cancelled. */ readonly invites: readonly OpenInvite[] };

type Effect = Omit<Removal, 'people'>;

/** Takes a person out of an organization with all that rests on it. Who may, and that an owner remains, is judged before. */
export const endMembership = async (
  trx: Trx,
  { organization, user, by, now, how }: { readonly organization: string; readonly user: string; readonly by: Person; readonly now: Seconds; readonly how: 'member.removed' | 'member.left' },
): Promise<Effect> => {
  const leases = await endLeasesOfLeaving(trx, { organization, user, now }, by);
  const licenses = trx.selectFrom('license').select('id').where('organization', '=', organization);
  await trx.deleteFrom('assignment').where('user', '=', user).where('license', 'in', licenses).execute();
  const invites = await endInvitesLost(trx, { organization, user, left: null, by: by.id, now });
  await trx.deleteFrom('member').where('organization', '=', organization).where('user', '=', user).execute();
  await trx.updateTable('user').set({ default_organization: null }).where('id', '=', user).where('default_organization', '=', organization).execute();
  await recordAudit(trx, [
    { at: now, organization, actor: by.id, action: how, subject: user, details: { ended: leases.ended.map(({ id }) => id), atRisk: leases.atRisk.map(({ id }) => id) } },
  ]);
  return { ...leases, invites };
};

const tell = ({ hub }: Ground, organization: string, users: readonly string[], leases: Pick<Effect, 'ended' | 'atRisk'>): void => {
  for (const lease of [...leases.ended, ...leases.atRisk]) tellOfLease(hub, lease);
  for (const user of users) hub.publish({ type: 'account' }, { user });
  hub.publish({ type: 'entitlements', organization }, { organization });
};

/** Errors: `NOT_FOUND`, `CONFLICT` (why: last-owner). */
export const leave = async (ground: Ground, person: Person, organization: string): Promise<Result<null>> => {
  const left = await settle(() =>
    ground.database.transact(async (trx) => {
      const role = await demand(trx, organization, person.id, 'organization.view');
      if (role === 'owner') await demandAnotherOwner(trx, organization, person.id);
      return endMembership(trx, { organization, user: person.id, by: person, now: ground.clock.now(), how: 'member.left' });
    }),
  );
  if (!left.ok) return left;
  tell(ground, organization, [person.id], left.value);
  return ok(null);
};

/**
 * Removes people, all or none. Without `confirm` nothing happens and the answer says what would. Errors: `NOT_FOUND`,
 * `FORBIDDEN`, `CONFLICT` (why: yourself, last-owner).
 */
export const removePeople = async (
  ground: Ground,
  person: Person,
  organization: string,
  input: { readonly people: readonly string[]; readonly confirm: boolean },
): Promise<Result<Removal>> => {
  const { database, clock } = ground;
  const users = [...new Set(input.people)];
  const removed = await settle(() =>
    database.transact(async (trx): Promise<Removal> => {
      const now = clock.now();
      const role = await demand(trx, organization, person.id, 'people.remove');
      const people: { readonly id: string; readonly name: string; readonly email: string; readonly locale: 'en' | 'de' }[] = [];
      for (const user of users) {
        const theirs = await roleOf(trx, organization, user);
        if (theirs === null) throw new Refusal('NOT_FOUND', { person: user });
        // Oneself one leaves: that is asked another way.
        if (user === person.id) throw new Refusal('CONFLICT', { why: 'yourself' });
        demandGiving(role, theirs, 'people.remove');
        people.push(await trx.selectFrom('user').select(['id', 'name', 'email', 'locale']).where('id', '=', user).executeTakeFirstOrThrow());
      }
      const { name } = await trx.selectFrom('organization').select('name').where('id', '=', organization).executeTakeFirstOrThrow();
      const ended: Lease[] = [];
      const atRisk: Lease[] = [];
      const invites: OpenInvite[] = [];
      for (const each of people) {
        const leases = input.confirm
          ? await endMembership(trx, { organization, user: each.id, by: person, now, how: 'member.removed' })
          : { ...(await leasesOnLeaving(trx, { organization, user: each.id, now })), invites: await invitesLost(trx, { organization, user: each.id, left: null, now }) };
        ended.push(...leases.ended);
        atRisk.push(...leases.atRisk);
        invites.push(...leases.invites);
        if (!input.confirm) continue;
        await queueMail(trx, {
          to: each.email, locale: each.locale, letter: membershipEndedLetter, at: now,
          facts: {
            organization: name, by: person.name,
            ended: leases.ended.map((lease) => ({ product: lease.product.name, machine: lease.machine.name, until: lease.busyUntil })),
            offline: leases.atRisk.map((lease) => ({ product: lease.product.name, machine: lease.machine.name, until: lease.busyUntil })),
          },
        });
      }
      return { people: people.map(({ id, name: of }) => ({ id, name: of })), ended, invites, atRisk: atRisk.toSorted((a, b) => b.busyUntil - a.busyUntil) };
    }),
  );
  if (removed.ok && input.confirm) tell(ground, organization, users, removed.value);
  return removed;
};
