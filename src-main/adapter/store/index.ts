import { createHash } from 'node:crypto';
import type { Database } from 'better-sqlite3';
import { createFailedCommits } from '../../../src-shared/failed-commit.ts';
import type { Entitlement } from '../../../src-shared/license.ts';
import { Refusal } from '../../../src-shared/result.ts';
import type { Failure } from '../../../src-shared/result.ts';
import type { KeysetRow, LicensingStore, MachineRow, RefusalRow, StoreFacts, StoreReader, StoreWriter } from '../../licensing/store.ts';
import { narrow } from '../own-file.ts';
import type { Reserve } from '../reserve.ts';
import { createBeside } from './beside.ts';
import type { Touched } from './beside.ts';
import type { CounterCopy } from './counter.ts';
import type { KeptFolder } from './kept.ts';
import { openOrSetAside } from './open.ts';
import type { Opened } from './open.ts';
import { mayBeWritten, storeRefusal } from './refusal.ts';
import { leaseOf, releaseOf, releaseRecord, requestOf } from './rows.ts';
import type { LeaseRecord, ReleaseRecord, RequestRecord } from './rows.ts';
import { watchSameFile } from './same-file.ts';

export type HomeStore = LicensingStore & {
  /** Names the machine that this store belongs to, once. Throws `STORE_UNUSABLE` when it is another's. */
  readonly adopt: (machine: { readonly id: string; readonly name: string }) => void;
  /** The machine that this store belongs to; null when it is new. */
  readonly owner: () => string | null;
  readonly close: () => void;
};

/** A lease whose document is gone is still seen, with nothing to show for itself: that is damage, not an empty list. */
const leaseQuery = `SELECT lease.*, COALESCE(document.text, '') AS text FROM lease LEFT JOIN document ON document.jti = lease.file`;

/** The store on better-sqlite3. One connection; everything is prepared once. */
export const openStore = (input: {
  readonly path: string;
  readonly counter: CounterCopy;
  readonly kept: KeptFolder;
  /** For the name of a damaged database that is set aside. */
  readonly stamp: () => string;
  /** Whether a database that can be read and not written is used from memory (`facts().unsaved`), until it can be. */
  readonly fromMemory?: boolean;
  readonly reserve?: Pick<Reserve, 'spend'>;
  /** The database has taken the place of its copy in memory. */
  readonly onDisk?: () => void;
}): HomeStore => {
  const first = connect(input, input.fromMemory ?? false);
  /** The database itself in the place of its copy in memory. */
  const toDisk = (): boolean => {
    try {
      const next = connect(input, false);
      const isSame = next.owner() === store.owner();
      const { close } = isSame ? store : next;
      if (isSame) Object.assign(store, next);
      if (isSame) input.onDisk?.();
      close();
      return isSame;
    } catch (error) {
      if (error instanceof Refusal) return false;
      throw error;
    }
  };
  const store: HomeStore = {
    ...first,
    ...(first.facts().unsaved === null ? {} : { changedElsewhere: () => mayBeWritten(input.path) && toDisk() }),
    makeRoom: () => (input.reserve?.spend() ?? false) && (store.facts().unsaved === null || toDisk()),
  };
  return store;
};

type Input = Parameters<typeof openStore>[0];
type Connected = Omit<HomeStore, 'makeRoom'>;

const connect = (input: Input, fromMemory: boolean): Connected => {
  const opened = openOrSetAside(input.path, input.stamp, (each) => void createWriter(each, createReader(each), untouched(), () => null, null), fromMemory);
  try {
    return storeOn(opened, input);
  } catch (error) {
    opened.close();
    throw storeRefusal(error, input.path);
  }
};

const storeOn = ({ database, setAside, unsaved, close }: Opened, input: Input): Connected => {
  if (process.platform !== 'win32' && unsaved === null) narrow(input.path);
  const touched: Touched = untouched();
  const reader = createReader(database);
  const beside = createBeside(database, input.counter, input.kept);
  const writer = createWriter(database, reader, touched, () => beside.facts().rolledBack, unsaved);
  const failedCommits = createFailedCommits(database);
  // A copy in memory goes on, whatever becomes of the file.
  const checkFile = unsaved === null ? watchSameFile(input.path) : () => undefined;
  let version = dataVersion(database);
  const owner = (): MachineRow | null => (database.prepare('SELECT id, name, seq, highest, signed FROM machine').get() as MachineRow | undefined) ?? null;
  beside.judge();

  const transact = <T>(work: () => T): T => guarded(database, () => {
    checkFile();
    failedCommits.settle();
    try {
      const value = database.transaction(work).immediate();
      checkFile();
      return value;
    } catch (error) {
      failedCommits.after(error);
      throw error;
    }
  });
  const write = <T>(work: (tx: StoreWriter) => T): T => {
    Object.assign(touched, untouched());
    const value = transact(() => work(writer));
    beside.follow(touched);
    return value;
  };

  return {
    ...reader,
    write,
    kept: beside.kept,
    keep: beside.keep,
    changedElsewhere: () => guarded(database, () => {
      checkFile();
      const now = dataVersion(database);
      const changed = now !== version;
      version = now;
      return changed;
    }),
    facts: () => ({
      path: input.path,
      schema: database.pragma('user_version', { simple: true }) as number,
      journal: database.pragma('journal_mode', { simple: true }) as string,
      synchronous: ['off', 'normal', 'full', 'extra'][database.pragma('synchronous', { simple: true }) as number] ?? 'unknown',
      foreignKeys: database.pragma('foreign_keys', { simple: true }) === 1,
      setAside,
      unsaved,
      ...beside.facts(),
    }),
    owner: () => owner()?.id ?? null,
    adopt: ({ id, name }) => {
      transact(() => {
        const present = owner();
        if (present === null) {
          // A store that is begun again on a known machine keeps its name, goes on counting where the lost one was, and reads back what was kept.
          const seen = beside.seen();
          database.prepare('INSERT INTO machine (one, id, name, seq, highest, signed) VALUES (1, ?, ?, ?, ?, ?)').run(id, seen?.name || name, seen?.seq ?? 0, seen?.highest ?? 0, seen?.signed ?? 0);
          const { licenseFiles, keysets } = beside.kept();
          if (setAside !== null || seen !== null || licenseFiles.length + keysets.length > 0) {
            database.prepare(`INSERT INTO setting VALUES ('recover', ?)`).run(setAside ?? '');
          }
        } else if (present.id !== id) throw new Refusal('STORE_UNUSABLE', { why: 'machine-key', expected: present.id, actual: id });
      });
      beside.judge();
    },
    close,
  };
};

const untouched = (): Touched => ({ releases: false, kept: false, files: new Map() });

const dataVersion = (database: Database): number => database.pragma('data_version', { simple: true }) as number;

const guarded = <T>(database: Database, work: () => T): T => {
  try {
    return work();
  } catch (error) {
    throw storeRefusal(error, database.name);
  }
};

const createReader = (database: Database): StoreReader => {
  const one = <R>(sql: string) => {
    const statement = database.prepare(sql);
    return (...params: readonly (string | number | null | Record<string, string>)[]): R | null => guarded(database, () => (statement.get(...params) as R | undefined) ?? null);
  };
  const many = <R>(sql: string) => {
    const statement = database.prepare(sql);
    return (...params: readonly (string | number | null)[]): R[] => guarded(database, () => statement.all(...params) as R[]);
  };
  const machine = one<MachineRow>('SELECT id, name, seq, highest, signed FROM machine');
  const setting = one<{ value: string }>('SELECT value FROM setting WHERE name = ?');
  const leases = many<LeaseRecord>(`${leaseQuery} ORDER BY lease.accepted_at DESC, lease.id`);
  const lease = one<LeaseRecord>(`${leaseQuery} WHERE lease.id = ?`);
  const request = one<RequestRecord>('SELECT * FROM request WHERE id = ?');
  const pending = many<RequestRecord>(`SELECT * FROM request WHERE state = 'pending' ORDER BY created_at, id`);
  const releases = many<ReleaseRecord>('SELECT * FROM release ORDER BY released_at DESC, lease');
  const release = one<ReleaseRecord>('SELECT * FROM release WHERE lease = ?');
  const buried = one<{ 1: number }>('SELECT 1 FROM release WHERE lease = @lease UNION SELECT 1 FROM tombstone WHERE lease = @lease');
  const runLeases = many<{ lease: string }>('SELECT lease FROM run WHERE lease IN (SELECT id FROM lease)');
  const refusals = many<RefusalRow>('SELECT at, code, why, kind, digest FROM refusal ORDER BY id DESC LIMIT ?');
  const refused = one<{ count: number }>('SELECT count(*) AS count FROM refusal');
  const keysets = many<KeysetRow>('SELECT version, text, source, accepted_at AS acceptedAt FROM keyset ORDER BY version');
  const entitlements = one<{ as_of: number; entitlements: string; digest: string }>('SELECT as_of, entitlements, digest FROM entitlement WHERE person = ? AND organization = ?');
  const mapped = <A, B>(value: A | null, map: (value: A) => B): B | null => (value === null ? null : map(value));
  return {
    machine: () => {
      const row = machine();
      if (!row) throw new Refusal('STORE_UNUSABLE', { why: 'no-machine' });
      return row;
    },
    setting: (name) => setting(name)?.value ?? null,
    leases: () => leases().map(leaseOf),
    lease: (id) => mapped(lease(id), leaseOf),
    request: (id) => mapped(request(id), requestOf),
    pendingRequests: () => pending().map(requestOf),
    releases: () => releases().map(releaseOf),
    release: (id) => mapped(release(id), releaseOf),
    released: (lease) => buried({ lease }) !== null,
    runLeases: () => runLeases().map(({ lease }) => lease),
    refusals: (most) => ({ count: refused()?.count ?? 0, newest: refusals(most) }),
    keysets: () => keysets(),
    // A cache that was damaged is none: the authority fills it again.
    entitlements: (user, organization) => {
      const row = entitlements(user, organization);
      if (!row || (row.digest !== '' && row.digest !== digestOf(row.entitlements))) return null;
      return { asOf: row.as_of, entitlements: JSON.parse(row.entitlements) as Entitlement[] };
    },
  };
};

const digestOf = (content: Uint8Array | string): string => createHash('sha256').update(content).digest('base64url');

/** The newest documents that were refused, as many as this. */
const REFUSALS_KEPT = 1000;

const createWriter = (database: Database, reader: StoreReader, touched: Touched, rolledBack: () => StoreFacts['rolledBack'], unsaved: Failure | null): StoreWriter => {
  const run = <P extends Record<string, unknown>>(sql: string) => {
    const statement = database.prepare(sql);
    return (params: P): number => statement.run(params).changes;
  };
  /** In a store that was put back no number moves: it would soon look as if it had not been. */
  const numbered = <P>(move: (params: P) => number) => (params: P): number => {
    const changes = move(params);
    const behind = rolledBack();
    if (changes > 0 && behind) throw new Refusal('STORE_ROLLED_BACK', behind);
    return changes;
  };
  const claim = numbered(run<{ seq: number }>('UPDATE machine SET seq = @seq WHERE seq = @seq - 1'));
  const raise = numbered(run<{ seq: number }>('UPDATE machine SET seq = max(seq, @seq)'));
  const rename = run<{ name: string }>('UPDATE machine SET name = @name');
  const see = run<{ time: number }>('UPDATE machine SET highest = max(highest, @time)');
  const seeSigned = run<{ time: number }>('UPDATE machine SET signed = max(signed, @time), highest = max(highest, @time)');
  const forgetOwnTime = run<Record<string, never>>('UPDATE machine SET highest = signed');
  const setSetting = run<{ name: string; value: string }>('INSERT OR REPLACE INTO setting VALUES (@name, @value)');
  const removeSetting = run<{ name: string }>('DELETE FROM setting WHERE name = @name');
  const saveDocument = run<{ file: string; id: string; text: string; acceptedAt: number }>(
    'INSERT INTO document VALUES (@file, @id, @text, @acceptedAt) ON CONFLICT (jti) DO UPDATE SET lease = excluded.lease, text = excluded.text');
  const saveLease = run(
    `INSERT INTO lease (id, license, product, file, seq, carrier, accepted_at, last_contact, warned)
     VALUES (@id, @license, @product, @file, @seq, @carrier, @acceptedAt, @lastContact, @warned)
     ON CONFLICT (id) DO UPDATE SET file = excluded.file, seq = excluded.seq, carrier = excluded.carrier, accepted_at = excluded.accepted_at,
       last_contact = excluded.last_contact, warned = excluded.warned, unrenewed = NULL, refusal = NULL`);
  const removeLease = run<{ id: string }>('DELETE FROM lease WHERE id = @id');
  const touchLease = run<{ id: string; at: number }>('UPDATE lease SET last_contact = @at WHERE id = @id');
  const markWarned = run<{ id: string; days: number | null }>('UPDATE lease SET warned = @days WHERE id = @id');
  const markUnrenewed = run<{ id: string; step: number }>('UPDATE lease SET unrenewed = @step WHERE id = @id');
  const keepRefusal = run<{ id: string; refusal: string }>('UPDATE lease SET refusal = @refusal WHERE id = @id');
  const saveRequest = run(
    `INSERT INTO request VALUES (@id, @purpose, @carrier, @state, @license, @product, @lease, @mode, @days, @createdAt, @expiresAt, @machineName,
       @fileName, @text)`);
  const endTimeRequest = numbered(run<{ id: string | null }>(
    `UPDATE machine SET seq = seq + 1 WHERE EXISTS (SELECT 1 FROM request WHERE purpose = 'time' AND state = 'pending' AND id = COALESCE(@id, id))`));
  const setRequestState = run<{ id: string; state: string; lease: string | null }>('UPDATE request SET state = @state, lease = coalesce(lease, @lease) WHERE id = @id');
  const discardTimeRequests = run<Record<string, never>>("UPDATE request SET state = 'discarded' WHERE state = 'pending' AND purpose = 'time'");
  const removeRequest = run<{ id: string }>('DELETE FROM request WHERE id = @id');
  const saveRun = run<{ request: string }>('INSERT INTO run VALUES (@request, NULL)');
  const answerRun = run<{ request: string; lease: string }>('UPDATE run SET lease = @lease WHERE request = @request');
  const forgetRun = run<{ id: string }>('DELETE FROM run WHERE lease = @id OR request = @id');
  const intoRelease = (insert: 'INSERT' | 'INSERT OR REPLACE') => run(
    `${insert} INTO release VALUES (@lease, @license, @product, @productName, @organization, @organizationName, @mode, @reason, @releasedAt, @until,
       @proof, @proofText, @fileName, @receiptText, @receiptAt, @problem)`);
  const [saveRelease, mendRelease] = [intoRelease('INSERT'), intoRelease('INSERT OR REPLACE')];
  const saveReceipt = run<{ lease: string; receipt: string; at: number }>(
    'UPDATE release SET receipt_text = @receipt, receipt_at = @at, problem = NULL WHERE lease = @lease AND receipt_text IS NULL');
  const closeRelease = run<{ lease: string; problem: string }>('UPDATE release SET problem = @problem WHERE lease = @lease AND receipt_text IS NULL');
  const forgetKeysets = run<Record<string, never>>('DELETE FROM keyset');
  const saveKeyset = run('INSERT OR REPLACE INTO keyset VALUES (@version, @text, @source, @acceptedAt)');
  const saveEntitlements = run<{ user: string; organization: string; asOf: number; entitlements: string; digest: string }>(
    'INSERT OR REPLACE INTO entitlement VALUES (@user, @organization, @asOf, @entitlements, @digest)');
  const saveRefusal = run('INSERT INTO refusal (at, code, why, kind, digest) VALUES (@at, @code, @why, @kind, @digest)');
  const forgetRefusals = run<{ most: number }>('DELETE FROM refusal WHERE id <= (SELECT max(id) FROM refusal) - @most');
  // What a person or the authority is told was done must last; what is only seen may be forgotten.
  const lasting = <I extends readonly unknown[], T>(work: (...input: I) => T) => (...input: I): T => {
    if (unsaved) throw new Refusal(unsaved.code, unsaved.details);
    return work(...input);
  };
  return {
    ...reader,
    claimSequence: lasting((seq) => claim({ seq }) === 1),
    raiseSequence: lasting((seq) => void raise({ seq })),
    rename: lasting((name) => void rename({ name })),
    see: (time) => void see({ time }),
    seeSigned: (time) => void seeSigned({ time }),
    forgetOwnTime: () => void forgetOwnTime({}),
    setSetting: (name, value) => {
      touched.kept ||= name === 'recover';
      void (value === null ? removeSetting({ name }) : setSetting({ name, value }));
    },
    saveDocument: (row) => void saveDocument(row),
    saveLease: lasting((row) => {
      touched.kept = true;
      touched.files.set(row.id, row.seq);
      saveDocument({ file: row.file, id: row.id, text: row.text, acceptedAt: row.acceptedAt });
      saveLease(row);
    }),
    removeLease: lasting((id) => {
      touched.kept = true;
      removeLease({ id });
      forgetRun({ id });
    }),
    touchLease: (id, at) => void touchLease({ id, at }),
    markWarned: (id, days) => void markWarned({ id, days }),
    markUnrenewed: (id, step) => void markUnrenewed({ id, step }),
    keepRefusal: (id, refusal) => void keepRefusal({ id, refusal: JSON.stringify(refusal) }),
    saveRequest: lasting((row) => {
      touched.kept ||= row.carrier === 'file';
      saveRequest(row);
    }),
    setRequestState: lasting((id, state, lease) => {
      touched.kept = true;
      endTimeRequest({ id });
      setRequestState({ id, state, lease: lease ?? null });
    }),
    discardTimeRequests: () => {
      endTimeRequest({ id: null });
      discardTimeRequests({});
    },
    removeRequest: lasting((id) => {
      touched.kept = true;
      endTimeRequest({ id });
      removeRequest({ id });
      forgetRun({ id });
    }),
    saveRun: (request) => void saveRun({ request }),
    answerRun: (request, lease) => void answerRun({ request, lease }),
    forgetRun: (lease) => void forgetRun({ id: lease }),
    saveRelease: lasting((row) => {
      touched.releases = true;
      touched.kept = true;
      saveRelease(releaseRecord(row));
    }),
    mendRelease: lasting((row) => {
      touched.releases = true;
      touched.kept = true;
      mendRelease(releaseRecord(row));
    }),
    saveReceipt: (lease, receipt, at) => {
      touched.kept = true;
      saveReceipt({ lease, receipt, at });
    },
    closeRelease: (lease, problem) => {
      touched.kept = true;
      closeRelease({ lease, problem: JSON.stringify(problem) });
    },
    saveKeyset: (row) => {
      touched.kept = true;
      if (row.source !== 'update') forgetKeysets({});
      saveKeyset(row);
    },
    saveEntitlements: (user, organization, asOf, entitlements) => {
      const text = JSON.stringify(entitlements);
      saveEntitlements({ user, organization, asOf, entitlements: text, digest: digestOf(text) });
    },
    saveRefusal: ({ file, ...row }) => {
      saveRefusal({ ...row, digest: file === null ? '' : digestOf(file) });
      forgetRefusals({ most: REFUSALS_KEPT });
    },
  };
};
