import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createLog } from '../../src-main/shell/log.ts';
import { createSecretFiles } from '../../src-main/shell/secret-files.ts';
import { PASSWORD, startAuthority } from '../support/authority.ts';
import { project } from '../support/build.ts';
import { eventually } from '../support/client.ts';
import { createCommandLine, realTime } from '../support/command.ts';
import { startPreview } from '../support/electron-preview/index.ts';
import { noKeychain } from '../support/keychain.ts';
import { createSmallDisk } from '../support/small-disk.ts';
import type { SmallDisk } from '../support/small-disk.ts';

/** Main's real program on the stand-in, with a folder for its data that cannot be used: it says so to the person, and ends. */

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'latchkey-profile-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The exit status, what the error box said, and whether a stack trace was printed. */
const preview = (home: string, more: Readonly<Record<string, string>> = {}, onLine: (line: string) => void = () => undefined) =>
  startPreview({ main: join(project, 'src-main/main.ts'), env: { LANG: 'en_GB.UTF-8', LC_ALL: undefined, LANGUAGE: undefined, LATCHKEY_HOME: home, LATCHKEY_AUTHORITY: '', LATCHKEY_TRUST: undefined, ...more }, onLine });
const start = async (home: string) => {
  const app = preview(home);
  const timer = setTimeout(() => void app.kill(), 60_000);
  const { code, output } = await app.exited;
  clearTimeout(timer);
  const [, title, said] = /error box "([^"]*)": (.*)/.exec(output) ?? [];
  return { code, title, said, trace: /^ {4}at /m.test(output) };
};
const told = (said: RegExp) => ({ code: 7, title: 'Latchkey cannot start', said: expect.stringMatching(said) as string, trace: false });

test('a plain file in the place of the folder, or of one in it', async () => {
  const home = join(folder, 'home');
  writeFileSync(home, 'not a folder');
  expect(await start(home)).toEqual(told(/the folder \S+\/home, and a file is in the way .* Move it away, and start again\.$/));
  expect(await start(join(home, 'below'))).toEqual(told(/the folder \S+\/home\/below, and a file is in the way/));
  rmSync(home);
  mkdirSync(home);
  writeFileSync(join(home, 'browser'), '');
  expect(await start(home)).toEqual(told(/the folder \S+\/home\/browser, and a file is in the way/));
});

test.runIf(process.platform === 'linux')('a place where nobody can make a folder', async () => {
  expect(await start('/proc/latchkey/home')).toEqual(told(/\/proc\/latchkey\/home cannot be used \(STORE_UNUSABLE: ENOENT\)\. Make sure .* and start again\.$/));
});

test('a log that cannot be written stops nothing', () => {
  writeFileSync(join(folder, 'logs'), 'not a folder');
  const log = createLog(join(folder, 'logs/latchkey.log'), () => 0, false);
  expect(() => log('event', {})).not.toThrow();
});

const probe = createSmallDisk('1m');
probe?.close();
describe.skipIf(probe === null)('a disk', () => {
  let disk: SmallDisk;
  beforeEach(() => void (disk = createSmallDisk('1m') as SmallDisk));
  afterEach(() => disk.close());

  test('that is read-only, before the first start and after it', async () => {
    const readOnly = told(/cannot write to \S+\. .* start again\.$/);
    disk.readOnly(true);
    expect(await start(join(disk.path, 'home'))).toEqual(readOnly);
    disk.readOnly(false);
    mkdirSync(join(disk.path, 'home/browser'), { recursive: true });
    mkdirSync(join(disk.path, 'home/logs'));
    disk.readOnly(true);
    expect(await start(join(disk.path, 'home'))).toEqual(readOnly);
  });

  test('that is read-only or full, with a license that is held: the app starts, shows it, changes nothing, and goes on by itself when it can write', { timeout: 420_000 }, async () => {
    const authority = await startAuthority({ clock: realTime });
    const commands = createCommandLine(authority);
    disk.close();
    disk = createSmallDisk('6m') as SmallDisk;
    try {
      const home = join(disk.path, 'home');
      const env = { LATCHKEY_HOME: home, LATCHKEY_AUTHORITY: authority.url, LATCHKEY_TRUST: join(commands.folder, 'trust.lkkeys') };
      const machine = commands.home('unused');
      expect(await machine.latchkey(['login', '--email', 'editor@northlight.example', '--password-stdin'], { env, input: PASSWORD })).toMatchObject({ status: 0 });
      await machine.json(['checkout', 'lic_stage'], { env });
      const text = readFileSync(join(home, 'licenses/stage.lklic'), 'utf8');
      for (const make of [() => disk.readOnly(true), () => disk.fill()]) {
        make();
        const before = readdirSync(home);
        const lines: string[] = [];
        const app = preview(home, env, (line) => lines.push(line));
        const ended = app.exited.then(({ output }) => Promise.reject(new Error(output)));
        ended.catch(() => undefined);
        const isSaid = (event: string): boolean => lines.some((line) => line.includes(`"event":"${event}"`));
        const shown = async (): Promise<boolean> => (await Promise.race([app.tray().catch(() => []), ended])).some(({ toolTip }) => toolTip.includes('Stage, online'));
        await eventually('the license is shown', shown, 60_000);
        expect(isSaid('store.unsaved')).toBe(true);
        // A full disk still takes empty files.
        expect(readdirSync(home)).toEqual(expect.arrayContaining(before));
        expect(readFileSync(join(home, 'licenses/stage.lklic'), 'utf8')).toBe(text);
        disk.readOnly(false);
        disk.free();
        await eventually('the database is used again', () => isSaid('store.saved'), 60_000);
        expect(await shown()).toBe(true);
        await app.quit();
      }
      expect(await machine.json(['status'], { env })).toMatchObject({ leases: [{ standing: { usable: true } }] });
    } finally {
      commands.close();
      await authority.close();
    }
  });

  test('that is read-only, with secrets that the keychain would seal anew: they are read all the same', async () => {
    const keychain = (sealed: string) => ({ state: 'keychain' as const, encrypt: (text: string) => Promise.resolve(Buffer.from(`${sealed}${text}`)), decrypt: (bytes: Uint8Array) => Promise.resolve({ text: Buffer.from(bytes).toString().slice(1), again: true }) });
    await createSecretFiles(disk.path, keychain('1')).write('machine-key', 'sealed with the old key');
    await createSecretFiles(disk.path, noKeychain).write('session', 'not sealed');
    disk.readOnly(true);
    const secrets = createSecretFiles(disk.path, keychain('2'));
    expect([await secrets.read('machine-key'), await secrets.read('session')]).toEqual(['sealed with the old key', 'not sealed']);
  });

  test('that is full', async () => {
    disk.fill();
    expect(await start(join(disk.path, 'home'))).toEqual(told(/is full\. Make room on it, and start again\.$/));
  });
});

test('a mark of the run that cannot be removed any more keeps nobody from quitting', async () => {
  const home = join(folder, 'home');
  const app = preview(home);
  await app.firstWindow;
  rmSync(join(home, 'running.json'));
  mkdirSync(join(home, 'running.json'));
  try {
    expect(await app.quit()).toMatchObject({ code: 0, signal: null });
  } finally {
    await app.kill();
  }
});
