import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createCounterCopy } from '../../src-main/adapter/store/counter.ts';
import { openStore } from '../../src-main/adapter/store/index.ts';
import { createKeptFolder } from '../../src-main/adapter/store/kept.ts';
import { createLog } from '../../src-main/shell/log.ts';
import { createSecretFiles } from '../../src-main/shell/secret-files.ts';
import { readWindowBounds, writeWindowBounds } from '../../src-main/shell/window-bounds.ts';
import type { Details, ErrorCode } from '../../src-shared/errors.ts';
import { contract } from '../../src-shared/http/index.ts';
import { unwrap } from '../../src-shared/result.ts';
import { whyOf } from '../../src-shared/whys.ts';
import { runProgram } from '../support/crash/processes.ts';
import type { Ended } from '../support/crash/processes.ts';
import { createWorld, untilReached } from '../support/crash/world.ts';
import type { World, WorldMachine } from '../support/crash/world.ts';
import { visit } from '../support/crash/visit.ts';
import { faultAuthority, faultMachine } from '../support/io/online.ts';
import type { Seen } from '../support/io/online.ts';
import { canInject, faultOn, straced, wasInjected } from '../support/io/strace.ts';
import { noKeychain } from '../support/keychain.ts';
import { sweep } from '../support/io/sweep.ts';
import { createSmallDisk } from '../support/small-disk.ts';
import type { SmallDisk } from '../support/small-disk.ts';

/** A disk that gives errors, under real processes. `npm run disk-faults` fails every kind of call on every file; here it is a part of them. */
const can = canInject();
const probe = createSmallDisk('1m');
probe?.close();

test.skipIf(!can)('a call to the disk that fails, in any command: a clear code, nothing lost or half written, and it goes on', async () => {
  const { outcomes, violations } = await sweep({ every: 21 });
  expect(violations).toEqual([]);
  expect(new Set(outcomes.map(({ scenario }) => scenario)).size).toBeGreaterThanOrEqual(8);
  expect(outcomes.map(({ ended }) => ended)).toContain('STORE_UNUSABLE disk');
});

describe.skipIf(!can)('between a machine and an authority that serves', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
  });
  afterAll(() => world.close());

  test('what an authority refused because its log did not reach the disk has not happened, also after a crash at once', async () => {
    const machine: WorldMachine = await world.machine('gate', null);
    const request = unwrap(await visit(machine.place, (licensing) => licensing.createRequest({ license: 'lic_stage' })));
    const ask = () => world.manager()(contract.exchange.answer, { body: { request: request.text, license: 'lic_stage', days: 30 } });
    const disk = await faultOn(world.authority().pid, { call: 'fsync', nth: 1, error: 'EIO', path: join(world.authorityHome, 'authority.db-wal') });
    const refused = await ask();
    expect(await disk.off()).toBe(true);
    expect(refused).toMatchObject({ ok: false, code: 'STORE_UNUSABLE', details: { whose: 'authority' } });
    expect(refused.ok || whyOf(refused.code, refused.details)).toBe('authority-disk');
    world.authority().kill();
    await world.authority().dead;
    await world.restart();
    expect(world.busy()).toBe(0);
    expect(count("SELECT count(*) FROM audit WHERE action = 'lease.answered'")).toBe(0);
    const { licenseFile } = unwrap(await untilReached(ask));
    expect(unwrap(await visit(machine.place, (licensing) => licensing.accept(licenseFile)))).toMatchObject({ kind: 'license' });
    expect(await world.check()).toEqual([]);
  });

  test('as long as its log does not reach the disk an authority begins nothing, goes on being read, and needs no restart', async () => {
    const machine: WorldMachine = await world.machine('long', null);
    const request = unwrap(await visit(machine.place, (licensing) => licensing.createRequest({ license: 'lic_stage' })));
    const ask = () => world.manager()(contract.exchange.answer, { body: { request: request.text, license: 'lic_stage', days: 30 } });
    const before = count('SELECT count(*) FROM audit');
    const disk = await faultOn(world.authority().pid, { call: 'fsync', nth: 1, on: true, error: 'EIO', path: join(world.authorityHome, 'authority.db-wal') });
    for (const refused of await Promise.all([ask(), ask(), ask()])) expect(refused).toMatchObject({ ok: false, code: 'STORE_UNUSABLE' });
    expect((await world.manager()(contract.accounts.me, {})).ok).toBe(true);
    expect(await disk.off()).toBe(true);
    expect(count('SELECT count(*) FROM audit')).toBe(before);
    expect(unwrap(await ask()).licenseFile).toBe(unwrap(await ask()).licenseFile);
    expect(await world.check()).toEqual([]);
  });

  test('what a machine refused because its log did not reach the disk has not happened, also after a crash at once; and as long as it does not, nothing is begun', async () => {
    const { place } = await world.machine('desk', null);
    const openedAt = (home: string) => openStore({ path: join(home, 'latchkey.db'), counter: createCounterCopy(join(home, 'counter')), kept: createKeptFolder(join(home, 'kept')), stamp: () => 'now' });
    const store = openedAt(place.home);
    const name = (to: string) => () => store.write((tx) => tx.rename(to));
    const failing = (on?: true) => faultOn(process.pid, { call: 'fsync', nth: 1, ...(on && { on }), error: 'EIO', path: join(place.home, 'latchkey.db-wal') });
    /** As a crash at this moment leaves it. */
    const nameAfterCrash = (): string => {
      const copy = join(world.folder, 'desk-after-crash');
      cpSync(place.home, copy, { recursive: true });
      const after = openedAt(copy);
      try {
        return after.machine().name;
      } finally {
        after.close();
        rmSync(copy, { recursive: true });
      }
    };
    name('before')();
    let disk = await failing();
    expect(name('refused')).toThrow('STORE_UNUSABLE');
    expect(nameAfterCrash()).toBe('before');
    expect(await disk.off()).toBe(true);
    disk = await failing(true);
    for (let turn = 0; turn < 3; turn += 1) expect(name('refused')).toThrow('STORE_UNUSABLE');
    expect([store.machine().name, nameAfterCrash()]).toEqual(['before', 'before']);
    expect(await disk.off()).toBe(true);
    name('taken')();
    expect([store.machine().name, nameAfterCrash()]).toEqual(['taken', 'taken']);
    store.close();
    expect(await world.check()).toEqual([]);
  });

  test('whatever a machine asks for while the disk of the authority fails ends in the right state', async () => {
    const seen: Seen = { violations: [], ended: [] };
    await faultAuthority(world, seen, { every: 5 });
    expect(seen.violations).toEqual([]);
    expect(seen.ended.length).toBe(5);
    expect(seen.ended).toContain('STORE_UNUSABLE authority-disk');
  });

  test('whatever a person does with the network while the disk of the machine fails ends in the right state', async () => {
    const seen: Seen = { violations: [], ended: [] };
    await faultMachine(world, seen, { every: 30 });
    expect(seen.violations).toEqual([]);
    expect(seen.ended.length).toBeGreaterThanOrEqual(3);
  });

  const count = (sql: string): unknown => {
    const database = new SQLite(join(world.authorityHome, 'authority.db'), { readonly: true });
    try {
      return database.prepare(sql).pluck().get();
    } finally {
      database.close();
    }
  };
});

const saidBy = ({ status, err }: Ended): string => {
  if (status === 0) return 'ok';
  const { code, details } = (JSON.parse(err) as { error: { code: ErrorCode; details: Details } }).error;
  return `${code} ${whyOf(code, details)}${details['aside'] === undefined ? '' : ', set aside'}`;
};

describe.skipIf(!can)('a database that the disk does not give', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
  });
  afterAll(() => world.close());

  test.each([['once', {}], ['for long', { on: true }]] as const)('%s is not taken for a damaged one: it stays where it is, and is whole when the disk works', async (_, how) => {
    const island = await world.machine(`island-${_}`, null, true);
    const env = { LATCHKEY_HOME: island.place.home, LATCHKEY_AUTHORITY: '', LATCHKEY_TRUST: join(world.folder, 'trust.lkkeys'), LATCHKEY_AUTHORITY_HOME: world.authorityHome };
    writeFileSync(env.LATCHKEY_TRUST, world.keyset);
    const log = join(world.folder, 'log');
    for (const [program, args, home, file] of [['authority', ['audit', 'verify'], world.authorityHome, 'authority.db'], ['latchkey', ['status'], island.place.home, 'latchkey.db']] as const) {
      for (const nth of [2, 14]) {
        const ended = await runProgram(program, args, { env, under: straced(log, { call: 'pread64', nth, ...how, error: 'EIO', path: join(home, file) }) });
        expect([program, nth, wasInjected(log)]).toEqual([program, nth, true]);
        expect(['ok', 'STORE_UNUSABLE disk', 'STORE_UNUSABLE damaged']).toContain(saidBy(ended));
        expect(readdirSync(home).filter((name) => name.includes('.damaged-'))).toEqual([]);
      }
      expect((await runProgram(program, args, { env })).status).toBe(0);
    }
    expect(await world.check()).toEqual([]);
  });
});

describe.skipIf(probe === null)('the app on a full disk', () => {
  let disk: SmallDisk;
  beforeAll(() => {
    disk = createSmallDisk('1m') as SmallDisk;
    mkdirSync(join(disk.path, 'home'));
  });
  afterAll(() => disk.close());

  test('keeps its session, its window and its log as they were, and says that a secret could not be written', async () => {
    const home = join(disk.path, 'home');
    const secrets = createSecretFiles(home, noKeychain);
    const log = createLog(join(home, 'log', 'latchkey.log'), () => 0, false);
    const window = join(home, 'window.json');
    const place = { bounds: { x: 1, y: 2, width: 1000, height: 700 }, maximized: false };
    await secrets.write('session', 'before');
    log('one', {});
    writeWindowBounds(window, place);
    disk.fill();
    await expect(secrets.write('session', 'after'.repeat(2000))).rejects.toMatchObject({ failure: { code: 'STORE_UNUSABLE', details: { why: 'ENOSPC' } } });
    for (let line = 0; line < 100; line += 1) log('two', { text: 'x'.repeat(200) });
    writeWindowBounds(window, { ...place, maximized: true });
    expect(await secrets.read('session')).toBe('before');
    expect(readWindowBounds(window)).toEqual(place);
    expect(readdirSync(home).toSorted()).toEqual(['log', 'session.json', 'window.json']);
    disk.free();
    await secrets.write('session', 'after');
    log('three', {});
    expect(await secrets.read('session')).toBe('after');
    expect(readFileSync(join(home, 'log', 'latchkey.log'), 'utf8').trim().split('\n').at(-1)).toContain('three');
    rmSync(home, { recursive: true });
  });
});
