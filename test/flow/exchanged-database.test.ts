import { closeSync, copyFileSync, cpSync, existsSync, mkdtempSync, openSync, readdirSync, renameSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createCounterCopy } from '../../src-main/adapter/store/counter.ts';
import { openStore } from '../../src-main/adapter/store/index.ts';
import type { HomeStore } from '../../src-main/adapter/store/index.ts';
import { createKeptFolder } from '../../src-main/adapter/store/kept.ts';
import { contract } from '../../src-shared/http/index.ts';
import { Refusal, unwrap } from '../../src-shared/result.ts';
import { httpClient, PASSWORD, startAuthority, testData } from '../support/authority.ts';
import type { TestAuthority } from '../support/authority.ts';
import { ask, good, serving } from '../support/programs.ts';
import type { Serving } from '../support/programs.ts';

/** A database that is exchanged under a running process: real processes on one home, and none that goes on beside another. */

let folder: string;
let home: string;
let database: string;
const running: Serving[] = [];
const at = (name: string): string => join(folder, name);
const authority = (...args: string[]) => ask('authority', args, { LATCHKEY_AUTHORITY_HOME: home });
const serve = async (): Promise<Serving> => {
  const server = await serving(['--home', home]);
  running.push(server);
  return server;
};

let prepared: string;
beforeAll(async () => {
  prepared = mkdtempSync(join(tmpdir(), 'latchkey-exchanged-'));
  writeFileSync(join(prepared, 'data.json'), JSON.stringify(testData));
  for (const args of [['init'], ['load', join(prepared, 'data.json')], ['backup', '--out', join(prepared, 'backup.db')]]) await good('authority', args, { LATCHKEY_AUTHORITY_HOME: join(prepared, 'home') });
  await good('latchkey', ['status'], { LATCHKEY_HOME: join(prepared, 'machine') });
}, 300_000);
afterAll(() => rmSync(prepared, { recursive: true, force: true }));
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-exchanged-'));
  cpSync(prepared, folder, { recursive: true });
  home = at('home');
  database = join(home, 'authority.db');
});
afterEach(() => {
  for (const server of running.splice(0)) server.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** What serve says of its end: the last line that is not of the log. */
const lastError = (server: Serving): string => server.errors().trim().split('\n').filter((line) => !line.startsWith('{"level"')).join('\n');

const removeLog = (): void => {
  for (const part of ['-wal', '-shm']) rmSync(database + part, { force: true });
};
const puttings: readonly [how: string, put: () => void][] = [
  ['moved into its place', () => renameSync(at('backup.db'), database)],
  ['copied into a new file in its place', () => {
    rmSync(database);
    removeLog();
    copyFileSync(at('backup.db'), database);
  }],
  ['copied over the same file', () => copyFileSync(at('backup.db'), database)],
  ['copied over the same file, without its log', () => {
    copyFileSync(at('backup.db'), database);
    removeLog();
  }],
];

describe('serve', () => {
  test('is one process for a home: a second one is refused and the first goes on; the lock ends with its holder, however it ends', { timeout: 300_000 }, async () => {
    const first = await serve();
    expect(await authority('serve', '--port', '0')).toMatchObject({ status: 3, code: 'CONFLICT', details: { why: 'serving', path: home } });
    // What the operator does on the command line goes on beside it.
    expect(await authority('keys', 'export', '--out', at('trust.lkkeys'))).toMatchObject({ status: 0 });
    expect(await authority('audit', 'verify')).toMatchObject({ status: 0 });
    expect((await httpClient(first.url)(contract.authority.about, {})).ok).toBe(true);
    first.kill('SIGKILL');
    await first.ended;
    const second = await serve();
    second.kill('SIGTERM');
    expect(await second.ended).toEqual({ status: 0, signal: null });
    await serve();
  });

  test.each(puttings)('whose database is %s ends and says why; nothing that it knew is written into the other one', { timeout: 300_000 }, async (_, put) => {
    const server = await serve();
    const { token } = unwrap(await httpClient(server.url)(contract.accounts.signIn, { body: { email: 'owner@northlight.example', password: PASSWORD } }));
    expect(token).not.toBeNull();
    put();
    expect(await server.ended).toEqual({ status: 7, signal: null });
    expect(lastError(server)).toContain('another file was put in its place');
    // As told: once more, with nothing running and no log beside it.
    removeLog();
    if (existsSync(at('backup.db'))) copyFileSync(at('backup.db'), database);
    expect(await authority('audit', 'verify')).toMatchObject({ status: 0, value: { intact: true } });
    const again = await serve();
    expect(await httpClient(again.url, token)(contract.accounts.me, {})).toMatchObject({ ok: false, code: 'NOT_SIGNED_IN' });
  });
});

describe('an authority in this process', () => {
  let inProcess: TestAuthority;
  beforeEach(async () => {
    inProcess = await startAuthority();
  });
  afterEach(async () => {
    await inProcess.close();
  });

  test('acknowledges nothing more when its database was moved away, also between two looks', async () => {
    const token = await inProcess.signIn('owner@northlight.example');
    renameSync(join(inProcess.home, 'authority.db'), join(inProcess.home, 'elsewhere.db'));
    expect(await inProcess.call()(contract.accounts.signIn, { body: { email: 'owner@northlight.example', password: PASSWORD } })).toMatchObject({ ok: false, code: 'STORE_UNUSABLE', details: { why: 'replaced' } });
    expect(await inProcess.call(token)(contract.security.rename, { body: { firstName: 'Olga', lastName: 'Another' } })).toMatchObject({ ok: false, code: 'STORE_UNUSABLE' });
    expect(await inProcess.authority().lost).toMatchObject({ code: 'STORE_UNUSABLE', details: { why: 'replaced' } });
  });
});

test('a damaged database is not set aside while serve has it open, and is when serve has stopped', { timeout: 300_000 }, async () => {
  const server = await serve();
  const before = readdirSync(home).sort();
  const file = openSync(database, 'r+');
  writeSync(file, Buffer.alloc(2000, 0x5a), 0, 2000, 3 * 4096);
  closeSync(file);
  const refused = await authority('keys', 'list');
  expect([refused.code, refused.details?.['why']]).toEqual(['STORE_UNUSABLE', 'damaged-in-use']);
  expect(readdirSync(home).sort()).toEqual(before);
  server.kill('SIGKILL');
  await server.ended;
  expect(await authority('keys', 'list')).toMatchObject({ status: 7, code: 'STORE_UNUSABLE', details: { why: 'damaged' } });
  expect(readdirSync(home).some((name) => name.startsWith('authority.db.damaged-'))).toBe(true);
});

describe("a machine's database", () => {
  const machine = (...args: string[]) => ask('latchkey', args, { LATCHKEY_HOME: at('machine') });
  const open = (): HomeStore =>
    openStore({ path: at('machine/latchkey.db'), counter: createCounterCopy(at('machine/counter')), kept: createKeptFolder(at('machine/kept')), stamp: () => '1' });
  const why = (work: () => unknown): unknown => {
    try {
      work();
    } catch (error) {
      return error instanceof Refusal ? error.failure : error;
    }
    return null;
  };
  const names = () => readdirSync(at('machine')).filter((name) => !/-(wal|shm)$/.test(name)).sort();

  test('is not set aside while another process has it open; that one loses nothing, and it is set aside when it has closed', { timeout: 300_000 }, async () => {
    const store = open();
    try {
      store.write((tx) => tx.rename('WS-042'));
      const before = names();
      const file = openSync(at('machine/latchkey.db'), 'r+');
      writeSync(file, Buffer.alloc(2000, 0x5a), 0, 2000, 3 * 4096);
      closeSync(file);
      for (const args of [['status'], ['request', '--product', 'stage', '--out', at('a.lkreq')]]) {
        expect(await machine(...args)).toMatchObject({ status: 7, code: 'STORE_UNUSABLE', details: { why: 'damaged-in-use' } });
      }
      expect(names()).toEqual(before);
      store.write((tx) => tx.rename('WS-043'));
      expect(store.machine()).toMatchObject({ name: 'WS-043' });
    } finally {
      store.close();
    }
    // Two at once: one sets it aside, the other finds the new one.
    expect(await Promise.all([machine('status'), machine('status')])).toMatchObject([{ status: 0 }, { status: 0 }]);
    expect(names().filter((name) => name.includes('.damaged-'))).toHaveLength(1);
  });

  test.each([['moved away', (path: string) => renameSync(path, `${path}.old`)], ['restored in its place', (path: string) => {
    copyFileSync(path, `${path}.copy`);
    renameSync(`${path}.copy`, path);
  }]])('that was %s is written no more by the process that has it open', (_, exchange) => {
    const store = open();
    try {
      store.write((tx) => tx.rename('WS-042'));
      exchange(at('machine/latchkey.db'));
      const replaced = { code: 'STORE_UNUSABLE', details: { why: 'replaced' } };
      expect(why(() => store.write((tx) => tx.rename('WS-043')))).toMatchObject(replaced);
      expect(why(() => store.changedElsewhere())).toMatchObject(replaced);
      expect(store.machine().name).toBe('WS-042');
    } finally {
      store.close();
    }
  });
});
