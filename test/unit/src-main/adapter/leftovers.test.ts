import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, watch, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openHome } from '../../../../src-main/adapter/index.ts';
import { removeLeftovers } from '../../../../src-main/adapter/leftovers.ts';
import { createSecretFiles } from '../../../../src-main/shell/secret-files.ts';
import { unwrap } from '../../../../src-shared/result.ts';
import { eventually } from '../../../support/client.ts';
import { noKeychain } from '../../../support/keychain.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'latchkey-leftovers-'));
  mkdirSync(join(home, 'licenses'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const written = (name: string, age: number): string => {
  const path = join(home, name);
  writeFileSync(path, '{"v":1,"sealed":"no","value":"half a sec');
  const then = Date.now() / 1000 - age;
  utimesSync(path, then, then);
  return path;
};

test('what a crash left of a write is removed at a later start; what is being written, and everything else, stays', async () => {
  const left = ['machine-key.json.2871937461', 'session.json.12', 'counter.4123', 'licenses/stage.lklic.998877', `machine-key.json.${randomUUID()}`, `session.json.${randomUUID()}`].map((name) => written(name, 3600));
  const underWay = ['session.json.77', `machine-key.json.${randomUUID()}`].map((name) => written(name, 5));
  const others = ['notes.2024', `notes.json.${randomUUID()}`, 'machine-key.json.old', 'latchkey.db.damaged-1795660000', 'licenses/stage-2.lklic'].map((name) => written(name, 3600));
  const { close } = unwrap(await openHome({ home, authority: null, trust: { keyset: null, packaged: false }, app: 'test 1' }));
  close();
  expect(left.filter((path) => existsSync(path))).toEqual([]);
  expect([...underWay, ...others].filter((path) => !existsSync(path))).toEqual([]);
});

test('the name that the app really gives a secret while it is written is one of those that are removed', async () => {
  const seen = new Set<string>();
  const watcher = watch(home, (_event, name) => void seen.add(name ?? ''));
  const secrets = createSecretFiles(home, noKeychain);
  await secrets.write('machine-key', 'secret');
  await secrets.write('session', 'secret');
  const temporary = () => [...seen].filter((name) => /^(machine-key|session)\.json\../.test(name));
  await eventually('both were written under another name', () => temporary().length === 2);
  watcher.close();
  const left = temporary().map((name) => written(name, 24 * 3600));
  removeLeftovers([home]);
  expect(left.filter((path) => existsSync(path))).toEqual([]);
  expect(['machine-key.json', 'session.json'].map((name) => existsSync(join(home, name)))).toEqual([true, true]);
});
