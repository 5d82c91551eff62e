import { sql } from 'kysely';
import type { Lease } from '../../src-shared/lease.ts';
import { Refusal } from '../../src-shared/result.ts';
import type { Seconds } from '../../src-shared/time.ts';
import { recordAudit } from '../audit/audit.ts';
import type { Db, Trx } from '../adapter/schema.ts';
import type { Person } from '../ground.ts';
import { leaseOf, selectLeases } from '../leases/view.ts';
import { forgetLoadedOrganization } from '../load/memory.ts';
import { organizationDeletedLetter } from '../mail/letters/organization-deleted.ts';
import { queueMail } from '../mail/queue.ts';
import { demand } from './membership.ts';

/** In a refusal; the route `organizations.leases` has them all. */
const LISTED = 100;

/** Every lease whose file a machine may still use, the longest first. */
export const leasesOut = async (db: Db, organization: string, now: Seconds): Promise<readonly Lease[]> =>
  (
    await selectLeases(db)
      .where('license.organization', '=', organization)
      .where('lease.busy_until', '>', now)
      .where('lease.seat', 'is not', null)
      .orderBy('lease.busy_until', 'desc')
      .orderBy('lease.id')
      .execute()
  ).map(leaseOf);

/**
 * Deletes an organization and all that is kept of it. The audit stays: it knows organizations and people by id only, so its
 * chain can be verified for ever. Returns whom to tell. Errors (thrown): `NOT_FOUND`, `FORBIDDEN`, `CONFLICT`.
 */
export const deleteOrganization = async (
  trx: Trx,
  input: { readonly person: Person; readonly organization: string; readonly name: string; readonly now: Seconds },
): Promise<readonly string[]> => {
  const { person, organization, now } = input;
  await demand(trx, organization, person.id, 'organization.delete');
  const { name } = await trx.selectFrom('organization').where('id', '=', organization).select('name').executeTakeFirstOrThrow();
  if (input.name.trim() !== name) throw new Refusal('CONFLICT', { why: 'name' });
  const out = await leasesOut(trx, organization, now);
  if (out.length > 0) {
    throw new Refusal('CONFLICT', {
      why: 'leases', count: out.length,
      leases: out.slice(0, LISTED).map((lease) => ({
        lease: lease.id, license: lease.license, product: lease.product.name, machine: { id: lease.machine.id, name: lease.machine.name },
        person: lease.holder?.name ?? null, mode: lease.mode, until: lease.busyUntil,
      })),
    });
  }
  const people = await trx
    .selectFrom('member').innerJoin('user', 'user.id', 'member.user').where('member.organization', '=', organization).select(['user.id', 'user.email', 'user.locale']).execute();

  const licenses = trx.selectFrom('license').select('id').where('organization', '=', organization);
  const leases = trx.selectFrom('lease').select('id').where('license', 'in', licenses);
  const machines = (await trx.selectFrom('lease').where('license', 'in', licenses).select('machine').distinct().execute()).map((row) => row.machine);
  await trx.deleteFrom('receipt').where('lease', 'in', leases).execute();
  // A request that another organization has answered, too, keeps its number and that answer.
  await trx.deleteFrom('request_answer').where('lease', 'in', leases).execute();
  await sql`
    UPDATE machine_document SET lease = (SELECT lease FROM request_answer WHERE request = machine_document.jti LIMIT 1)
    WHERE lease IN (${leases}) AND EXISTS (SELECT 1 FROM request_answer WHERE request = machine_document.jti)`.execute(trx);
  await sql`DELETE FROM request_answer WHERE EXISTS (SELECT 1 FROM machine_document WHERE jti = request_answer.request AND lease = request_answer.lease)`.execute(trx);
  await trx.deleteFrom('machine_document').where('lease', 'in', leases).execute();
  await trx.deleteFrom('license_file').where('lease', 'in', leases).execute();
  // A seat names its lease, and a lease its seat.
  await trx.updateTable('lease').set({ seat: null }).where('license', 'in', licenses).execute();
  await trx.deleteFrom('seat').where('license', 'in', licenses).execute();
  await trx.deleteFrom('lease').where('license', 'in', licenses).execute();
  await trx.deleteFrom('assignment').where('license', 'in', licenses).execute();
  await trx.deleteFrom('license').where('organization', '=', organization).execute();
  // A machine that has no lease of anybody else's is forgotten too. One by one: there may be more than a statement has parameters.
  for (const machine of machines) {
    const used = await trx.selectFrom('lease').where('machine', '=', machine).select('id').limit(1).executeTakeFirst();
    if (used) continue;
    await trx.deleteFrom('machine_document').where('machine', '=', machine).execute();
    await trx.deleteFrom('machine_fingerprint').where('machine', '=', machine).execute();
    await trx.deleteFrom('machine').where('id', '=', machine).execute();
  }
  await forgetLoadedOrganization(trx, organization);
  await trx.deleteFrom('invite').where('organization', '=', organization).execute();
  await sql`
    UPDATE user SET default_organization = (
      SELECT organization FROM member WHERE member.user = user.id AND organization <> ${organization} ORDER BY joined_at LIMIT 1)
    WHERE default_organization = ${organization}`.execute(trx);
  await trx.deleteFrom('member').where('organization', '=', organization).execute();
  await trx.deleteFrom('organization').where('id', '=', organization).execute();
  await recordAudit(trx, [{ at: now, organization, actor: person.id, action: 'organization.deleted', subject: organization, details: { people: people.length } }]);
  for (const each of people) {
    await queueMail(trx, { to: each.email, locale: each.locale, letter: organizationDeletedLetter, facts: { organization: name, by: person.name }, at: now });
  }
  return people.map((each) => each.id);
};
