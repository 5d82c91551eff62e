import type { Database } from 'better-sqlite3';
import { MINUTE } from '../../../src-shared/time.ts';
import type { Seconds } from '../../../src-shared/time.ts';
import type { Kept, StoreFacts } from '../../licensing/store.ts';
import type { CounterCopy, SecondCopy } from './counter.ts';
import type { Held, KeptFolder, KeptLease } from './kept.ts';

/** What a transaction changed of that which has a copy beside the database; `files`: the leases whose file it accepted, with its `seq`. */
export type Touched = { releases: boolean; kept: boolean; files: Map<string, number> };

type Machine = { readonly seq: number; readonly name: string; readonly highest: Seconds; readonly signed: Seconds };

/** What stands beside the database (the second copy, `kept/`), brought in step with it after each commit. */
export type Beside = {
  /** Compares the database with its second copy, and mends what can be mended. Once at the start, and after `adopt`. */
  readonly judge: () => void;
  readonly follow: (touched: Touched) => void;
  /** Compares the contents of `kept/` too, and writes down which files are the newest. To be called when the rows have been found to be sound. */
  readonly keep: () => void;
  readonly kept: () => Kept;
  readonly seen: () => Machine | null;
  readonly facts: () => Pick<StoreFacts, 'rolledBack' | 'mended' | 'copyProblem' | 'copyProblemAt'>;
};

/** A time that moved by itself is not worth a file each time: a heartbeat comes every ten minutes. */
const HIGHEST_STEP: Seconds = 15 * MINUTE;

export const createBeside = (database: Database, counter: CounterCopy, folder: KeptFolder): Beside => {
  let copied = counter.read();
  const inFolder = readOr(folder.read, { licenseFiles: [], keysets: [], proofs: [], requests: [] });
  let rolledBack: StoreFacts['rolledBack'] = null;
  let mended = 0;
  let copyProblem: string | null = null;
  let copyProblemAt: string | null = null;

  const machine = database.prepare('SELECT seq, name, highest, signed FROM machine');
  const owner = (): Machine | undefined => machine.get() as Machine | undefined;
  // All of them, for ever: the file that was held is not the only one of its lease, and another may run much longer.
  const released = database.prepare('SELECT lease, until FROM release UNION SELECT lease, until FROM tombstone');
  const known = database.prepare('SELECT 1 FROM release WHERE lease = @lease UNION SELECT 1 FROM tombstone WHERE lease = @lease');
  const leases = database.prepare('SELECT lease.id, lease.seq, lease.file, lease.carrier, document.text FROM lease JOIN document ON document.jti = lease.file');
  const keysets = database.prepare('SELECT version, source, text FROM keyset');
  // Until the receipt is there, or the seat is free by itself. The file that was given up tells what the proof is about.
  const undelivered = database.prepare(
    `SELECT lease, proof, proof_text AS text, (SELECT text FROM document WHERE document.lease = release.lease ORDER BY accepted_at DESC, rowid DESC) AS licenseFile
     FROM release WHERE receipt_text IS NULL AND problem IS NULL AND until > (SELECT highest FROM machine) AND licenseFile IS NOT NULL`);
  // Not those for the time: their tickets can be used once, and nothing must bring that back.
  const waiting = database.prepare(`SELECT id, text FROM request WHERE state = 'pending' AND carrier = 'file' AND purpose <> 'time'`);
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
      [copyProblem, copyProblemAt] = [null, null];
    } catch (error) {
      const { code, path } = error as NodeJS.ErrnoException;
      [copyProblem, copyProblemAt] = [code ?? 'unknown', path ?? null];
    }
  };
  const copy = (files: Touched['files']): void => {
    const now = owner();
    if (!now) return;
    // As it stands, because another process may have written it last.
    const before = readOr(counter.read, null) ?? copied;
    if (before && now.seq < before.seq) {
      rolledBack = { stored: now.seq, seen: before.seq };
      return;
    }
    const rows = released.all() as { lease: string; until: Seconds }[];
    const gone = new Map(rows.map(({ lease, until }) => [lease, until]));
    const next: SecondCopy = { ...now, released: gone, held: new Map([...newestOf(before?.held ?? new Map(), files)].filter(([lease]) => !gone.has(lease))) };
    counter.write(next);
    copied = next;
  };
  const hold = (thorough: boolean): void =>
    folder.hold({ leases: leases.all(), keysets: keysets.all(), proofs: undelivered.all(), requests: waiting.all() } as Held, { remove: recovering.get() === undefined, thorough });

  const follow = (touched: Touched): void => {
    const now = owner();
    if (rolledBack || !now) return;
    const moved = copied === null || copyProblem !== null || touched.releases || touched.files.size > 0 || now.seq !== copied.seq || now.name !== copied.name || now.highest < copied.highest || now.signed >= copied.signed + HIGHEST_STEP || now.highest >= copied.highest + HIGHEST_STEP;
    if (!moved && !touched.kept) return;
    alone(() => {
      if (moved) copy(touched.files);
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
      follow({ releases: !copied || mended > 0, kept: false, files: new Map() });
    },
    follow,
    keep: () => {
      if (rolledBack) return;
      alone(() => {
        const files = new Map((leases.all() as KeptLease[]).map(({ id, seq }) => [id, seq]));
        if ([...files].some(([lease, seq]) => seq > (copied?.held.get(lease) ?? 0))) copy(files);
        hold(true);
      });
    },
    kept: () => ({ ...inFolder, newest: copied?.held ?? new Map() }),
    seen: () => copied,
    facts: () => ({ rolledBack, mended, copyProblem, copyProblemAt }),
  };
};

const newestOf = (before: ReadonlyMap<string, number>, files: ReadonlyMap<string, number>): ReadonlyMap<string, number> =>
  new Map([...before, ...[...files].map(([lease, seq]) => [lease, Math.max(seq, before.get(lease) ?? 0)] as const)]);

const readOr = <T>(read: () => T, otherwise: T): T => {
  try {
    return read();
  } catch {
    return otherwise;
  }
};
