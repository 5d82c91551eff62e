import { chmodSync } from 'node:fs';
import type { Database } from 'better-sqlite3';
import type { Entitlement } from '../../../src-shared/license.ts';
import { Refusal } from '../../../src-shared/result.ts';
import type { KeysetRow, LicensingStore, MachineRow, StoreFacts, StoreReader, StoreWriter } from '../../licensing/store.ts';
import type { CounterCopy } from './counter.ts';
import { openOrSetAside, storeRefusal } from './open.ts';
import { leaseOf, releaseOf, requestOf } from './rows.ts';
import type { LeaseRecord, ReleaseRecord, RequestRecord } from './rows.ts';

export type HomeStore = LicensingStore & {
  /** Names the machine that this store belongs to, once. Throws `STORE_UNUSABLE` when it is another's. */
  readonly adopt: (machine: { readonly id: string; readonly name: string }) => void;
  /** The machine that this store belongs to; null when it is new. */
  readonly owner: () => string | null;
  readonly close: () => void;
};

const leaseQuery = 'SELECT lease.*, document.text FROM lease JOIN document ON document.jti = lease.file';

/** The store on better-sqlite3. One connection; everything is prepared once. */
export const openStore = (input: {
  readonly path: string;
  readonly counter: CounterCopy;
  /** For the name of a damaged database that is set aside. */
  readonly stamp: () => string;
}): HomeStore => {
  const { database, setAside } = openOrSetAside(input.path, input.stamp);
  if (process.platform !== 'win32') chmodSync(input.path, 0o600);
  const reader = createReader(database);
  const writer = createWriter(database, reader);
  let rolledBack: StoreFacts['rolledBack'] = null;
  let copied = input.counter.read();
  let version = dataVersion(database);

  const judgeCounter = (): void => {
    const stored = owner()?.seq;
    if (stored === undefined) return;
    rolledBack = copied !== null && stored < copied ? { stored, seen: copied } : null;
    if (!rolledBack) copy(stored);
  };
  const copy = (seq: number): void => {
    if (copied === seq) return;
    // The copy follows the commit. It is the weaker one: that it could not be written undoes nothing.
    try {
      input.counter.write(seq);
      copied = seq;
    } catch {
      copied = null;
    }
  };
  const owner = (): MachineRow | null => (database.prepare('SELECT id, name, seq, highest, signed FROM machine').get() as MachineRow | undefined) ?? null;
  judgeCounter();

  const write = <T>(work: (tx: StoreWriter) => T): T => {
    const value = guarded(() => database.transaction(() => work(writer)).immediate());
    const now = owner();
    if (now && !rolledBack) copy(now.seq);
    return value;
  };

  return {
    ...reader,
    write,
    changedElsewhere: () => guarded(() => {
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
      rolledBack,
    }),
    owner: () => owner()?.id ?? null,
    adopt: ({ id, name }) => {
      guarded(() => database.transaction(() => {
        const present = owner();
        if (present === null) {
          // A store that is begun again on a known machine goes on counting where the lost one was.
          database.prepare('INSERT INTO machine (one, id, name, seq, highest) VALUES (1, ?, ?, ?, 0)').run(id, name, copied ?? 0);
        } else if (present.id !== id) throw new Refusal('STORE_UNUSABLE', { why: 'machine-key', expected: present.id, actual: id });
      }).immediate());
      judgeCounter();
    },
    close: () => void database.close(),
  };
};

const dataVersion = (database: Database): number => database.pragma('data_version', { simple: true }) as number;

const guarded = <T>(work: () => T): T => {
  try {
    return work();
  } catch (error) {
    throw storeRefusal(error);
  }
};

const createReader = (database: Database): StoreReader => {
  const one = <R>(sql: string) => {
    const statement = database.prepare(sql);
    return (...params: readonly (string | number | null)[]): R | null => guarded(() => (statement.get(...params) as R | undefined) ?? null);
  };
  const many = <R>(sql: string) => {
    const statement = database.prepare(sql);
    return (...params: readonly (string | number | null)[]): R[] => guarded(() => statement.all(...params) as R[]);
  };
  const machine = one<MachineRow>('SELECT id, name, seq, highest, signed FROM machine');
  const setting = one<{ value: string }>('SELECT value FROM setting WHERE name = ?');
  const leases = many<LeaseRecord>(`${leaseQuery} ORDER BY lease.accepted_at DESC, lease.id`);
  const lease = one<LeaseRecord>(`${leaseQuery} WHERE lease.id = ?`);
  const request = one<RequestRecord>('SELECT * FROM request WHERE id = ?');
  const pending = many<RequestRecord>(`SELECT * FROM request WHERE state = 'pending' ORDER BY created_at, id`);
  const releases = many<ReleaseRecord>('SELECT * FROM release ORDER BY released_at DESC, lease');
  const release = one<ReleaseRecord>('SELECT * FROM release WHERE lease = ?');
  const keysets = many<KeysetRow>('SELECT version, text, source, accepted_at AS acceptedAt FROM keyset ORDER BY version');
  const entitlements = one<{ as_of: number; entitlements: string }>('SELECT as_of, entitlements FROM entitlement WHERE person = ? AND organization = ?');
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
    keysets: () => keysets(),
    entitlements: (user, organization) =>
      mapped(entitlements(user, organization), (row) => ({ asOf: row.as_of, entitlements: JSON.parse(row.entitlements) as Entitlement[] })),
  };
};

const createWriter = (database: Database, reader: StoreReader): StoreWriter => {
  const run = <P extends Record<string, unknown>>(sql: string) => {
    const statement = database.prepare(sql);
    return (params: P): number => statement.run(params).changes;
  };
  const claim = run<{ seq: number }>('UPDATE machine SET seq = @seq WHERE seq = @seq - 1');
  const raise = run<{ seq: number }>('UPDATE machine SET seq = max(seq, @seq)');
  const rename = run<{ name: string }>('UPDATE machine SET name = @name');
  const see = run<{ time: number }>('UPDATE machine SET highest = max(highest, @time)');
  const seeSigned = run<{ time: number }>('UPDATE machine SET signed = max(signed, @time), highest = max(highest, @time)');
  const forgetOwnTime = run<Record<string, never>>('UPDATE machine SET highest = signed');
  const setSetting = run<{ name: string; value: string }>('INSERT OR REPLACE INTO setting VALUES (@name, @value)');
  const removeSetting = run<{ name: string }>('DELETE FROM setting WHERE name = @name');
  const saveDocument = run<{ file: string; id: string; text: string; acceptedAt: number }>(
    'INSERT INTO document VALUES (@file, @id, @text, @acceptedAt) ON CONFLICT (jti) DO NOTHING');
  const saveLease = run(
    `INSERT INTO lease VALUES (@id, @license, @product, @file, @seq, @carrier, @acceptedAt, @lastContact, @warned)
     ON CONFLICT (id) DO UPDATE SET file = excluded.file, seq = excluded.seq, carrier = excluded.carrier, accepted_at = excluded.accepted_at,
       last_contact = excluded.last_contact, warned = excluded.warned`);
  const removeLease = run<{ id: string }>('DELETE FROM lease WHERE id = @id');
  const touchLease = run<{ id: string; at: number }>('UPDATE lease SET last_contact = @at WHERE id = @id');
  const markWarned = run<{ id: string; days: number | null }>('UPDATE lease SET warned = @days WHERE id = @id');
  const saveRequest = run(
    `INSERT INTO request VALUES (@id, @purpose, @carrier, @state, @license, @product, @lease, @mode, @days, @createdAt, @expiresAt, @machineName,
       @fileName, @text)`);
  const setRequestState = run<{ id: string; state: string }>('UPDATE request SET state = @state WHERE id = @id');
  const discardTimeRequests = run<Record<string, never>>("UPDATE request SET state = 'discarded' WHERE state = 'pending' AND purpose = 'time'");
  const removeRequest = run<{ id: string }>('DELETE FROM request WHERE id = @id');
  const saveRelease = run(
    `INSERT INTO release VALUES (@lease, @license, @product, @productName, @organization, @organizationName, @mode, @reason, @releasedAt, @until,
       @proof, @proofText, @fileName, @receiptText, @receiptAt, @problem)`);
  const saveReceipt = run<{ lease: string; receipt: string; at: number }>(
    'UPDATE release SET receipt_text = @receipt, receipt_at = @at, problem = NULL WHERE lease = @lease AND receipt_text IS NULL');
  const closeRelease = run<{ lease: string; problem: string }>('UPDATE release SET problem = @problem WHERE lease = @lease AND receipt_text IS NULL');
  const forgetKeysets = run<Record<string, never>>('DELETE FROM keyset');
  const saveKeyset = run('INSERT OR REPLACE INTO keyset VALUES (@version, @text, @source, @acceptedAt)');
  const saveEntitlements = run<{ user: string; organization: string; asOf: number; entitlements: string }>(
    'INSERT OR REPLACE INTO entitlement VALUES (@user, @organization, @asOf, @entitlements)');
  return {
    ...reader,
    claimSequence: (seq) => claim({ seq }) === 1,
    raiseSequence: (seq) => void raise({ seq }),
    rename: (name) => void rename({ name }),
    see: (time) => void see({ time }),
    seeSigned: (time) => void seeSigned({ time }),
    forgetOwnTime: () => void forgetOwnTime({}),
    setSetting: (name, value) => void (value === null ? removeSetting({ name }) : setSetting({ name, value })),
    saveLease: (row) => {
      saveDocument({ file: row.file, id: row.id, text: row.text, acceptedAt: row.acceptedAt });
      saveLease(row);
    },
    removeLease: (id) => void removeLease({ id }),
    touchLease: (id, at) => void touchLease({ id, at }),
    markWarned: (id, days) => void markWarned({ id, days }),
    saveRequest: (row) => void saveRequest(row),
    setRequestState: (id, state) => void setRequestState({ id, state }),
    discardTimeRequests: () => void discardTimeRequests({}),
    removeRequest: (id) => void removeRequest({ id }),
    saveRelease: (row) => void saveRelease({
      ...row, product: row.product.id, productName: row.product.name, organization: row.organization.id, organizationName: row.organization.name,
      problem: row.problem && JSON.stringify(row.problem),
    }),
    saveReceipt: (lease, receipt, at) => void saveReceipt({ lease, receipt, at }),
    closeRelease: (lease, problem) => void closeRelease({ lease, problem: JSON.stringify(problem) }),
    saveKeyset: (row) => {
      if (row.source !== 'update') forgetKeysets({});
      saveKeyset(row);
    },
    saveEntitlements: (user, organization, asOf, entitlements) =>
      void saveEntitlements({ user, organization, asOf, entitlements: JSON.stringify(entitlements) }),
  };
};
