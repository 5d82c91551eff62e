import type { Ground } from '../ground.ts';
import { tellOfMachine } from '../leases/copies.ts';

const EVERY_MS = 1000;
/** Rows read at a time. */
const PAGE = 200;

/**
 * Tells the open streams of changes that other processes made to the same home (`authority answer` while `serve` runs).
 * The audit rows say what changed; events only say what to look at again, so one too many does no harm. Rows of this process
 * are passed over as they come, or those of others would stand behind all of them.
 */
export const watchOthers = async (ground: Ground): Promise<() => void> => {
  const { database, hub } = ground;
  const last = async () => (await database.db.selectFrom('audit').select((eb) => eb.fn.max('seq').as('seq')).executeTakeFirst())?.seq ?? 0;
  let version = database.dataVersion();
  let seen = await last();
  let looking = false;

  const lookFrom = async (from: number): Promise<number> => {
    const rows = await database.db
      .selectFrom('audit')
      .leftJoin('lease', 'lease.id', 'audit.subject')
      .where('audit.seq', '>', from)
      .orderBy('audit.seq')
      .select(['audit.seq', 'audit.organization', 'audit.actor', 'audit.action', 'audit.subject', 'lease.machine', 'lease.holder'])
      .limit(PAGE)
      .execute();
    for (const row of rows) {
      if (row.machine !== null && row.holder !== null) hub.publish({ type: 'lease', lease: row.subject, machine: row.machine }, { user: row.holder });
    }
    // Streams of people who were signed out or removed end, and those of the others look at the account again.
    const people = rows.filter(({ action }) => /^(member|user)\./.test(action)).flatMap(({ actor, subject }) => [actor, subject]);
    for (const user of new Set(people)) hub.publish({ type: 'account' }, { user });
    for (const organization of new Set(rows.map((row) => row.organization))) {
      if (organization !== null) hub.publish({ type: 'entitlements', organization }, { organization });
    }
    // What the operator decides about a machine is a row of no organization.
    for (const { action, subject } of rows) {
      if (action === 'machine.resolved' || action === 'machine.cloned') await tellOfMachine(ground, subject);
    }
    if (rows.some(({ action }) => action === 'key.rotated' || action === 'key.revoked')) hub.publish({ type: 'keys' }, 'everybody');
    const read = rows.at(-1)?.seq ?? from;
    return rows.length < PAGE ? read : lookFrom(read);
  };
  const look = async (): Promise<void> => {
    // Read first: what another process writes in between shows in the version.
    const newest = await last();
    const now = database.dataVersion();
    seen = now === version ? newest : await lookFrom(seen);
    version = now;
  };

  const timer = setInterval(() => {
    if (looking) return;
    looking = true;
    // A database that is being closed, or busy for long: it is looked at again.
    void look()
      .catch(() => undefined)
      .finally(() => (looking = false));
  }, EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
};
