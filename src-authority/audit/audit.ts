import { createHash } from 'node:crypto';
import type { Details } from '../../src-shared/errors.ts';
import type { Seconds } from '../../src-shared/time.ts';
import { prepared } from '../adapter/prepared.ts';
import type { Db, Row, Trx } from '../adapter/schema.ts';

/**
 * The record of what was done. A row is written in the transaction of the change itself; rows are never changed or
 * deleted, and each one's hash covers the row before it, so that an edit of the past shows.
 */
export type AuditEntry = {
  readonly at: Seconds;
  readonly organization: string | null;
  /** A user's id, a machine's id, or `operator`. */
  readonly actor: string;
  readonly action: AuditAction;
  /** The id of what was changed. */
  readonly subject: string;
  readonly details: Details;
};

export type AuditAction =
  | 'authority.created'
  | 'authority.restore-noticed'
  | 'authority.restore-accepted'
  | 'clock.accepted'
  | 'key.rotated'
  | 'key.revoked'
  | 'organization.loaded'
  | 'license.loaded'
  | 'user.loaded'
  | 'user.signed-in'
  | 'user.signed-out'
  | 'user.default-organization'
  | 'user.renamed'
  | 'user.cluster'
  | 'user.locale'
  | 'user.email-change-asked'
  | 'user.email-changed'
  | 'user.password-changed'
  | 'user.password-reset-asked'
  | 'user.password-reset'
  | 'user.factor-on'
  | 'user.factor-off'
  | 'user.recovery-code-used'
  | 'user.session-ended'
  | 'user.session-stolen'
  | 'session.refused'
  | 'document.refused'
  | 'sign-in.refused'
  | 'request.refused'
  | 'user.preferences'
  | 'user.exported'
  | 'user.deleted'
  | 'license.assigned'
  | 'license.unassigned'
  | 'license.suspended'
  | 'license.resumed'
  | 'task.asked'
  | 'task.answered'
  | 'machine.registered'
  | 'machine.fingerprint-changed'
  | 'machine.cloned'
  | 'time.stated'
  | 'machine.resolved'
  | 'lease.checked-out'
  | 'lease.answered'
  | 'lease.renewed'
  | 'lease.replaced'
  | 'lease.expired'
  | 'lease.confirmed'
  | 'lease.released'
  | 'lease.released-by-person'
  | 'lease.freed-early'
  | 'lease.revoked-by-person'
  | 'lease.handed-over'
  | 'organization.created'
  | 'organization.edited'
  | 'organization.deleted'
  | 'ownership.offered'
  | 'ownership.offer-ended'
  | 'ownership.passed'
  | 'member.joined'
  | 'member.role-changed'
  | 'member.removed'
  | 'member.left'
  | 'invite.sent'
  | 'invite.sent-again'
  | 'invite.role-changed'
  | 'invite.cancelled'
  | 'invite.declined'
  | 'invite.accepted'
  | 'user.signed-up';

const GENESIS = '0'.repeat(64);

const hashOf = (row: Omit<Row<'audit'>, 'hash'>): string =>
  createHash('sha256')
    .update(JSON.stringify([row.previous, row.seq, row.at, row.organization, row.actor, row.action, row.subject, row.details]))
    .digest('hex');

const lastRow = prepared((db, _: Record<string, never>) => db.selectFrom('audit').select(['seq', 'hash']).orderBy('seq', 'desc').limit(1));
const insertRow = prepared((db, p: Row<'audit'>) =>
  db.insertInto('audit').values({
    seq: p.seq, at: p.at, organization: p.organization, actor: p.actor, action: p.action, subject: p.subject, details: p.details, previous: p.previous, hash: p.hash,
  }),
);

/** Appends entries. */
export const recordAudit = async (trx: Trx, entries: readonly AuditEntry[]): Promise<void> => {
  if (entries.length === 0) return;
  const [last] = await lastRow(trx, {});
  let { seq, hash } = last ?? { seq: 0, hash: GENESIS };
  for (const entry of entries) {
    const row = { ...entry, seq: seq + 1, details: JSON.stringify(entry.details), previous: hash };
    hash = hashOf(row);
    seq += 1;
    await insertRow(trx, { ...row, hash });
  }
};

/** The newest row, by which it can be told later whether the database is older. */
export const auditHeadOf = async (db: Db): Promise<{ readonly seq: number; readonly hash: string }> => (await lastRow(db, {}))[0] ?? { seq: 0, hash: GENESIS };

const PAGE = 1000;

/** All rows, oldest first, a page at a time. */
export async function* auditRows(db: Db, after = 0): AsyncGenerator<Row<'audit'>> {
  let from = after;
  for (;;) {
    const page = await db.selectFrom('audit').selectAll().where('seq', '>', from).orderBy('seq').limit(PAGE).execute();
    yield* page;
    const last = page.at(-1);
    if (!last || page.length < PAGE) return;
    from = last.seq;
  }
}

export type AuditVerdict =
  | { readonly intact: true; readonly rows: number; readonly hash: string }
  | { readonly intact: false; readonly rows: number; readonly brokenAt: number };

/** Whether every row is as it was written. `hash` of the last row, kept elsewhere, also shows that none was cut off. */
export const verifyAudit = async (db: Db): Promise<AuditVerdict> => {
  let previous = GENESIS;
  let rows = 0;
  for await (const row of auditRows(db)) {
    if (row.seq !== rows + 1 || row.previous !== previous || row.hash !== hashOf(row)) return { intact: false, rows, brokenAt: row.seq };
    previous = row.hash;
    rows += 1;
  }
  return { intact: true, rows, hash: previous };
};
