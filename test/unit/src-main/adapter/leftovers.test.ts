import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openHome } from '../../../../src-main/adapter/index.ts';
import { unwrap } from '../../../../src-shared/result.ts';

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
  const left = ['machine-key.json.2871937461', 'session.json.12', 'counter.4123', 'licenses/stage.lklic.998877'].map((name) => written(name, 3600));
  const underWay = written('session.json.77', 5);
  const others = ['notes.2024', 'latchkey.db.damaged-1795660000', 'licenses/stage-2.lklic'].map((name) => written(name, 3600));
  const { close } = unwrap(await openHome({ home, authority: null, trust: { keyset: null, packaged: false }, app: 'test 1' }));
  close();
  expect(left.filter((path) => existsSync(path))).toEqual([]);
  expect([underWay, ...others].filter((path) => !existsSync(path))).toEqual([]);
});
