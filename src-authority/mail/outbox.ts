import type { Db } from '../adapter/schema.ts';

/** A letter in the outbox, as the operator sees it. Its words are gone once it is sent. */
export type OutboxMail = {
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly queuedAt: number;
  readonly state: 'waiting' | 'sent' | 'failed';
  readonly attempts: number;
  readonly problem: string | null;
  readonly nextAt: number | null;
  readonly sentAt: number | null;
};

/** The letters that are not sent, oldest first; with `all` also those that were, of the last thirty days. */
export const outbox = async (db: Db, all: boolean): Promise<readonly OutboxMail[]> => {
  const rows = await db
    .selectFrom('mail')
    .selectAll()
    .$if(!all, (query) => query.where('state', '<>', 'sent'))
    .orderBy('queued_at')
    .orderBy('id')
    .execute();
  return rows.map((row) => ({
    id: row.id, to: row.recipient, subject: row.subject, text: row.text, queuedAt: row.queued_at, state: row.state, attempts: row.attempts, problem: row.problem,
    nextAt: row.state === 'waiting' ? row.next_at : null, sentAt: row.sent_at,
  }));
};
