import { authenticateHeartbeat } from '../../src-shared/documents/index.ts';
import { CLOCK_TOLERANCE, defaultPolicy } from '../../src-shared/policy.ts';
import type { Policy } from '../../src-shared/policy.ts';
import { fail, ok } from '../../src-shared/result.ts';
import type { Result } from '../../src-shared/result.ts';
import type { Seconds } from '../../src-shared/time.ts';
import type { Trx } from '../adapter/schema.ts';
import { recordAudit } from '../audit/audit.ts';
import type { Ground } from '../ground.ts';
import { machineKey } from './admit.ts';
import { markOf } from './copies.ts';
import { confirmMachineOf } from './own-machines.ts';
import { settleSeat } from './seats.ts';
import { leaseRow } from './view.ts';

export type Heard = {
  readonly state: 'active' | 'expired' | 'released' | 'revoked';
  readonly licenseFile: string | null;
  readonly endedBy: string | null;
  readonly retired?: boolean;
  readonly heartbeat?: Seconds;
  readonly validUntil?: Seconds | null;
  readonly now: Seconds;
};

/** What the license asks of whoever holds it, as it is now. */
const termsOf = async (trx: Trx, license: string): Promise<Pick<Heard, 'heartbeat' | 'validUntil'>> => {
  const row = await trx.selectFrom('license').select(['policy', 'valid_until']).where('id', '=', license).executeTakeFirst();
  if (!row) return {};
  const { heartbeat = defaultPolicy.heartbeat } = JSON.parse(row.policy) as Partial<Policy>;
  return { heartbeat, validUntil: row.valid_until };
};

/**
 * A machine says which file of its lease it holds, and by that that it holds no earlier one: the seat is busy no longer
 * than the files from that one on. Errors: those of the route `heartbeat`.
 */
export const createHearing = (ground: Ground) => {
  const { database, hub } = ground;
  return async (jws: string): Promise<Result<Heard>> => {
    const read = await authenticateHeartbeat(jws, (machine) => machineKey(database.db, machine));
    if (!read.ok) return read;
    const claims = read.value;
    if (claims.aud !== ground.authority) return fail('FILE_WRONG_AUTHORITY', { expected: ground.authority, actual: claims.aud });
    let changed: { readonly organization: string } | null = null;
    const result = await database.transact(async (trx): Promise<Result<Heard>> => {
      const time = await ground.time.judge(trx);
      if (!time.ok) return time;
      const now = time.value;
      const lease = await leaseRow(trx, claims.sub);
      if (!lease || lease.machine !== claims.iss) return fail('LEASE_NOT_FOUND', { lease: claims.sub });
      const files = await trx.selectFrom('license_file').select(['jti', 'seq', 'exp']).where('lease', '=', lease.id).execute();
      const held = files.find((file) => file.jti === claims.file);
      if (!held) return fail('LEASE_NOT_FOUND', { lease: lease.id, file: claims.file });

      const ended = lease.state === 'released' || lease.state === 'revoked';
      const stillUsable = Math.max(...files.filter((file) => file.seq >= held.seq).map((file) => file.exp));
      const busyUntil = Math.min(lease.busy_until, stillUsable);
      const confirmed = lease.confirmed === 1 || held.jti === lease.file;
      const lowered = busyUntil < lease.busy_until;
      const news = confirmed !== (lease.confirmed === 1) || lowered;
      // A heartbeat that was kept and played later says nothing of when the machine was last there.
      const recent = Math.abs(now - claims.iat) <= CLOCK_TOLERANCE;
      if (news || recent) {
        await trx
          .updateTable('lease')
          .set({ busy_until: busyUntil, confirmed: confirmed ? 1 : 0, ...(recent ? { last_contact: now } : {}) })
          .where('id', '=', lease.id)
          .execute();
      }
      if (lowered && lease.seat !== null) await settleSeat(trx, lease.seat, now);
      if (lease.machine_confirmed === 0) await confirmMachineOf(trx, { organization: lease.organization, machine: lease.machine }, now);
      if (news) {
        changed = { organization: lease.organization };
        await recordAudit(trx, [
          { at: now, organization: lease.organization, actor: claims.iss, action: 'lease.confirmed', subject: lease.id, details: { file: held.jti, busyUntil, was: lease.busy_until } },
        ]);
      }
      const active = !ended && lease.state === 'active' && busyUntil > now;
      const newer = active && held.jti !== lease.file ? await trx.selectFrom('license_file').select('text').where('lease', '=', lease.id).where('seq', '=', lease.file_seq).executeTakeFirst() : undefined;
      return ok({
        state: lease.state === 'released' || lease.state === 'revoked' ? lease.state : active ? 'active' : 'expired',
        licenseFile: newer?.text ?? null,
        endedBy: lease.ended_why === 'person' ? lease.ended_by : null,
        ...(ended && (await markOf(trx, lease.machine))?.retired && { retired: true }),
        ...(await termsOf(trx, lease.license)),
        now,
      });
    });
    if (changed) hub.publish({ type: 'entitlements', organization: (changed as { organization: string }).organization }, changed);
    return result;
  };
};
