import { sql } from 'kysely';
import { fail } from '../../src-shared/result.ts';
import type { Failure } from '../../src-shared/result.ts';
import { may, roles } from '../../src-shared/role.ts';
import type { Seconds } from '../../src-shared/time.ts';
import { recordAudit } from '../audit/audit.ts';
import { prepared } from '../adapter/prepared.ts';
import type { Db, Trx } from '../adapter/schema.ts';
import type { Ground } from '../ground.ts';
import { machineClonedLetter } from '../mail/letters/copies.ts';
import { portalLink, queueMail } from '../mail/queue.ts';

/**
 * Copied machines (docs/adr/0012-copied-machines.md). A number of a machine's counter that two documents use shows that its
 * profile was copied or restored. From then on nothing is issued to the machine until somebody has decided; what it gives
 * back is taken.
 */

const standingOf = prepared((db, p: { machine: string }) =>
  db.selectFrom('machine').where('id', '=', p.machine).select(['name', 'cloned_at', 'retired_at', 'last_seq']),
);

type Standing = { readonly cloned_at: Seconds | null; readonly retired_at: Seconds | null; readonly last_seq: number };

/** `last`: the highest number that the authority has answered, above which the machine goes on counting once it is trusted again. */
const refusal = (machine: string, row: Standing, seq: { readonly seq: number } | null): Failure => {
  const facts = { machine, ...seq, at: row.retired_at ?? row.cloned_at, retired: row.retired_at !== null, last: row.last_seq };
  return row.retired_at === null ? fail('MACHINE_CLONED', facts) : fail('MACHINE_CLONED', { ...facts, why: 'retired' });
};

/** Whether anything may be issued to a machine. Errors: `MACHINE_CLONED` (details: machine, at, retired, last). */
export const judgeMachine = async (db: Db, machine: string): Promise<Failure | null> => {
  const [row] = await standingOf(db, { machine });
  return row && (row.cloned_at !== null || row.retired_at !== null) ? refusal(machine, row, null) : null;
};

/** What is said of a document whose number another one had. Errors: `MACHINE_CLONED` (details: machine, seq, at, retired, last). */
export const copiedFailure = async (db: Db, machine: string, seq: number): Promise<Failure> => {
  const [row] = await standingOf(db, { machine });
  return refusal(machine, row ?? { cloned_at: null, retired_at: null, last_seq: 0 }, { seq });
};

/** Since when nobody has decided about a machine, or since when it is retired; null when licenses are issued to it. */
export const markOf = async (db: Db, machine: string): Promise<{ readonly at: Seconds; readonly retired: boolean } | null> => {
  const [row] = await standingOf(db, { machine });
  const at = row?.retired_at ?? row?.cloned_at ?? null;
  return row === undefined || at === null ? null : { at, retired: row.retired_at !== null };
};

const whoDecides = (trx: Trx, machine: string) =>
  trx
    .selectFrom('organization_machine')
    .innerJoin('organization', 'organization.id', 'organization_machine.organization')
    .innerJoin('member', 'member.organization', 'organization.id')
    .innerJoin('user', 'user.id', 'member.user')
    .where('organization_machine.machine', '=', machine)
    // A stranger who answered a request that they found is told nothing of it.
    .where('organization_machine.confirmed_at', 'is not', null)
    .where('member.role', 'in', roles.filter((role) => may(role, 'lease.release-any')))
    .orderBy('organization.id').orderBy(sql`member.role = 'owner'`, 'desc').orderBy('user.name')
    .select(['organization.id as organization', 'organization.name as organization_name', 'organization_machine.name as machine_name', 'user.email', 'user.locale'])
    .execute();

export const organizationsOf = async (db: Db, machine: string): Promise<readonly string[]> =>
  (await db.selectFrom('organization_machine').where('machine', '=', machine).select('organization').execute()).map(({ organization }) => organization);

/**
 * Marks a machine whose number `seq` was used twice, in the caller's transaction, which must commit: a refusal is returned there
 * and not thrown. Whoever decides in its organizations is written to, once; letters of this kind cannot be declined. Whether
 * it was not marked before.
 */
export const markCopied = async (
  trx: Trx,
  ground: Pick<Ground, 'publicUrl'>,
  found: { readonly machine: string; readonly seq: number; readonly document: string; readonly answered: string; readonly now: Seconds },
): Promise<boolean> => {
  const { machine, seq, document, answered, now } = found;
  const [row] = await standingOf(trx, { machine });
  if (!row || row.cloned_at !== null || row.retired_at !== null) return false;
  await trx.updateTable('machine').set({ cloned_at: now }).where('id', '=', machine).execute();
  await recordAudit(trx, [{ at: now, organization: null, actor: machine, action: 'machine.cloned', subject: machine, details: { seq, document, answered } }]);
  for (const reader of await whoDecides(trx, machine)) {
    const link = portalLink(ground, `/organizations/${encodeURIComponent(reader.organization)}/machines/${encodeURIComponent(machine)}`);
    const facts = { organization: reader.organization_name, machine: reader.machine_name, at: now, link };
    await queueMail(trx, { to: reader.email, locale: reader.locale, letter: machineClonedLetter, facts, at: now });
  }
  return true;
};

const confirmedOrganizationsOf = async (db: Db, machine: string): Promise<readonly string[]> =>
  (await db.selectFrom('organization_machine').where('machine', '=', machine).where('confirmed_at', 'is not', null).select('organization').execute()).map(({ organization }) => organization);

/** Everybody who is told of the machine looks again, and so does the machine itself; after the commit. */
export const tellOfMachine = async ({ database, hub }: Pick<Ground, 'database' | 'hub'>, machine: string): Promise<void> => {
  for (const organization of await confirmedOrganizationsOf(database.db, machine)) hub.publish({ type: 'entitlements', organization, machine }, { organization });
};
