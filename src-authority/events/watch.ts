import type { Ground } from '../ground.ts';

const EVERY_MS = 1000;
const MOST = 200;

/**
 * Tells the open streams of changes that other processes made to the same home (`authority answer` while `serve` runs).
 * The audit rows say what changed; events only say what to look at again, so one too many does no harm.
 */
export const watchOthers = async (ground: Ground): Promise<() => void> => {
  const { database, hub } = ground;
  const last = async () => (await database.db.selectFrom('audit').select((eb) => eb.fn.max('seq').as('seq')).executeTakeFirst())?.seq ?? 0;
  let version = database.dataVersion();
  let seen = await last();
  let looking = false;

  const look = async (): Promise<void> => {
    const rows = await database.db
      .selectFrom('audit')
      .leftJoin('lease', 'lease.id', 'audit.subject')
      .where('audit.seq', '>', seen)
      .orderBy('audit.seq')
      .select(['audit.seq', 'audit.organization', 'audit.subject', 'lease.machine', 'lease.holder'])
      .limit(MOST)
      .execute();
    for (const row of rows) {
      if (row.machine !== null && row.holder !== null) hub.publish({ type: 'lease', lease: row.subject, machine: row.machine }, { user: row.holder });
    }
    for (const organization of new Set(rows.map((row) => row.organization))) {
      if (organization !== null) hub.publish({ type: 'entitlements', organization }, { organization });
    }
    seen = await last();
  };

  const timer = setInterval(() => {
    const now = database.dataVersion();
    if (now === version || looking) return;
    version = now;
    looking = true;
    // A database that is being closed, or busy for long: the next change is looked at again.
    void look()
      .catch(() => undefined)
      .finally(() => (looking = false));
  }, EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
};
