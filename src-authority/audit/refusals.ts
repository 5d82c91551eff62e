import type { Details } from '../../src-shared/errors.ts';
import { HOUR } from '../../src-shared/time.ts';
import type { Clock, Seconds } from '../../src-shared/time.ts';
import type { Database } from '../adapter/database.ts';
import { recordAudit } from './audit.ts';
import type { AuditEntry } from './audit.ts';

/**
 * Refusals go on record, and cannot fill it: of the same actor, code and reason there is one row within an hour, and a row
 * with their number when the hour is over. All together write at most `ROWS_AN_HOUR` rows; what goes beyond is counted in one
 * row for each action. The numbers are kept in memory: a process that is killed takes those of its last hour with it, and no row.
 */
export type Refused = {
  readonly action: 'document.refused' | 'session.refused' | 'sign-in.refused' | 'request.refused';
  /** Whose doing it is, as far as that is proven; `unknown` else. */
  readonly actor: string;
  readonly subject: string;
  readonly code: string;
  readonly why: string | null;
  readonly details?: Details;
};

export type Refusals = {
  /** Returns when the refusal is on record, or counted. */
  readonly note: (refused: Refused) => Promise<void>;
  /** Writes the numbers of the hours that are over; with `all` also of those that are not: before the process ends. */
  readonly settle: (all?: boolean) => Promise<void>;
};

export const ROWS_AN_HOUR = 500;

type Seen = { readonly first: Refused; readonly since: Seconds; times: number };

export const createRefusals = ({ database, clock }: { readonly database: Database; readonly clock: Clock }): Refusals => {
  const seen = new Map<string, Seen>();
  let hour = { since: -Infinity, rows: 0, beyond: new Map<Refused['action'], number>() };

  const rowOf = ({ action, actor, subject, code, why, details }: Refused, more: Details): AuditEntry => ({
    at: clock.now(), organization: null, actor, action, subject, details: { code, why, ...details, ...more },
  });

  /** What is over is taken out and told. A clock that was set back ends nothing early and keeps nothing for ever. */
  const takeOver = (now: Seconds, all: boolean): AuditEntry[] => {
    const isOver = (since: Seconds): boolean => all || now - since >= HOUR || now < since;
    const entries: AuditEntry[] = [];
    for (const [key, each] of seen) {
      // In the order in which they began.
      if (!isOver(each.since)) break;
      seen.delete(key);
      if (each.times > 1) entries.push(rowOf(each.first, { times: each.times, since: each.since }));
    }
    if (isOver(hour.since)) {
      for (const [action, times] of hour.beyond) {
        entries.push({ at: now, organization: null, actor: 'unknown', action, subject: 'many', details: { code: 'RATE_LIMITED', why: 'too-many', times, since: hour.since } });
      }
      hour = { since: now, rows: 0, beyond: new Map() };
    }
    return entries;
  };

  const write = (entries: readonly AuditEntry[]): Promise<void> => (entries.length === 0 ? Promise.resolve() : database.transact((trx) => recordAudit(trx, entries)));

  return {
    note: async (refused) => {
      const now = clock.now();
      const entries = takeOver(now, false);
      const key = JSON.stringify([refused.action, refused.actor, refused.code, refused.why]);
      const known = seen.get(key);
      if (known) known.times += 1;
      else if (hour.rows >= ROWS_AN_HOUR) hour.beyond.set(refused.action, (hour.beyond.get(refused.action) ?? 0) + 1);
      else {
        hour.rows += 1;
        seen.set(key, { first: refused, since: now, times: 1 });
        entries.push(rowOf(refused, {}));
      }
      await write(entries);
    },
    settle: async (all = false) => write(takeOver(clock.now(), all)),
  };
};
