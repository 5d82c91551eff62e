import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createLog } from '../../src-main/shell/log.ts';
import { project } from '../support/build.ts';
import { startPreview } from '../support/electron-preview/index.ts';
import { createSmallDisk } from '../support/small-disk.ts';
import type { SmallDisk } from '../support/small-disk.ts';

/** Main's real program on the stand-in, with a folder for its data that cannot be used: it says so to the person, and ends. */

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'latchkey-profile-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The exit status, what the error box said, and whether a stack trace was printed. */
const start = async (home: string) => {
  const app = startPreview({ main: join(project, 'src-main/main.ts'), env: { LANG: 'en_GB.UTF-8', LC_ALL: undefined, LANGUAGE: undefined, LATCHKEY_HOME: home, LATCHKEY_AUTHORITY: '', LATCHKEY_TRUST: undefined } });
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

  test('that is full', async () => {
    disk.fill();
    expect(await start(join(disk.path, 'home'))).toEqual(told(/is full\. Make room on it, and start again\.$/));
  });
});
