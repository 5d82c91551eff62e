import type * as FileSystem from 'node:fs';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { prepareProfile } from '../../../src-main/shell/profile.ts';
import { unwrap } from '../../../src-shared/result.ts';

const disk = vi.hoisted(() => ({ isFull: false }));
vi.mock('node:fs', async (original) => {
  const fs = await original<typeof FileSystem>();
  return { ...fs, statfsSync: (path: string) => (disk.isFull ? { ...fs.statfsSync(path), bavail: 0 } : fs.statfsSync(path)) };
});

let home = '';
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'latchkey-profile-test-'));
  disk.isFull = false;
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

test('on a full disk the key that secrets are sealed with on Windows goes along, from where Electron keeps it', () => {
  const usual = unwrap(prepareProfile(home));
  expect(usual).toEqual({ userData: home, sessionData: join(home, 'browser') });
  writeFileSync(join(home, 'latchkey.db'), '');
  mkdirSync(usual.sessionData, { recursive: true });
  writeFileSync(join(usual.sessionData, 'Local State'), '{"os_crypt":{}}');
  disk.isFull = true;
  const inPassing = unwrap(prepareProfile(home));
  expect(inPassing.userData).not.toBe(home);
  expect(readFileSync(join(inPassing.sessionData, 'Local State'), 'utf8')).toBe('{"os_crypt":{}}');
});
