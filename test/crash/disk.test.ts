import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { contract } from '../../src-shared/http/index.ts';
import { unwrap } from '../../src-shared/result.ts';
import { whyOf } from '../../src-shared/whys.ts';
import { httpClient, PASSWORD, startAuthority, testData } from '../support/authority.ts';
import { project } from '../support/build.ts';
import { realTime } from '../support/command.ts';
import { createSmallDisk } from '../support/small-disk.ts';
import type { SmallDisk } from '../support/small-disk.ts';

/** Disks that are full or read-only, under real processes: a clear code, nothing lost, nothing half written, and on it goes when there is room. */
const probe = createSmallDisk('1m');
probe?.close();

let disk: SmallDisk;
let folder: string;
let home: string;
let authorityHome: string;
beforeEach(() => {
  disk = createSmallDisk('6m') as SmallDisk;
  folder = mkdtempSync(join(tmpdir(), 'latchkey-full-'));
  home = join(folder, 'machine');
  authorityHome = join(folder, 'authority');
});
afterEach(() => {
  disk.close();
  rmSync(folder, { recursive: true, force: true });
});

type Ended = { readonly status: number | null; readonly value: unknown; readonly code: string | null; readonly why: unknown; readonly details: unknown };
const run = (program: 'latchkey' | 'authority', args: readonly string[], input = '', more: Record<string, string> = {}): Promise<Ended> => {
  const env = { ...process.env, LATCHKEY_HOME: home, LATCHKEY_AUTHORITY: '', LATCHKEY_TRUST: join(folder, 'trust.lkkeys'), LATCHKEY_AUTHORITY_HOME: authorityHome, ...more };
  const child = spawn(process.execPath, [join(project, `src-cli/${program}.ts`), '--json', ...args], { cwd: folder, env });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  child.stdin.end(input);
  return new Promise((done) => child.once('close', (status) => {
    // The doctor's rows are its result, also when not all is in order.
    const error = status === 0 || err === '' ? null : (JSON.parse(err.trim().split('\n').at(-1) ?? '') as { error: { code: string; details: { why?: unknown } } }).error;
    done({ status, value: out === '' ? null : (JSON.parse(out) as unknown), code: error?.code ?? null, why: error?.details.why ?? null, details: error?.details ?? null });
  }));
};
const good = async (program: 'latchkey' | 'authority', args: readonly string[]): Promise<unknown> => {
  const ended = await run(program, args);
  if (ended.status !== 0) throw new Error(`${program} ${args.join(' ')}: ${JSON.stringify(ended)}`);
  return ended.value;
};
const noSpace = ['full', 'SQLITE_FULL', 'ENOSPC', 'SQLITE_IOERR_WRITE', 'SQLITE_IOERR_SHMSIZE', 'SQLITE_IOERR_SHMOPEN', 'SQLITE_CANTOPEN'];
const setUp = async (): Promise<void> => {
  await good('authority', ['init']);
  writeFileSync(join(folder, 'data.json'), JSON.stringify(testData));
  await good('authority', ['load', join(folder, 'data.json')]);
  await good('authority', ['keys', 'export', '--out', join(folder, 'trust.lkkeys')]);
};
const request = (name: string) => good('latchkey', ['request', '--product', 'stage', '--out', join(folder, name)]);
const answer = (from: string, to: string) => good('authority', ['answer', join(folder, from), '--license', 'lic_stage', '--days', '30', '--out', join(folder, to)]);
const leases = async (): Promise<readonly { id: string; standing: { usable: boolean } }[]> => ((await good('latchkey', ['status'])) as { leases: { id: string; standing: { usable: boolean } }[] }).leases;
/** What a write that was broken off would leave. */
const halves = (path: string): string[] => (readdirSync(path, { recursive: true }) as string[]).filter((name) => /\.[0-9]{6,}$|\.tmp$/.test(name));

describe.skipIf(probe === null)('the machine', { timeout: 300_000 }, () => {
  beforeEach(async () => {
    home = join(disk.path, 'home');
    await setUp();
  });

  test('starts for the first time on a full disk: it says so, and begins whole when there is room', async () => {
    disk.fill();
    const first = await run('latchkey', ['status']);
    expect([first.status, first.code, noSpace.includes(String(first.why))]).toEqual([7, 'STORE_UNUSABLE', true]);
    disk.free();
    expect(await leases()).toEqual([]);
    expect(halves(disk.path)).toEqual([]);
    await request('a.lkreq');
  });

  test('a license file that cannot be saved is refused, and taken when there is room; the request still waits', async () => {
    await request('a.lkreq');
    await answer('a.lkreq', 'a.lklic');
    disk.fill();
    const refused = await run('latchkey', ['import', join(folder, 'a.lklic')]);
    expect([refused.status, refused.code, noSpace.includes(String(refused.why))]).toEqual([7, 'STORE_UNUSABLE', true]);
    disk.free();
    expect(await good('latchkey', ['status'])).toMatchObject({ leases: [], requests: [expect.anything()] });
    expect(existsSync(join(home, 'licenses/stage.lklic'))).toBe(false);
    expect(await good('latchkey', ['import', join(folder, 'a.lklic')])).toMatchObject({ kind: 'license', again: false });
    expect(await leases()).toMatchObject([{ standing: { usable: true } }]);
    expect(halves(home)).toEqual([]);
  });

  test('a license is released by file on a full disk, with the room that the home keeps for it, which is taken again when there is some', async () => {
    await request('a.lkreq');
    await answer('a.lkreq', 'a.lklic');
    await good('latchkey', ['import', join(folder, 'a.lklic')]);
    const [lease] = await leases();
    expect([statSync(join(home, 'reserve')).mode & 0o777, statSync(join(home, 'reserve')).blocks * 512]).toEqual([0o600, 256 * 1024]);
    disk.fill();
    await good('latchkey', ['release-proof', lease?.id ?? '', '--out', join(folder, 'a.lkrel')]);
    expect([await leases(), existsSync(join(home, 'reserve')), existsSync(join(home, 'licenses/stage.lklic'))]).toEqual([[], false, false]);
    // Once more is the same proof: nothing of it was only in memory.
    await good('latchkey', ['release-proof', lease?.id ?? '', '--out', join(folder, 'again.lkrel')]);
    expect(readFileSync(join(folder, 'again.lkrel'), 'utf8')).toBe(readFileSync(join(folder, 'a.lkrel'), 'utf8'));
    expect(await good('authority', ['accept', join(folder, 'a.lkrel')])).toMatchObject({ lease: lease?.id });
    disk.free();
    expect(await leases()).toEqual([]);
    expect(existsSync(join(home, 'reserve'))).toBe(true);
    expect(halves(home)).toEqual([]);
  });

  test('a license is released online on a full disk, and the authority is told; on a read-only one it is refused with the file, its owner and what to do', async () => {
    const authority = await startAuthority({ clock: realTime });
    const online = { LATCHKEY_AUTHORITY: authority.url, LATCHKEY_TRUST: join(folder, 'served.lkkeys'), LATCHKEY_HOME: join(disk.path, 'online') };
    const latchkey = (args: readonly string[], input = ''): Promise<Ended> => run('latchkey', args, input, online);
    try {
      writeFileSync(join(folder, 'served.lkkeys'), authority.keyset());
      const { token } = unwrap(await httpClient(authority.url)(contract.accounts.signIn, { body: { email: 'editor@northlight.example', password: PASSWORD } }));
      const held = async (): Promise<number> => unwrap(await httpClient(authority.url, token)(contract.leases.mine, {})).leases.length;
      expect((await latchkey(['login', '--email', 'editor@northlight.example', '--password-stdin'], PASSWORD)).status).toBe(0);
      expect((await latchkey(['checkout', 'lic_stage'])).status).toBe(0);
      expect(await held()).toBe(1);
      disk.readOnly(true);
      expect(await latchkey(['release'])).toMatchObject({ status: 7, code: 'STORE_UNUSABLE', details: { path: join(disk.path, 'online/latchkey.db'), owner: userInfo().username } });
      expect(await held()).toBe(1);
      disk.readOnly(false);
      disk.fill();
      expect(await latchkey(['release'])).toMatchObject({ status: 0, code: null });
      expect(await held()).toBe(0);
      expect((await latchkey(['status'])).value).toMatchObject({ leases: [] });
    } finally {
      await authority.close();
    }
  });

  test('a lease is not given up when that cannot be written down, and is when it can', async () => {
    await request('a.lkreq');
    await answer('a.lkreq', 'a.lklic');
    await good('latchkey', ['import', join(folder, 'a.lklic')]);
    const [lease] = await leases();
    // The room that is kept for it is used up by something else.
    rmSync(join(home, 'reserve'));
    disk.fill();
    const refused = await run('latchkey', ['release-proof', lease?.id ?? '', '--out', join(folder, 'a.lkrel')]);
    expect([refused.status, refused.code]).toEqual([7, 'STORE_UNUSABLE']);
    expect(existsSync(join(folder, 'a.lkrel'))).toBe(false);
    disk.free();
    expect(await leases()).toMatchObject([{ id: lease?.id, standing: { usable: true } }]);
    await good('latchkey', ['release-proof', lease?.id ?? '', '--out', join(folder, 'a.lkrel')]);
    expect(await good('authority', ['accept', join(folder, 'a.lkrel')])).toMatchObject({ lease: lease?.id });
  });

  test('a license is used and shown on a full disk, and full is called full', async () => {
    await request('a.lkreq');
    await answer('a.lkreq', 'a.lklic');
    await good('latchkey', ['import', join(folder, 'a.lklic')]);
    disk.fill();
    expect(await leases()).toMatchObject([{ standing: { usable: true } }]);
    const ran = await run('latchkey', ['run', '--product', 'stage', '--', process.execPath, '-e', 'console.log(JSON.stringify(require("fs").readFileSync(process.env.LATCHKEY_LICENSE_FILE, "utf8").length > 100))']);
    expect([ran.status, ran.value]).toEqual([0, true]);
    const refused = await run('latchkey', ['request', '--product', 'grade', '--out', join(folder, 'b.lkreq')]);
    expect([refused.status, whyOf('STORE_UNUSABLE', { why: String(refused.why) })]).toEqual([7, 'full']);
    disk.free();
    await request('b.lkreq');
    expect(await leases()).toMatchObject([{ standing: { usable: true } }]);
  });

  test('a read-only profile is used for what needs no writing and refused by name for the rest, nothing in it changes, and it goes on when it can be written', async () => {
    await request('a.lkreq');
    await answer('a.lkreq', 'a.lklic');
    await good('latchkey', ['import', join(folder, 'a.lklic')]);
    const before = readdirSync(home).sort();
    disk.readOnly(true);
    const refused = await run('latchkey', ['request', '--product', 'grade', '--out', join(folder, 'b.lkreq')]);
    expect([refused.status, refused.code, ['EROFS', 'SQLITE_READONLY'].includes(String(refused.why))]).toEqual([7, 'STORE_UNUSABLE', true]);
    // What needs no writing is done.
    expect(await leases()).toMatchObject([{ standing: { usable: true } }]);
    expect((await run('latchkey', ['run', '--product', 'stage', '--', 'true'])).status).toBe(0);
    const doctor = await run('latchkey', ['doctor']);
    expect(doctor.status).toBe(7);
    expect((doctor.value as { rows: unknown[] }).rows).toContainEqual(expect.objectContaining({ subject: 'store', ok: false, facts: expect.objectContaining({ problem: 'STORE_UNUSABLE' }) }));
    expect(existsSync(join(folder, 'b.lkreq'))).toBe(false);
    expect(readdirSync(home).sort()).toEqual(before);
    disk.readOnly(false);
    expect(await leases()).toMatchObject([{ standing: { usable: true } }]);
  });
});

describe.skipIf(probe === null)('files that are handed out', { timeout: 300_000 }, () => {
  beforeEach(setUp);

  test('to a stick that is full or read-only: nothing half written, and the same document comes out the next time', async () => {
    await request('a.lkreq');
    const onStick = (name: string): string => join(disk.path, name);
    const bring = async (args: (out: string) => readonly string[], program: 'latchkey' | 'authority', name: string): Promise<string> => {
      disk.fill();
      expect(await run(program, args(onStick(name)))).toMatchObject({ status: 2, code: 'INPUT_INVALID', why: 'not-writable' });
      disk.readOnly(true);
      expect(await run(program, args(onStick(name)))).toMatchObject({ status: 2, code: 'INPUT_INVALID', why: 'not-writable' });
      disk.readOnly(false);
      disk.free();
      expect(readdirSync(disk.path)).toEqual([]);
      await good(program, args(onStick(name)));
      const text = readFileSync(onStick(name), 'utf8');
      rmSync(onStick(name));
      return text;
    };
    const file = await bring((out) => ['answer', join(folder, 'a.lkreq'), '--license', 'lic_stage', '--days', '30', '--out', out], 'authority', 'a.lklic');
    writeFileSync(join(folder, 'a.lklic'), file);
    await good('latchkey', ['import', join(folder, 'a.lklic')]);
    const [lease] = await leases();
    const proof = await bring((out) => ['release-proof', lease?.id ?? '', '--out', out], 'latchkey', 'a.lkrel');
    writeFileSync(join(folder, 'a.lkrel'), proof);
    const receipt = await bring((out) => ['accept', join(folder, 'a.lkrel'), '--out', out], 'authority', 'a.lkrcp');
    expect(receipt).toContain('RECEIPT');
    await bring((out) => ['request', '--product', 'grade', '--out', out], 'latchkey', 'b.lkreq');
    await bring((out) => ['keys', 'export', '--out', out], 'authority', 'k.lkkeys');
    await bring((out) => ['audit', 'export', '--out', out], 'authority', 'audit.jsonl');
    await bring((out) => ['backup', '--out', out], 'authority', 'copy.db');
    expect(await good('authority', ['audit', 'verify'])).toMatchObject({ intact: true });
  });
});

describe.skipIf(probe === null)('the authority', { timeout: 420_000 }, () => {
  test('on a full disk goes on answering, refuses what it would have to write, and recovers without a restart', async () => {
    authorityHome = join(disk.path, 'authority');
    await setUp();
    const child = spawn(process.execPath, [join(project, 'src-cli/authority.ts'), 'serve', '--port', '0', '--home', authorityHome], { stdio: ['ignore', 'pipe', 'ignore'] });
    try {
      const url = await new Promise<string>((ready, failed) => {
        child.once('exit', () => failed(new Error('serve ended')));
        createInterface({ input: child.stdout }).once('line', (line) => ready((JSON.parse(line) as { url: string }).url));
      });
      const stranger = httpClient(url);
      const { token } = unwrap(await stranger(contract.accounts.signIn, { body: { email: 'manager@northlight.example', password: PASSWORD } }));
      const manager = httpClient(url, token);
      await request('a.lkreq');
      const ask = () => manager(contract.exchange.answer, { body: { request: readFileSync(join(folder, 'a.lkreq'), 'utf8'), license: 'lic_stage', days: 30 } });
      disk.fill();
      for (let turn = 0; turn < 5; turn += 1) {
        const refused = await ask();
        expect(refused).toMatchObject({ ok: false, code: 'STORE_UNUSABLE', details: { why: 'SQLITE_FULL' } });
        expect((await stranger(contract.authority.about, {})).ok).toBe(true);
        expect((await manager(contract.accounts.me, {})).ok).toBe(true);
      }
      expect(child.exitCode).toBeNull();
      disk.free();
      const answered = unwrap(await ask());
      writeFileSync(join(folder, 'a.lklic'), answered.licenseFile);
      expect(await good('latchkey', ['import', join(folder, 'a.lklic')])).toMatchObject({ kind: 'license' });
      expect(await good('authority', ['audit', 'verify'])).toMatchObject({ intact: true });
    } finally {
      child.kill('SIGKILL');
    }
  });

  test('on a full disk is copied to another one and read, and says that its disk is full where it would have to write', async () => {
    authorityHome = join(disk.path, 'authority');
    await setUp();
    disk.fill();
    expect(await good('authority', ['backup', '--out', join(folder, 'copy.db')])).toMatchObject({ file: join(folder, 'copy.db') });
    expect(await good('authority', ['audit', 'verify'])).toMatchObject({ intact: true });
    expect(await good('authority', ['keys', 'list'])).toHaveLength(2);
    // Also to the full disk itself: a copy of which nothing is left.
    expect(await run('authority', ['backup', '--out', join(disk.path, 'copy.db')])).toMatchObject({ status: 2, code: 'INPUT_INVALID', why: 'not-writable' });
    for (const args of [['keys', 'rotate'], ['serve', '--port', '0']]) {
      const refused = await run('authority', args);
      expect([args[0], refused.status, refused.code, whyOf('STORE_UNUSABLE', { why: String(refused.why) })]).toEqual([args[0], 7, 'STORE_UNUSABLE', 'full']);
    }
    disk.free();
    expect(await good('authority', ['keys', 'rotate'])).toMatchObject({ role: 'license' });
    expect(await good('authority', ['audit', 'verify'])).toMatchObject({ intact: true });
    // What was copied is a whole ledger.
    rmSync(join(authorityHome, 'authority.db'));
    cpSync(join(folder, 'copy.db'), join(authorityHome, 'authority.db'));
    expect(await good('authority', ['restored', '--accept', '--yes'])).toMatchObject({ lost: expect.any(Number) });
  });

  test('begins in an empty volume that is mounted where its home is to be', async () => {
    authorityHome = disk.path;
    await setUp();
    expect(readdirSync(disk.path).sort()).toEqual(['authority.db', 'keys', 'set-aside.lock']);
    expect(await run('authority', ['init'])).toMatchObject({ status: 3, code: 'CONFLICT', why: 'home-in-use' });
  });
});
