import type { Database } from 'better-sqlite3';
import { CLOCK_TOLERANCE } from '../../../src-shared/policy.ts';
import { MINUTE } from '../../../src-shared/time.ts';
import type { Seconds } from '../../../src-shared/time.ts';
import type { Kept, KeysetRow, StoreFacts } from '../../licensing/store.ts';
import type { CounterCopy } from './counter.ts';
import type { KeptFolder, KeptLease } from './kept.ts';

/** What a transaction changed of that which has a copy beside the database. */
export type Touched = { releases: boolean; kept: boolean };

type Machine = { readonly seq: number; readonly highest: Seconds; readonly signed: Seconds };

/** What stands beside the database (the second copy, `kept/`), brought in step with it after each commit. */
export type Beside = {
  /** Compares the database with its second copy, and mends what can be mended. Once at the start, and after `adopt`. */
  readonly judge: () => void;
  readonly follow: (touched: Touched) => void;
  /** Compares the contents of `kept/` too. */
  readonly keep: () => void;
  readonly kept: () => Kept;
  readonly seen: () => Machine | null;
  readonly facts: () => Pick<StoreFacts, 'rolledBack' | 'mended' | 'copyProblem'>;
};

/** A time that moved by itself is not worth a file each time: a heartbeat comes every ten minutes. */
const HIGHEST_STEP: Seconds = 15 * MINUTE;

export const createBeside = (database: Database, counter: CounterCopy, folder: KeptFolder): Beside => {
  let copied = counter.read();
  const kept = readOr(folder.read, { licenseFiles: [], keysets: [] });
  let rolledBack: StoreFacts['rolledBack'] = null;
  let mended = 0;
  let copyProblem: string | null = null;

  const machine = database.prepare('SELECT seq, highest, signed FROM machine');
  const owner = (): Machine | undefined => machine.get() as Machine | undefined;
  // A file that ended before the highest time seen is refused by the clock: its tombstone need not be carried on.
  const released = database.prepare('SELECT lease, until FROM release WHERE until > @since UNION SELECT lease, until FROM tombstone WHERE until > @since');
  const known = database.prepare('SELECT 1 FROM release WHERE lease = @lease UNION SELECT 1 FROM tombstone WHERE lease = @lease');
  const leases = database.prepare('SELECT lease.id, lease.file, lease.carrier, document.text FROM lease JOIN document ON document.jti = lease.file');
  const keysets = database.prepare('SELECT version, source, text FROM keyset');
  const recovering = database.prepare(`SELECT 1 FROM setting WHERE name = 'recover'`);

  /** A release that the second copy knows and the database does not was taken out of it, or was lost with a page of it. */
  const mend = (): void => {
    const before = copied;
    if (!before) return;
    database.transaction(() => {
      const missing = [...before.released].filter(([lease]) => known.get({ lease }) === undefined);
      for (const [lease, until] of missing) {
        database.prepare('DELETE FROM lease WHERE id = ?').run(lease);
        database.prepare('INSERT INTO tombstone VALUES (?, ?)').run(lease, until);
      }
      mended += missing.length;
      // A signed time that came after the copy was written may have set a clock right: then the lower time is the true one.
      database.prepare('UPDATE machine SET highest = max(highest, @highest), signed = max(signed, @signed) WHERE signed <= @signed').run({ highest: before.highest, signed: before.signed });
    }).immediate();
  };

  /** Alone, so that of two processes none writes what was so before the other's commit. What fails here undoes nothing: the copies are the weaker ones. */
  const alone = (work: () => void): void => {
    try {
      database.transaction(work).immediate();
      copyProblem = null;
    } catch (error) {
      copyProblem = (error as NodeJS.ErrnoException).code ?? 'unknown';
      copied = null;
    }
  };
  const copy = (): void => {
    const now = owner();
    if (!now) return;
    if (copied && now.seq < copied.seq) {
      rolledBack = { stored: now.seq, seen: copied.seq };
      return;
    }
    const rows = released.all({ since: now.highest - CLOCK_TOLERANCE }) as { lease: string; until: Seconds }[];
    const next = { ...now, released: new Map(rows.map(({ lease, until }) => [lease, until])) };
    counter.write(next);
    copied = next;
  };
  const hold = (thorough: boolean): void =>
    folder.hold({ leases: leases.all() as KeptLease[], keysets: keysets.all() as KeysetRow[] }, { remove: recovering.get() === undefined, thorough });

  const follow = (touched: Touched): void => {
    const now = owner();
    if (rolledBack || !now) return;
    const moved = copied === null || touched.releases || now.seq !== copied.seq || now.highest < copied.highest || now.signed >= copied.signed + HIGHEST_STEP || now.highest >= copied.highest + HIGHEST_STEP;
    if (!moved && !touched.kept) return;
    alone(() => {
      if (moved) copy();
      if (touched.kept && !rolledBack) hold(false);
    });
  };

  return {
    judge: () => {
      const now = owner();
      if (!now) return;
      rolledBack = copied && now.seq < copied.seq ? { stored: now.seq, seen: copied.seq } : null;
      if (rolledBack) return;
      mend();
      follow({ releases: !copied || mended > 0, kept: false });
    },
    follow,
    keep: () => {
      if (!rolledBack) alone(() => hold(true));
    },
    kept: () => kept,
    seen: () => copied,
    facts: () => ({ rolledBack, mended, copyProblem }),
  };
};

const readOr = <T>(read: () => T, otherwise: T): T => {
  try {
    return read();
  } catch {
    return otherwise;
  }
};
