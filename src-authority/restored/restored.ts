import { readAuditHead, writeAuditHead } from '../adapter/audit-head.ts';
import type { AuditHead } from '../adapter/audit-head.ts';
import { storeFailure } from '../adapter/database.ts';
import type { Db, Trx } from '../adapter/schema.ts';
import { auditHeadOf, recordAudit } from '../audit/audit.ts';
import type { Ground } from '../ground.ts';
import { restoredLetter } from '../mail/letters/restored.ts';
import { portalLink, queueMail } from '../mail/queue.ts';
import { fail, ok } from '../../src-shared/result.ts';
import type { Failure, Result } from '../../src-shared/result.ts';
import type { Seconds } from '../../src-shared/time.ts';

/**
 * A backup in the place of the database brings back sessions, links, invitations and roles that have ended since, and seats that
 * are taken. It is noticed by the audit's head that lies beside the keys: what may be wrong ends at once, the owners are told, and
 * nothing is issued until an operator has said to go on (docs/adr/0029-a-restored-authority-asks.md).
 */
export type Restored = {
  /** `STORE_UNUSABLE` (why: restored) while the operator has not said to go on; null: nothing is in the way of issuing. */
  readonly refusal: () => Promise<Failure | null>;
  /** The operator says to go on. Errors: `CONFLICT` (why: not-restored). */
  readonly accept: () => Promise<Result<{ readonly stateOf: Seconds; readonly noticedAt: Seconds; readonly lost: number }>>;
  /** Writes the head beside the keys, where it has moved. What the disk does not take is written the next time. */
  readonly keepHead: () => Promise<void>;
};

const NOTHING: AuditHead = { seq: 0, hash: '' };

/** Whether the row that the keys know of is not here. */
const isOlder = async (db: Db, known: AuditHead): Promise<boolean> => {
  const row = await db.selectFrom('audit').select('hash').where('seq', '=', known.seq).executeTakeFirst();
  return row?.hash !== known.hash;
};

/** Everything by which somebody could act who may not any more: the restored database cannot know. */
const endWhatMayHaveEnded = async (trx: Trx, now: Seconds) => {
  const sessions = await trx.updateTable('session').set({ revoked_at: now }).where('revoked_at', 'is', null).where('expires_at', '>', now).returning('id').execute();
  const links = await trx.updateTable('account_link').set({ ended_at: now }).where('used_at', 'is', null).where('ended_at', 'is', null).returning('user').execute();
  const codes = await trx.updateTable('mail_code').set({ used_at: now }).where('used_at', 'is', null).returning('user').execute();
  const invites = await trx.updateTable('invite').set({ state: 'cancelled', ended_at: now }).where('state', '=', 'pending').returning(['id', 'organization']).execute();
  const offers = await trx.deleteFrom('ownership_offer').returning('organization').execute();
  // Letters of then were sent long ago, or lead nowhere now.
  await trx.updateTable('mail').set({ state: 'failed', text: '', html: '', problem: 'restored' }).where('state', '=', 'waiting').execute();
  return { sessions, links, codes, invites, offers };
};

const tellOwners = async (trx: Trx, ground: Pick<Ground, 'publicUrl'>, now: Seconds, stateOf: Seconds): Promise<void> => {
  const rows = await trx
    .selectFrom('member').innerJoin('user', 'user.id', 'member.user').innerJoin('organization', 'organization.id', 'member.organization')
    .where('member.role', '=', 'owner').orderBy('organization.name')
    .select(['user.id', 'user.name', 'user.email', 'user.locale', 'organization.name as organization']).execute();
  for (const memberships of Map.groupBy(rows, ({ id }) => id).values()) {
    const [owner] = memberships;
    if (!owner) continue;
    const facts = { name: owner.name, organizations: memberships.map(({ organization }) => organization), at: now, stateOf, link: portalLink(ground, '/') };
    await queueMail(trx, { to: owner.email, locale: owner.locale, letter: restoredLetter, at: now, facts });
  }
};

/** `unwritten`: it was noticed, and the disk did not take it. */
type State = 'same' | 'waiting' | 'accepted' | 'unwritten';

/** Once for each head that is missing. Returns whether an operator still has to say so. */
const notice = async (ground: Pick<Ground, 'database' | 'clock' | 'authority' | 'publicUrl'>, known: AuditHead): Promise<State> =>
  ground.database.transact(async (trx) => {
    const before = await trx.selectFrom('restoration').selectAll().where('head', '=', known.hash).executeTakeFirst();
    if (before) return before.accepted_at === null ? 'waiting' : 'accepted';
    const now = ground.clock.now();
    const last = await trx.selectFrom('audit').select(['seq', 'at']).orderBy('seq', 'desc').limit(1).executeTakeFirst();
    const stateOf = last?.at ?? 0;
    await trx.insertInto('restoration').values({ head: known.hash, seq: known.seq, state_of: stateOf, noticed_at: now, accepted_at: null }).execute();
    const { sessions, links, codes, invites, offers } = await endWhatMayHaveEnded(trx, now);
    await tellOwners(trx, ground, now, stateOf);
    const by = { at: now, actor: 'operator' } as const;
    await recordAudit(trx, [
      { ...by, organization: null, action: 'authority.restore-noticed', subject: ground.authority,
        details: { known: known.seq, found: last?.seq ?? 0, sessions: sessions.length, links: links.length, codes: codes.length, invites: invites.length, offers: offers.length } },
      ...invites.map(({ id, organization }) => ({ ...by, organization, action: 'invite.cancelled' as const, subject: id, details: { why: 'restored' } })),
      ...offers.map(({ organization }) => ({ ...by, organization, action: 'ownership.offer-ended' as const, subject: organization, details: { why: 'restored' } })),
    ]);
    return 'waiting';
  });

const waitingIn = (db: Db) => db.selectFrom('restoration').selectAll().where('accepted_at', 'is', null).orderBy('noticed_at', 'desc').executeTakeFirst();

const stateOf = async (ground: Parameters<typeof notice>[0], home: string, first: AuditHead | null): Promise<State> => {
  const { db } = ground.database;
  // A process that serves may have been writing it at that moment: what would end every session is read once more.
  const known = first !== null && (await isOlder(db, first)) ? ((await readAuditHead(home)) ?? first) : first;
  if (known === null || !(await isOlder(db, known))) return (await waitingIn(db)) ? 'waiting' : 'same';
  try {
    return await notice(ground, known);
  } catch (error) {
    // A full disk: nothing is issued either, and it is noticed again the next time.
    if (!storeFailure(error)) throw error;
    return 'unwritten';
  }
};

/** `known`: read before the database was opened, or another process could have moved it on in between. */
export const createRestored = async (ground: Pick<Ground, 'database' | 'clock' | 'authority' | 'publicUrl'>, home: string, known: AuditHead | null): Promise<Restored> => {
  const { database, clock } = ground;
  const { db } = database;
  const state = await stateOf(ground, home, known);
  let written = state === 'same' ? (known ?? NOTHING) : NOTHING;

  const keep = async (force: boolean): Promise<void> => {
    const head = await auditHeadOf(db);
    if (head.hash === written.hash) return;
    const there = await readAuditHead(home);
    // Another process was further.
    if (!force && there !== null && there.seq > head.seq) return;
    await writeAuditHead(home, head);
    written = head;
  };

  return {
    refusal: async () => {
      if (state === 'unwritten') return fail('STORE_UNUSABLE', { why: 'restored' });
      const row = state === 'waiting' ? await waitingIn(db) : undefined;
      return row ? fail('STORE_UNUSABLE', { why: 'restored', stateOf: row.state_of, noticedAt: row.noticed_at }) : null;
    },
    accept: async () => {
      const accepted = await database.transact(async (trx) => {
        const row = await waitingIn(trx);
        if (!row) return null;
        const now = clock.now();
        await trx.updateTable('restoration').set({ accepted_at: now }).where('accepted_at', 'is', null).execute();
        await recordAudit(trx, [{ at: now, organization: null, actor: 'operator', action: 'authority.restore-accepted', subject: ground.authority, details: { known: row.seq, stateOf: row.state_of } }]);
        return row;
      });
      if (!accepted) return fail('CONFLICT', { why: 'not-restored' });
      await keep(true);
      return ok({ stateOf: accepted.state_of, noticedAt: accepted.noticed_at, lost: accepted.seq });
    },
    keepHead: async () => {
      // Until then it is what shows that this database is not the newest one.
      if (state === 'unwritten' || (await waitingIn(db))) return;
      await keep(state === 'accepted').catch(() => undefined);
    },
  };
};

const KEEP_HEAD_MS = 1000;

/** While an authority serves; also for one that lasts for months. */
export const keepHeadEvery = (restored: Restored, isSameFile: () => boolean): (() => void) => {
  let isKeeping = false;
  const timer = setInterval(() => {
    if (isKeeping || !isSameFile()) return;
    isKeeping = true;
    void restored.keepHead().catch(() => undefined).finally(() => (isKeeping = false));
  }, KEEP_HEAD_MS);
  timer.unref();
  return () => clearInterval(timer);
};
