import type { Logger } from 'pino';
import type { Mailer } from '../adapter/mailer.ts';
import type { Row } from '../adapter/schema.ts';
import type { Ground } from '../ground.ts';
import { DAY, HOUR, MINUTE } from '../../src-shared/time.ts';
import type { Seconds } from '../../src-shared/time.ts';

const LOOK_MS = 500;
const AT_ONCE = 20;
/** Nobody else takes a letter that is being sent; if this process dies meanwhile, it is sent again after this. */
const CLAIM: Seconds = 2 * MINUTE;
const GIVE_UP: Seconds = 3 * DAY;
const KEEP: Seconds = 30 * DAY;

/** How long to wait after an attempt failed: half a minute, then twice as long each time, at most six hours. */
export const pauseAfter = (attempts: number): Seconds => Math.min(6 * HOUR, 30 * 2 ** (attempts - 1));

/**
 * Sends what is in the outbox, by the clock. A letter is sent at least once; the mail server knows a second copy by its id.
 * SECURITY: the words of a letter, in which links and codes stand, are struck out once it is sent or given up.
 */
export const createDelivery = (ground: Pick<Ground, 'database' | 'clock'>, mailer: Mailer, log: Pick<Logger, 'info' | 'warn' | 'error'>) => {
  const { database, clock } = ground;

  const claim = () =>
    database.transact(async (trx) => {
      const now = clock.now();
      const due = trx.selectFrom('mail').select('id').where('state', '=', 'waiting').where('next_at', '<=', now).orderBy('next_at').limit(AT_ONCE);
      return trx
        .updateTable('mail')
        .set((eb) => ({ next_at: now + CLAIM, attempts: eb('attempts', '+', 1) }))
        .where('id', 'in', due)
        .returningAll()
        .execute();
    });

  const deliver = async (row: Row<'mail'>): Promise<void> => {
    const now = clock.now();
    const isLate = now - row.queued_at >= GIVE_UP;
    const outcome = isLate ? { kind: 'gone' as const, problem: row.problem ?? 'not sent in time' } : await mailer.send({ ...row, to: row.recipient });
    const change =
      outcome.kind === 'sent'
        ? { state: 'sent' as const, sent_at: now, text: '', html: '', problem: null }
        : outcome.kind === 'gone'
          ? { state: 'failed' as const, text: '', html: '', problem: outcome.problem }
          : { next_at: now + pauseAfter(row.attempts), problem: outcome.problem };
    await database.transact((trx) => trx.updateTable('mail').set(change).where('id', '=', row.id).execute());
    if (outcome.kind === 'sent') log.info({ mail: row.id }, 'a letter was sent');
    else log.warn({ mail: row.id, attempts: row.attempts, problem: outcome.problem }, outcome.kind === 'gone' ? 'a letter was given up' : 'a letter could not be sent yet');
  };

  let prunedAt: Seconds = 0;
  const prune = async (): Promise<void> => {
    const now = clock.now();
    if (now - prunedAt < HOUR) return;
    prunedAt = now;
    await database.transact((trx) => trx.deleteFrom('mail').where('state', '<>', 'waiting').where('queued_at', '<', now - KEEP).execute());
  };

  const isDue = async (): Promise<boolean> =>
    (await database.db.selectFrom('mail').select('id').where('state', '=', 'waiting').where('next_at', '<=', clock.now()).limit(1).executeTakeFirst()) !== undefined;

  /** Sends everything that is due now. */
  const look = async (): Promise<void> => {
    await prune();
    while (await isDue()) await Promise.all((await claim()).map(deliver));
  };

  let looking: Promise<void> | null = null;
  const timer = setInterval(() => {
    looking ??= look()
      .catch((error: unknown) => log.error({ err: error }, 'the outbox could not be read'))
      .finally(() => (looking = null));
  }, LOOK_MS);

  return {
    stop: async (): Promise<void> => {
      clearInterval(timer);
      await looking;
      mailer.close();
    },
  };
};
