import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { settleHome } from '../../../src-main/shell/earlier-home.ts';

const now = Date.parse('2026-11-30T12:00:00Z');
let folder = '';
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'latchkey-earlier-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const [home, earlier] = [() => join(folder, 'Latchkey'), () => join(folder, 'latchkey')];
const used = (path: string, text: string): void => {
  mkdirSync(path);
  writeFileSync(join(path, 'latchkey.db'), text);
};

test('the licenses of a home under the earlier name are there under the new one', () => {
  used(earlier(), 'mine');
  expect(settleHome(home(), now)).toBe(home());
  expect(readFileSync(join(home(), 'latchkey.db'), 'utf8')).toBe('mine');
  expect(existsSync(earlier())).toBe(false);
});

test('a folder that Electron has made meanwhile is in nobody\'s way', () => {
  used(earlier(), 'mine');
  mkdirSync(home());
  expect(settleHome(home(), now)).toBe(home());
  expect(readFileSync(join(home(), 'latchkey.db'), 'utf8')).toBe('mine');
});

test('where the earlier home cannot be moved, it is worked in as it is', () => {
  used(earlier(), 'mine');
  mkdirSync(home());
  writeFileSync(join(home(), 'Local State'), '{}');
  expect(settleHome(home(), now)).toBe(earlier());
});

test('a home that is there is never replaced', () => {
  used(home(), 'new');
  used(earlier(), 'old');
  expect(settleHome(home(), now)).toBe(home());
  expect([home(), earlier()].map((path) => readFileSync(join(path, 'latchkey.db'), 'utf8'))).toEqual(['new', 'old']);
});

test('a folder of that name without a database is left alone', () => {
  mkdirSync(earlier());
  expect(settleHome(home(), now)).toBe(home());
  expect([existsSync(home()), existsSync(earlier())]).toEqual([false, true]);
});

test('a home in which the app runs now stays where it is, and is the one to hand over to', () => {
  used(earlier(), 'mine');
  const sign = join(earlier(), 'in-use.json');
  writeFileSync(sign, '{}');
  utimesSync(sign, now / 1000 - 60, now / 1000 - 60);
  expect(settleHome(home(), now)).toBe(earlier());
  expect(existsSync(home())).toBe(false);
  // A sign of a process that was killed holds it for five minutes.
  expect(settleHome(home(), now + 5 * 60_000)).toBe(home());
});

test('of two starts at the same moment the later one works in the home that the earlier one has moved', () => {
  used(earlier(), 'mine');
  // The other process moves it after this one has looked.
  const move = (from: string, to: string): void => {
    renameSync(earlier(), home());
    renameSync(from, to);
  };
  expect(settleHome(home(), now, move)).toBe(home());
  expect(existsSync(earlier())).toBe(false);
});

test.runIf(process.platform === 'linux')('a home of an app that runs stays where it is, also when the computer has slept for hours', () => {
  used(earlier(), 'mine');
  symlinkSync(`${hostname()}-${process.pid}`, join(earlier(), 'SingletonLock'));
  expect(settleHome(home(), now)).toBe(earlier());
  expect(existsSync(home())).toBe(false);
  // Of one that was killed.
  rmSync(join(earlier(), 'SingletonLock'));
  symlinkSync(`${hostname()}-${2 ** 31 - 1}`, join(earlier(), 'SingletonLock'));
  expect(settleHome(home(), now)).toBe(home());
});
