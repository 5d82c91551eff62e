import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createCounterCopy } from '../../../../src-main/adapter/store/counter.ts';
import { createKeptFolder } from '../../../../src-main/adapter/store/kept.ts';
import { openStore } from '../../../../src-main/adapter/store/index.ts';
import type { HomeStore } from '../../../../src-main/adapter/store/index.ts';
import { openDatabase } from '../../../../src-main/adapter/store/open.ts';
import { migrate, migrations } from '../../../../src-main/adapter/store/migrations.ts';
import type { LeaseRow, ReleaseRow, RequestRow } from '../../../../src-main/licensing/index.ts';
import { Refusal } from '../../../../src-shared/result.ts';

let folder: string;
let path: string;
const open: HomeStore[] = [];
const begin = (): HomeStore => {
  const store = openStore({ path, counter: createCounterCopy(join(folder, 'counter')), kept: createKeptFolder(join(folder, 'kept')), stamp: () => '1780315200' });
  open.push(store);
  return store;
};
const adopted = (): HomeStore => {
  const store = begin();
  store.adopt({ id: 'mch_1', name: 'WS-042' });
  return store;
};
const closeAll = (): void => open.splice(0).forEach((store) => store.close());

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-store-'));
  path = join(folder, 'latchkey.db');
});
afterEach(() => {
  closeAll();
  rmSync(folder, { recursive: true, force: true });
});

const codeOf = (work: () => unknown): { code: string; why: unknown } => {
  try {
    work();
  } catch (error) {
    if (error instanceof Refusal) return { code: error.failure.code, why: error.failure.details['why'] };
    throw error;
  }
  throw new Error('not refused');
};

const lease = (change: Partial<LeaseRow> = {}): LeaseRow => ({
  id: 'lse_1', license: 'lic_1', product: 'stage', file: 'fil_1', seq: 1, text: 'text 1', carrier: 'network', acceptedAt: 100, lastContact: null, warned: null, unrenewed: null, refusal: null, ...change,
});
const request: RequestRow = {
  id: 'req_1', purpose: 'checkout', carrier: 'file', state: 'pending', license: null, product: 'stage', lease: null, mode: 'offline', days: 30, createdAt: 100, expiresAt: 200,
  machineName: 'WS-042', fileName: 'a.lkreq', text: 'request 1',
};
const release: ReleaseRow = {
  lease: 'lse_1', license: 'lic_1', product: { id: 'stage', name: 'Stage' }, organization: { id: 'org_1', name: 'Northlight' }, mode: 'offline', reason: 'user', releasedAt: 150, until: 900,
  proof: 'rel_1', proofText: 'proof 1', fileName: 'a.lkrel', receiptText: null, receiptAt: null, problem: null,
};

describe('opening', () => {
  test('every open is write-ahead, durable, with foreign keys, and for the owner only', () => {
    for (let turn = 0; turn < 2; turn += 1) {
      expect(adopted().facts()).toMatchObject({ journal: 'wal', synchronous: 'full', foreignKeys: true, schema: migrations.length, setAside: null, rolledBack: null });
      for (const name of readdirSync(folder)) expect([name, statSync(join(folder, name)).mode & 0o077]).toEqual([name, 0]);
      closeAll();
    }
  });

  test('a schema that somebody else wrote is not trusted', () => {
    adopted();
    closeAll();
    const database = openDatabase(path);
    expect(database.pragma('trusted_schema', { simple: true })).toBe(0);
    database.close();
  });

  test('an index that has lost a row is noticed, which hides a request that waits from all that looks for it', () => {
    adopted().write((tx) => tx.saveRequest(request));
    closeAll();
    const raw = () => new SQLite(path);
    const index = "name = 'request_pending'";
    const edit = (work: (database: SQLite.Database) => void): void => {
      const database = raw();
      database.unsafeMode(true);
      database.pragma('writable_schema = ON');
      work(database);
      database.close();
    };
    // Taken out of the schema, a row is written past it, and it is put back as it was.
    let row: readonly unknown[] = [];
    edit((database) => {
      row = database.prepare(`SELECT type, name, tbl_name, rootpage, sql FROM sqlite_schema WHERE ${index}`).raw().get() as unknown[];
      database.exec(`DELETE FROM sqlite_schema WHERE ${index}`);
    });
    edit((database) => database.exec('UPDATE request SET created_at = created_at + 1'));
    edit((database) => database.prepare('INSERT INTO sqlite_schema (type, name, tbl_name, rootpage, sql) VALUES (?, ?, ?, ?, ?)').run(...row));
    const damaged = raw();
    // The quicker check does not look for it.
    expect([damaged.pragma('quick_check', { simple: true }), damaged.pragma('integrity_check', { simple: true })]).toEqual(['ok', expect.stringContaining('request_pending')]);
    damaged.close();
    expect(begin().facts().setAside).toMatch(/damaged-/);
  });

  test.each([['nonsense', Buffer.alloc(8192, 'x')], ['a torn first page', null]])('a damaged database (%s) is set aside, never overwritten', (_, bytes) => {
    adopted().write((tx) => void tx.claimSequence(1));
    closeAll();
    const damaged = bytes ?? (() => {
      const whole = readFileSync(path);
      whole.fill(0x5a, 100, 4096);
      return whole;
    })();
    writeFileSync(path, damaged);
    const store = adopted();
    const { setAside } = store.facts();
    expect(setAside).toBe(`${path}.damaged-1780315200`);
    expect(readFileSync(setAside ?? '')).toEqual(damaged);
    // It goes on counting where the lost one was: no number is used twice.
    expect(store.machine().seq).toBe(1);
    expect(store.facts().rolledBack).toBeNull();
  });

  test('a database of a newer program is left alone', () => {
    adopted();
    closeAll();
    const raw = new SQLite(path);
    raw.pragma(`user_version = ${migrations.length + 1}`);
    raw.pragma(`application_id = ${migrations.length + 1}`);
    raw.close();
    const before = readFileSync(path);
    expect(codeOf(begin)).toEqual({ code: 'STORE_UNUSABLE', why: 'newer' });
    expect(readFileSync(path)).toEqual(before);
  });

  test('a store belongs to one machine', () => {
    const store = adopted();
    expect(codeOf(() => store.adopt({ id: 'mch_2', name: 'other' }))).toEqual({ code: 'STORE_UNUSABLE', why: 'machine-key' });
    store.adopt({ id: 'mch_1', name: 'not taken over' });
    expect(store.machine()).toEqual({ id: 'mch_1', name: 'WS-042', seq: 0, highest: 0, signed: 0 });
  });
});

describe('writing', () => {
  test('is all or nothing', () => {
    const store = adopted();
    const before = readFileSync(path);
    expect(() => store.write((tx) => {
      tx.claimSequence(1);
      tx.saveLease(lease());
      throw new Error('undone');
    })).toThrow('undone');
    expect(store.leases()).toEqual([]);
    expect(store.machine().seq).toBe(0);
    expect(before.length).toBeGreaterThan(0);
  });

  test('every row comes back as it was', () => {
    const store = adopted();
    store.write((tx) => {
      tx.saveLease(lease());
      tx.saveRequest(request);
      tx.setSetting('account', '{}');
      tx.saveKeyset({ version: 1, text: 'keyset 1', source: 'named', acceptedAt: 100 });
      tx.see(500);
      tx.see(400);
    });
    closeAll();
    const again = adopted();
    expect(again.leases()).toEqual([lease()]);
    expect(again.pendingRequests()).toEqual([request]);
    expect(again.setting('account')).toBe('{}');
    expect(again.keysets()).toEqual([{ version: 1, text: 'keyset 1', source: 'named', acceptedAt: 100 }]);
    expect(again.machine().highest).toBe(500);
    again.write((tx) => {
      tx.saveLease(lease({ file: 'fil_2', seq: 2, text: 'text 2' }));
      tx.touchLease('lse_1', 700);
      tx.setRequestState('req_1', 'answered');
    });
    expect(again.lease('lse_1')).toEqual(lease({ file: 'fil_2', seq: 2, text: 'text 2', lastContact: 700 }));
    expect(again.request('req_1')?.state).toBe('answered');
    expect(again.pendingRequests()).toEqual([]);
  });

  test('a released lease is never held again, and its tombstone never goes', () => {
    const store = adopted();
    store.write((tx) => {
      tx.saveLease(lease());
      tx.saveRelease(release);
      tx.removeLease('lse_1');
    });
    expect(store.release('lse_1')).toEqual(release);
    expect(codeOf(() => store.write((tx) => tx.saveLease(lease())))).toMatchObject({ code: 'STORE_UNUSABLE' });
    closeAll();
    const raw = new SQLite(path);
    expect(() => raw.exec('DELETE FROM release')).toThrow('for ever');
    raw.close();
    const again = adopted();
    again.write((tx) => tx.closeRelease('lse_1', { code: 'LEASE_NOT_FOUND', details: { lease: 'lse_1' } }));
    expect(again.release('lse_1')?.problem).toEqual({ code: 'LEASE_NOT_FOUND', details: { lease: 'lse_1' } });
    again.write((tx) => tx.saveReceipt('lse_1', 'receipt 1', 800));
    expect(again.release('lse_1')).toMatchObject({ receiptText: 'receipt 1', receiptAt: 800, problem: null });
    again.write((tx) => tx.saveReceipt('lse_1', 'another', 900));
    expect(again.release('lse_1')).toMatchObject({ receiptText: 'receipt 1', receiptAt: 800 });
  });

  test('two processes share a store: each sees what the other did, and a number is claimed once', () => {
    const one = adopted();
    const two = adopted();
    two.changedElsewhere();
    expect(one.write((tx) => tx.claimSequence(1))).toBe(true);
    expect(two.changedElsewhere()).toBe(true);
    expect(two.changedElsewhere()).toBe(false);
    expect(two.write((tx) => tx.claimSequence(1))).toBe(false);
    expect(two.write((tx) => tx.claimSequence(2))).toBe(true);
    expect(one.machine().seq).toBe(2);
    expect(readFileSync(join(folder, 'counter'), 'utf8')).toMatch(/^2\n/);
  });

  test('trust that begins anew forgets the chain before it', () => {
    const store = adopted();
    const row = (version: number, source: 'named' | 'pinned' | 'update') => ({ version, text: `${source} ${version}`, source, acceptedAt: 1 });
    store.write((tx) => [row(1, 'pinned'), row(2, 'update')].forEach(tx.saveKeyset));
    expect(store.keysets()).toHaveLength(2);
    store.write((tx) => tx.saveKeyset(row(3, 'named')));
    expect(store.keysets()).toEqual([row(3, 'named')]);
  });
});

describe('the counter’s second copy', () => {
  test('a database older than the copy is rolled back; a missing copy is made again', () => {
    const store = adopted();
    for (const seq of [1, 2, 3]) store.write((tx) => tx.claimSequence(seq));
    closeAll();
    writeFileSync(join(folder, 'counter'), '7\n');
    expect(adopted().facts().rolledBack).toEqual({ stored: 3, seen: 7 });
    expect(readFileSync(join(folder, 'counter'), 'utf8')).toMatch(/^7\n/);
    closeAll();
    rmSync(join(folder, 'counter'));
    expect(adopted().facts().rolledBack).toBeNull();
    expect(readFileSync(join(folder, 'counter'), 'utf8')).toMatch(/^3\n/);
    closeAll();
    writeFileSync(join(folder, 'counter'), 'nonsense');
    expect(adopted().facts().rolledBack).toBeNull();
  });

  test('a database ahead of its copy (the power failed between the two) is in order', () => {
    const store = adopted();
    store.write((tx) => tx.claimSequence(1));
    closeAll();
    writeFileSync(join(folder, 'counter'), '0\n');
    expect(adopted().facts().rolledBack).toBeNull();
    expect(readFileSync(join(folder, 'counter'), 'utf8')).toMatch(/^1\n/);
  });
});

describe('migrations', () => {
  test('1 makes strict tables, and running it again changes nothing', () => {
    const raw = new SQLite(':memory:');
    migrate(raw, 1);
    migrate(raw, 1);
    expect(raw.pragma('user_version', { simple: true })).toBe(1);
    const tables = raw.prepare(`SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite_%' ORDER BY name`).all() as { name: string; strict: number }[];
    expect(tables).toEqual(['document', 'entitlement', 'keyset', 'lease', 'machine', 'release', 'request', 'setting'].map((name) => ({ name, strict: 1 })));
    raw.close();
    expect(existsSync(path)).toBe(false);
  });
});
