import { may, roles } from '../../src-shared/role.ts';
import { DAY, HOUR } from '../../src-shared/time.ts';
import type { Seconds } from '../../src-shared/time.ts';
import type { Row, Trx } from '../adapter/schema.ts';
import type { Ground } from '../ground.ts';
import { pageLink, write } from '../holdings/common.ts';
import type { Reader } from '../holdings/common.ts';
import { endingLetter, weeklyLetter } from '../mail/letters/reminders.ts';
import { endingsOf } from './endings.ts';
import type { Due } from './endings.ts';

/**
 * Mails about what ends: at each step (30, 14, 3 days and 1 day before) to whoever holds it, and to owners and managers, who
 * also have a list once a week. That one was written is kept in the transaction that writes it, so that it is written once,
 * whatever is started again and however many processes look.
 */

const LOOK_MS = 5000;
const EVERY: Seconds = HOUR;
/** Rows about what has ended are of no use after this. */
const KEEP: Seconds = 30 * DAY;

/** A week begins on Monday at six in the morning, UTC. 1970 began on a Thursday. */
export const weekOf = (now: Seconds): Seconds => {
  const offset = 4 * DAY + 6 * HOUR;
  return Math.floor((now - offset) / (7 * DAY)) * 7 * DAY + offset;
};

type Organization = { readonly id: string; readonly name: string };

const membersOf = async (trx: Trx, organization: string): Promise<readonly (Reader & { readonly decides: boolean })[]> => {
  const rows = await trx
    .selectFrom('member').innerJoin('user', 'user.id', 'member.user').where('member.organization', '=', organization).where('user.deleted_at', 'is', null)
    .orderBy('user.name').orderBy('user.id').select(['user.id', 'user.email', 'user.locale', 'member.role']).execute();
  const deciding = roles.filter((role) => may(role, 'lease.release-any'));
  return rows.map(({ role, ...reader }) => ({ ...reader, decides: deciding.includes(role) }));
};

/** Whether it was not written before. */
const once = async (trx: Trx, row: Row<'reminder'>): Promise<boolean> =>
  (await trx.insertInto('reminder').values(row).onConflict((on) => on.doNothing()).returning('user').execute()).length > 0;

const remindOf = async (trx: Trx, ground: Ground, { id, name }: Organization, due: readonly Due[], now: Seconds): Promise<void> => {
  const link = pageLink(ground, id, 'products');
  for (const { decides, ...reader } of await membersOf(trx, id)) {
    const fresh: Due[] = [];
    for (const each of due) {
      if (each.step === null || !(decides || each.holders.includes(reader.id))) continue;
      if (await once(trx, { kind: each.ending.kind, subject: each.subject, until: each.ending.until, step: each.step, user: reader.id })) fresh.push(each);
    }
    if (fresh.length > 0) await write(trx, endingLetter, [reader], { organization: name, endings: fresh.map(({ ending }) => ending), link }, now);
    if (decides && (await once(trx, { kind: 'weekly', subject: id, until: weekOf(now), step: 0, user: reader.id }))) {
      await write(trx, weeklyLetter, [reader], { organization: name, endings: due.map(({ ending }) => ending), link }, now);
    }
  }
};

export const createReminders = (ground: Ground) => {
  const { database, clock } = ground;

  /** Writes what is due now. */
  const remind = async (): Promise<void> => {
    const now = clock.now();
    const organizations = await database.db.selectFrom('organization').select(['id', 'name']).orderBy('id').execute();
    for (const organization of organizations) {
      const due = await endingsOf(database.db, organization.id, now);
      if (due.length > 0) await database.transact((trx) => remindOf(trx, ground, organization, due, now));
    }
    await database.transact((trx) => trx.deleteFrom('reminder').where('until', '<', now - KEEP).execute());
  };

  return {
    remind,
    /** Looks every hour of the clock. */
    start: (onError: (error: unknown) => void): (() => Promise<void>) => {
      let lookedAt: Seconds = -Infinity;
      let looking: Promise<void> | null = null;
      const look = (): void => {
        const now = clock.now();
        if (looking !== null || (now >= lookedAt && now - lookedAt < EVERY)) return;
        lookedAt = now;
        looking = remind().catch(onError).finally(() => (looking = null));
      };
      const timer = setInterval(look, LOOK_MS);
      return async () => {
        clearInterval(timer);
        await looking;
      };
    },
  };
};
