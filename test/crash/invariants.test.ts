import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { unwrap } from '../../src-shared/result.ts';
import { checkInvariants } from '../support/crash/invariants.ts';
import type { Invariant, Machine } from '../support/crash/invariants.ts';
import { visit } from '../support/crash/visit.ts';
import { createWorld } from '../support/crash/world.ts';

/**
 * Each promise that the kill runs look after is broken on purpose, and noticed by its own name. One world is brought to a state
 * with a lease that is held (desk) and one that was given back (gone); every test breaks a copy of it.
 */
let whole: string;
let folder: string;
let lease = '';
/** A lease of the machine `gone`, as its row was, and its license file. */
let lost: Record<string, unknown>;
let stranger = '';
let machines: readonly Machine[];

const rowOf = (home: string): Record<string, unknown> => {
  const database = new SQLite(join(home, 'latchkey.db'));
  const row = database.prepare('SELECT * FROM lease').get() as Record<string, unknown>;
  database.close();
  return row;
};

beforeAll(async () => {
  const world = await createWorld();
  const desk = await world.machine('desk', 'editor');
  lease = unwrap(await visit(desk.place, (licensing) => licensing.checkout({ license: 'lic_stage' }))).lease;
  desk.held.add(lease);
  const gone = await world.machine('gone', 'second');
  const { lease: given } = unwrap(await visit(gone.place, (licensing) => licensing.checkout({ license: 'lic_stage' })));
  lost = rowOf(gone.place.home);
  stranger = readFileSync(join(gone.place.home, 'licenses/stage.lklic'), 'utf8');
  unwrap(await visit(gone.place, (licensing) => licensing.release({ lease: given, reason: 'user' })));
  gone.returned.add(given);
  await world.authority().stop();
  whole = mkdtempSync(join(tmpdir(), 'latchkey-whole-'));
  cpSync(world.folder, whole, { recursive: true });
  machines = [desk, gone];
  await world.close();
  return () => rmSync(whole, { recursive: true, force: true });
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-broken-'));
  cpSync(whole, folder, { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const change = (path: string, work: (database: SQLite.Database) => void): void => {
  const database = new SQLite(path);
  database.pragma('foreign_keys = OFF');
  // Most of this the schema refuses by itself.
  for (const name of database.prepare("SELECT name FROM sqlite_master WHERE type = 'trigger'").pluck().all()) database.exec(`DROP TRIGGER "${String(name)}"`);
  work(database);
  database.close();
};
const authoritySql = (...statements: readonly string[]): void => change(join(folder, 'authority/authority.db'), (database) => statements.forEach((each) => database.exec(each)));
const homeSql = (machine: 'desk' | 'gone', ...statements: readonly string[]): void => change(join(folder, machine, 'latchkey.db'), (database) => statements.forEach((each) => database.exec(each)));
const noticed = async (): Promise<readonly Invariant[]> => (await checkInvariants({
  authorityHome: join(folder, 'authority'),
  now: Math.floor(Date.now() / 1000),
  machines: machines.map((machine) => ({ ...machine, place: { ...machine.place, home: join(folder, machine.place.name) } })),
})).map(({ invariant }) => invariant);
const damage = (path: string): void => {
  for (const suffix of ['-wal', '-shm']) rmSync(`${path}${suffix}`, { force: true });
  writeFileSync(path, 'not a database, and never was one'.repeat(100));
};

const leaseColumns = 'seat, holder, counted, carrier, mode, state, issued_at, until, busy_until, file, file_seq, confirmed, fingerprint, last_contact, ended_at, ended_by, ended_why, freed_at';

test('a world in which nothing is broken keeps every promise', async () => {
  expect(await noticed()).toEqual([]);
});

describe('a broken promise is noticed:', () => {
  test('an acknowledged lease that is lost', async () => {
    homeSql('desk', 'DELETE FROM lease');
    expect(await noticed()).toContain('acknowledged-lease-kept');
  });

  test('a lease that is dropped without its proof', async () => {
    homeSql('gone', 'DELETE FROM release', 'DELETE FROM tombstone');
    rmSync(join(folder, 'gone/counter'));
    expect(await noticed()).toContain('never-dropped');
  });

  test('an acknowledged return that is forgotten', async () => {
    homeSql('gone', 'DELETE FROM release');
    expect(await noticed()).toEqual(['acknowledged-return-kept']);
  });

  test('half a license file', async () => {
    writeFileSync(join(folder, 'desk/licenses/stage.lklic'), '-----BEGIN LATCHKEY LICENSE FILE-----\neyJ');
    expect(await noticed()).toEqual(['file-whole']);
  });

  test('a license file that was never accepted', async () => {
    writeFileSync(join(folder, 'desk/licenses/stage.lklic'), stranger);
    expect(await noticed()).toEqual(['file-equals-store']);
  });

  test('a lease that is given up and held again', async () => {
    change(join(folder, 'gone/latchkey.db'), (database) => void database.prepare(`INSERT INTO lease VALUES (${Object.keys(lost).map(() => '?').join()})`).run(Object.values(lost)));
    expect(await noticed()).toEqual(expect.arrayContaining(['released-not-usable', 'usable-is-in-the-ledger']));
  });

  test('a lease that is usable while the ledger thinks it over', async () => {
    authoritySql(`UPDATE lease SET busy_until = 0 WHERE id = '${lease}'`);
    expect(await noticed()).toContain('usable-is-in-the-ledger');
  });

  test('a lease whose seat is free for others', async () => {
    authoritySql(`UPDATE seat SET lease = NULL, machine = NULL, busy_until = 0 WHERE lease = '${lease}'`);
    expect(await noticed()).toContain('seat-given-once');
  });

  test('more machines than seats', async () => {
    authoritySql(`DELETE FROM seat WHERE license = 'lic_stage' AND lease IS NOT '${lease}'`, `INSERT INTO lease SELECT 'lse_twin', license, 'mch_twin', ${leaseColumns} FROM lease WHERE id = '${lease}'`);
    expect(await noticed()).toContain('seat-given-once');
  });

  test('a seat whose lease does not have it', async () => {
    authoritySql(`UPDATE lease SET busy_until = 0, seat = NULL WHERE id = '${lease}'`);
    expect(await noticed()).toContain('ledger-whole');
  });

  test('a request that was answered twice', async () => {
    authoritySql(`INSERT INTO license_file SELECT lease, seq + 1, jti || 'x', request, request_seq, issued_at, exp, text FROM license_file WHERE lease = '${lease}'`);
    expect(await noticed()).toEqual(['one-answer']);
  });

  test('a proof without its receipt', async () => {
    authoritySql('DELETE FROM receipt');
    expect(await noticed()).toEqual(['one-answer']);
  });

  test('an audit row that was changed', async () => {
    authoritySql("UPDATE audit SET details = '{}' WHERE seq = 3");
    expect(await noticed()).toEqual(['audit-intact']);
  });

  test('a lease without an audit row', async () => {
    authoritySql('DELETE FROM audit WHERE seq = (SELECT max(seq) FROM audit)', `DELETE FROM audit WHERE subject = '${lease}'`);
    expect(await noticed()).toContain('audit-intact');
  });

  test('a number that could be used twice', async () => {
    rmSync(join(folder, 'desk/counter'));
    homeSql('desk', 'UPDATE machine SET seq = 0');
    expect(await noticed()).toEqual(['number-used-once']);
  });

  test('a store that is behind its counter', async () => {
    homeSql('desk', 'UPDATE machine SET seq = 0');
    expect(await noticed()).toContain('machine-starts-clean');
  });

  test('a home whose database is damaged', async () => {
    damage(join(folder, 'desk/latchkey.db'));
    expect(await noticed()).toContain('machine-starts-clean');
  });

  test('a home that cannot be opened', async () => {
    rmSync(join(folder, 'desk/machine-key.json'));
    expect(await noticed()).toEqual(['machine-starts-clean']);
  });

  test('an authority whose database is damaged', async () => {
    damage(join(folder, 'authority/authority.db'));
    expect(await noticed()).toEqual(['authority-starts-clean']);
  });
});
