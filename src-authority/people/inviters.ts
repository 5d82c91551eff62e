import { may, rolesGivenBy } from '../../src-shared/role.ts';
import type { Role } from '../../src-shared/role.ts';
import type { Seconds } from '../../src-shared/time.ts';
import { recordAudit } from '../audit/audit.ts';
import type { Db, Trx } from '../adapter/schema.ts';
import { roleOf } from '../organizations/membership.ts';

/** An invitation is worth as much as the role of the person who sent it. */
export type OpenInvite = { readonly id: string; readonly email: string; readonly role: Role };

const mayInviteAs = (own: Role | null, given: Role): boolean => own !== null && may(own, 'people.invite') && rolesGivenBy(own).includes(given);

/** Whether the person who sent this invitation might still send it. */
export const isBacked = async (db: Db, invite: { readonly organization: string; readonly invited_by: string | null; readonly role: Role }): Promise<boolean> =>
  invite.invited_by !== null && mayInviteAs(await roleOf(db, invite.organization, invite.invited_by), invite.role);

/** The open invitations of a person that they could not send with the role `left`; null: with none. */
export const invitesLost = async (db: Db, of: { readonly organization: string; readonly user: string; readonly left: Role | null; readonly now: Seconds }): Promise<readonly OpenInvite[]> =>
  (await db
    .selectFrom('invite').select(['id', 'email', 'role']).where('organization', '=', of.organization).where('invited_by', '=', of.user).where('state', '=', 'pending').where('expires_at', '>', of.now)
    .orderBy('email').execute()).filter(({ role }) => !mayInviteAs(of.left, role));

/** SECURITY: cancels them, so that nobody comes back, or brings somebody in, by an invitation from before. To be called where a role is taken away. */
export const endInvitesLost = async (trx: Trx, of: { readonly organization: string; readonly user: string; readonly left: Role | null; readonly by: string; readonly now: Seconds }): Promise<readonly OpenInvite[]> => {
  const lost = await invitesLost(trx, of);
  if (lost.length === 0) return lost;
  await trx.updateTable('invite').set({ state: 'cancelled', ended_at: of.now }).where('id', 'in', lost.map(({ id }) => id)).execute();
  await recordAudit(trx, lost.map(({ id }) => ({ at: of.now, organization: of.organization, actor: of.by, action: 'invite.cancelled', subject: id, details: { because: of.user } })));
  return lost;
};
