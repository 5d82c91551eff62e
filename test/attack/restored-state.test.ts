import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Refusal, unwrap } from '../../src-shared/result.ts';
import { DAY, HOUR, MINUTE } from '../../src-shared/time.ts';
import { startAuthority } from '../support/authority.ts';
import type { TestAuthority } from '../support/authority.ts';
import { codeOf, startClient } from '../support/client.ts';
import type { TestClient } from '../support/client.ts';
import { answer } from '../support/exchange.ts';
import { databaseFiles, databaseOf, edit, putBack, snapshot } from '../support/home-files.ts';

/** What a machine's owner can do to its own files by hand: put them back, mix them, edit them. What is noticed, and what bounds the rest. */
let authority: TestAuthority;
let folder: string;
let machine: TestClient;

beforeEach(async () => {
  authority = await startAuthority();
  folder = mkdtempSync(join(tmpdir(), 'latchkey-restored-'));
  machine = await startClient({ clock: authority.clock, authority: null, keyset: authority.keyset(), name: 'WS-042' });
});
afterEach(async () => {
  await machine.close();
  await authority.close();
  rmSync(folder, { recursive: true, force: true });
});

const ask = async (want: { product?: string; lease?: string } = { product: 'stage' }): Promise<string> => unwrap(await machine.licensing().createRequest({ days: 30, ...want })).text;
const take = async (product = 'stage', license = 'lic_stage', days = 30): Promise<{ lease: string; file: string }> => {
  const file = await answer(authority, await ask({ product }), license, days);
  const { lease } = unwrap(await machine.licensing().accept(file)) as { lease: string };
  return { lease, file };
};
const usable = (): string[] => machine.licensing().current().filter(({ standing }) => standing.usable).map(({ id }) => id).sort();
const standings = (): unknown[] => machine.licensing().current().map(({ standing }) => (standing.usable ? 'usable' : standing.code));
const before = (): string => join(folder, 'before');
/** Everything up to here is what is put back later. */
const remember = async (): Promise<void> => {
  await machine.stop();
  snapshot(machine.home, before());
  await machine.restart();
};
const restore = async (names: readonly string[]): Promise<void> => {
  await machine.stop();
  putBack(machine.home, before(), names);
  await machine.restart();
};

describe('put back to before a release', () => {
  let lease: string;
  let file: string;
  let end: number;
  beforeEach(async () => {
    ({ lease, file } = await take());
    end = machine.licensing().current()[0]?.until ?? 0;
    await remember();
    unwrap(await authority.authority().accept(unwrap(await machine.licensing().releaseByProof(lease)).text));
  });

  test('the database alone: it is older than its second copy, so its leases are suspended and nothing is numbered', async () => {
    await restore(databaseFiles);
    expect(standings()).toEqual(['STORE_ROLLED_BACK']);
    expect(codeOf(await machine.licensing().createRequest({ product: 'stage' }))).toBe('STORE_ROLLED_BACK');
    expect(unwrap(await machine.licensing().diagnose()).find(({ subject }) => subject === 'store')).toMatchObject({ ok: false, facts: { rolledBackFrom: 2 } });
    // Importing the file again does not wake it either, and the copy is not forgotten by using the machine.
    await machine.licensing().accept(file);
    await machine.restart();
    expect(standings()).toEqual(['STORE_ROLLED_BACK']);
  });

  test('the way on from there: move the database away; what was given up stays given up', async () => {
    await restore(databaseFiles);
    await machine.stop();
    for (const name of databaseFiles) rmSync(join(machine.home, name), { force: true });
    await machine.restart();
    expect(machine.licensing().current()).toEqual([]);
    expect(codeOf(await machine.licensing().accept(file))).toBe('LEASE_RELEASED');
    expect(await take()).toMatchObject({ lease: expect.any(String) });
  });

  test.each([['and the second copy', [...databaseFiles, 'counter']], ['and the second copy and what is kept', [...databaseFiles, 'counter', 'kept']]])(
    'the database %s: used again until the end of its file and not a second longer, and the authority notices the first document that is numbered twice', async (_, names) => {
      await restore(names);
      expect(usable()).toEqual([lease]);
      expect(end - authority.clock.now()).toBe(30 * DAY);
      expect(codeOf(await answerOf(await ask()))).toBe('MACHINE_CLONED');
      authority.clock.set(end - 1);
      expect(usable()).toEqual([lease]);
      authority.clock.set(end);
      expect(standings()).toEqual(['LEASE_EXPIRED']);
      authority.clock.set(end - 400 * DAY);
      expect(standings()).toEqual(['CLOCK_ROLLED_BACK']);
    });

  test('the second copy deleted: it is made again from the database, and the release stands', async () => {
    await machine.stop();
    rmSync(join(machine.home, 'counter'));
    await machine.restart();
    expect(usable()).toEqual([]);
    expect(codeOf(await machine.licensing().accept(file))).toBe('LEASE_RELEASED');
    expect(readFileSync(join(machine.home, 'counter'), 'utf8')).toMatch(new RegExp(`^2\n.*${lease}`));
  });

  test('the second copy alone, or one of an earlier version with a number only: the database is ahead and in order', async () => {
    for (const content of [readFileSync(join(before(), 'counter'), 'utf8'), '1\n', 'nonsense', '1\n{"v":2}\n']) {
      await machine.stop();
      writeFileSync(join(machine.home, 'counter'), content);
      await machine.restart();
      expect(usable()).toEqual([]);
      expect(machine.ports().store.facts()).toMatchObject({ rolledBack: null, mended: 0 });
      expect(codeOf(await machine.licensing().accept(file))).toBe('LEASE_RELEASED');
      expect(readFileSync(join(machine.home, 'counter'), 'utf8')).toMatch(new RegExp(`^2\n.*${lease}`));
    }
  });

  test('the tombstone deleted by hand, with the trigger that guards it dropped: it comes back from the second copy', async () => {
    await machine.stop();
    edit(machine.home, (database) => {
      const trigger = database.prepare(`SELECT sql FROM sqlite_schema WHERE name = 'release_is_for_ever'`).pluck().get() as string;
      database.exec('DROP TRIGGER release_is_for_ever; DELETE FROM release;');
      database.exec(trigger);
    });
    await machine.restart();
    expect(machine.ports().store.facts().mended).toBe(1);
    expect(codeOf(await machine.licensing().accept(file))).toBe('LEASE_RELEASED');
    expect(unwrap(await machine.licensing().diagnose()).find(({ subject }) => subject === 'store')).toMatchObject({ facts: { releasesPutBack: 1 } });
    // Both at once is the same as putting both back: until the file's end.
    await machine.stop();
    edit(machine.home, (database) => database.exec('DROP TRIGGER tombstone_is_for_ever; DELETE FROM tombstone;'));
    rmSync(join(machine.home, 'counter'));
    await machine.restart();
    unwrap(await machine.licensing().accept(file));
    authority.clock.set(end);
    expect(usable()).toEqual([]);
  });
});

const answerOf = (request: string) => authority.authority().answer({ request, license: 'lic_stage', days: 30 });

describe('the database and its write-ahead log of different times', () => {
  test('never bring back what was given up, nor anything of another machine', async () => {
    const { lease, file } = await take();
    // Copies while it runs, so that there is a log beside each.
    for (const name of databaseFiles) copyFileSync(join(machine.home, name), join(folder, `${name}.early`));
    unwrap(await machine.licensing().releaseByProof(lease));
    const other = await take('grade', 'lic_single');
    for (const name of databaseFiles) copyFileSync(join(machine.home, name), join(folder, `${name}.late`));
    const stranger = await startClient({ clock: authority.clock, authority: null, keyset: authority.keyset(), name: 'WS-043' });
    const theirs = await answer(authority, unwrap(await stranger.licensing().createRequest({ product: 'stage' })).text, 'lic_online', 1).catch(() => null);
    expect(theirs).toBeNull();
    unwrap(await stranger.licensing().accept(await answer(authority, unwrap(await stranger.licensing().createRequest({ product: 'stage' })).text, 'lic_stage', 30)));
    for (const name of databaseFiles) copyFileSync(join(stranger.home, name), join(folder, `${name}.foreign`));
    await stranger.close();
    await machine.stop();
    snapshot(machine.home, before());

    const times = ['early', 'late', 'foreign', 'none'] as const;
    const seen: string[] = [];
    const wrong: string[] = [];
    for (const database of times.slice(0, 3)) {
      for (const log of times) {
        rmSync(machine.home, { recursive: true, force: true });
        snapshot(before(), machine.home);
        for (const name of databaseFiles) rmSync(join(machine.home, name), { force: true });
        copyFileSync(join(folder, `latchkey.db.${database}`), databaseOf(machine.home));
        if (log !== 'none') copyFileSync(join(folder, `latchkey.db-wal.${log}`), join(machine.home, 'latchkey.db-wal'));
        let became: string;
        try {
          await machine.restart();
          const { rolledBack, setAside } = machine.ports().store.facts();
          became = rolledBack ? 'suspended' : setAside === null ? 'whole' : 'set aside';
          if (usable().join() !== (rolledBack ? '' : other.lease)) wrong.push(`${database}+${log}: ${usable().join()}`);
          const again = await machine.licensing().accept(file);
          if (!rolledBack && (again.ok || again.code !== 'LEASE_RELEASED')) wrong.push(`${database}+${log}: the file given up was taken`);
          await machine.stop();
        } catch (error) {
          // Another machine's database: it is refused as a whole, and left as it is.
          if (!(error instanceof Refusal) || error.failure.details['why'] !== 'machine-key') throw error;
          became = 'refused';
        }
        seen.push(`${database}+${log}: ${became}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(seen).toContain('late+late: whole');
    expect(seen).toContain('early+early: suspended');
    expect(seen).toContain('foreign+foreign: refused');
    rmSync(machine.home, { recursive: true, force: true });
    snapshot(before(), machine.home);
    await machine.restart();
  });
});

describe('edited by hand', () => {
  test('the counter lowered: nothing is numbered twice in silence', async () => {
    await take();
    await machine.stop();
    edit(machine.home, (database) => database.exec('UPDATE machine SET seq = 0'));
    await machine.restart();
    expect(standings()).toEqual(['STORE_ROLLED_BACK']);
    expect(codeOf(await machine.licensing().createRequest({}))).toBe('STORE_ROLLED_BACK');
  });

  test('the highest time lowered: it is raised again from the second copy, which is at most a quarter of an hour behind', async () => {
    await take();
    const now = authority.clock.now();
    authority.clock.advance(40 * DAY);
    await machine.licensing().heartbeat();
    authority.clock.advance(14 * MINUTE);
    await machine.licensing().heartbeat();
    expect(standings()).toEqual(['LEASE_EXPIRED']);
    await machine.stop();
    edit(machine.home, (database) => database.exec('UPDATE machine SET highest = 0, signed = 0'));
    authority.clock.set(now + DAY);
    await machine.restart();
    expect(standings()).toEqual(['CLOCK_ROLLED_BACK']);
    expect(machine.ports().store.machine().highest).toBeGreaterThanOrEqual(now + 40 * DAY);
    authority.clock.set(now + 40 * DAY - 2 * HOUR);
    await machine.restart();
    expect(standings()).toEqual(['CLOCK_ROLLED_BACK']);
  });

  test('any column of any row, with anything in it: no lease that is not this machine’s, no product it is not for, no day longer', { timeout: 480_000 }, async () => {
    const kept = await take('stage', 'lic_stage', 30);
    const given = await take('grade', 'lic_single', 60);
    unwrap(await machine.licensing().releaseByProof(given.lease));
    const short = await take('stage', 'lic_offline', 2);
    const { id: discarded } = await (async () => {
      await ask({ product: 'grade' });
      return machine.licensing().state().requests[0] ?? { id: '' };
    })();
    unwrap(machine.licensing().discardRequest(discarded));
    authority.clock.advance(3 * DAY);
    await machine.restart();
    expect(usable()).toEqual([kept.lease]);
    const until = machine.licensing().current('stage').find(({ id }) => id === kept.lease)?.until ?? 0;
    await machine.stop();
    snapshot(machine.home, before());

    const columns: { table: string; column: string }[] = [];
    const values: Record<string, unknown[]> = {};
    edit(machine.home, (database) => {
      const tables = database.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name IN ('lease', 'document', 'request', 'release', 'tombstone', 'keyset', 'machine', 'setting')`).pluck().all() as string[];
      for (const table of tables) for (const { name } of database.prepare(`SELECT name FROM pragma_table_info(?)`).all(table) as { name: string }[]) {
        columns.push({ table, column: name });
        values[`${table}.${name}`] = database.prepare(`SELECT DISTINCT ${name} FROM ${table}`).pluck().all();
      }
    });
    const texts = [kept.file, given.file, short.file];
    const ids = [kept.lease, given.lease, short.lease];
    let edits = 0;
    for (const { table, column } of columns) {
      const old = values[`${table}.${column}`] ?? [];
      const isNumber = old.some((each) => typeof each === 'number');
      const candidates: unknown[] = isNumber ? [0, 1, 4_000_000_000] : ['', 'grade', ...(column === 'text' || column.endsWith('_text') ? texts : []), ...(['id', 'lease', 'name'].includes(column) ? ids : []), ...(column === 'file' || column === 'jti' ? (values['document.jti'] ?? []) : [])];
      for (const value of candidates) {
        rmSync(machine.home, { recursive: true, force: true });
        snapshot(before(), machine.home);
        const isDone = (() => {
          try {
            edit(machine.home, (database) => {
              database.pragma('foreign_keys = OFF');
              database.prepare(`UPDATE OR REPLACE ${table} SET ${column} = ?`).run(value);
            });
            return true;
          } catch {
            // The database itself refuses: a check, a type, a trigger.
            return false;
          }
        })();
        if (!isDone) continue;
        edits += 1;
        const what = `${table}.${column} = ${String(value).slice(0, 40)}`;
        try {
          await machine.restart();
        } catch (error) {
          if (!(error instanceof Refusal) || error.failure.code !== 'STORE_UNUSABLE') throw error;
          continue;
        }
        const held = machine.licensing().current().filter(({ standing }) => standing.usable);
        expect([what, held.filter(({ id, product, until: end }) => id !== kept.lease || product.id !== 'stage' || end !== until)]).toEqual([what, []]);
        expect([what, machine.licensing().current('grade').filter(({ standing }) => standing.usable)]).toEqual([what, []]);
        // The file that has ended stays ended, and the one given up given up.
        expect([what, (await machine.licensing().accept(short.file)).ok && machine.licensing().current().some(({ id, standing }) => id === short.lease && standing.usable)]).toEqual([what, false]);
        await machine.licensing().accept(given.file);
        expect([what, machine.licensing().current().filter(({ id, standing }) => id === given.lease && standing.usable)]).toEqual([what, []]);
        await machine.stop();
      }
    }
    expect(edits).toBeGreaterThan(60);
    rmSync(machine.home, { recursive: true, force: true });
    snapshot(before(), machine.home);
    await machine.restart();
  });

  test('a lease row put back to an earlier file of its lease, with that file: the later one is taken up again from what is kept', async () => {
    const { lease } = await take('stage', 'lic_stage', 60);
    await machine.stop();
    const rows = { lease: null as unknown, document: null as unknown };
    edit(machine.home, (database) => {
      rows.lease = database.prepare('SELECT * FROM lease').get();
      rows.document = database.prepare('SELECT * FROM document').get();
    });
    await machine.restart();
    // Renewed for less: the seat is free earlier, so the longer file must not come back.
    unwrap(await machine.licensing().accept(await answer(authority, await ask({ lease }), 'lic_stage', 10)));
    const shorter = machine.licensing().current()[0]?.until ?? 0;
    expect(shorter).toBe(authority.clock.now() + 10 * DAY);
    await machine.stop();
    edit(machine.home, (database) => {
      const { file, seq } = rows.lease as { file: string; seq: number };
      database.prepare('UPDATE lease SET file = ?, seq = ?').run(file, seq);
    });
    await machine.restart();
    expect(machine.licensing().current()).toMatchObject([{ id: lease, until: shorter, standing: { usable: true } }]);
  });
});
