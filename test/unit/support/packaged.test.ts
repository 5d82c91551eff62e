import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { project } from '../../support/build.ts';
import { packagedPrograms } from '../../support/packaged/programs.ts';
import { startOnce } from '../../support/packaged/start-once.ts';

describe('what a build made for this computer', () => {
  const of = (platform: NodeJS.Platform, arch: string, exists = (_path: string) => true) => packagedPrograms('dist', '0.1.0', { platform, arch, exists });
  const commands = (platform: NodeJS.Platform, arch: string) => of(platform, arch).found.map(({ command }) => command.replaceAll('\\', '/'));

  test('is one program on Windows and on macOS, the AppImage and the installed deb on Linux, each for its own processor', () => {
    expect(commands('win32', 'x64')).toEqual(['dist/win-unpacked/Latchkey.exe']);
    expect(commands('win32', 'arm64')).toEqual(['dist/win-arm64-unpacked/Latchkey.exe']);
    expect(commands('darwin', 'x64')).toEqual(['dist/mac/Latchkey.app/Contents/MacOS/Latchkey']);
    expect(commands('darwin', 'arm64')).toEqual(['dist/mac-arm64/Latchkey.app/Contents/MacOS/Latchkey']);
    expect(commands('linux', 'x64')).toEqual(['dist/Latchkey-0.1.0.AppImage', '/opt/Latchkey/latchkey']);
    expect(commands('linux', 'arm64')).toEqual(['dist/Latchkey-0.1.0-arm64.AppImage', '/opt/Latchkey/latchkey']);
  });

  test('that is not there is named', () => {
    expect(of('linux', 'x64', (path) => path.startsWith('/opt'))).toMatchObject({ found: [{ name: 'the installed deb' }], missing: ['the AppImage (dist/Latchkey-0.1.0.AppImage)'] });
  });
});

/** With a program in the place of the packaged app that behaves as it does, or does one thing wrong. */
describe('a packaged app that is started once', () => {
  let folder = '';
  beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'latchkey-packaged-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 }));
  const start = (wrong: string, patienceMs = 120_000) => startOnce({
    command: process.execPath, args: [join(project, 'test/support/packaged/stub-app.mjs')], env: { STUB: wrong }, home: join(folder, 'home'), patienceMs,
  });

  test('shows its page, and quits when a second start asks it to', async () => {
    await expect(start('')).resolves.toBeUndefined();
  });

  test.each([
    ['dies', /ended by itself \(127\)[^]*libnss3/], ['keeps-nothing', /no latchkey\.db/], ['has-a-defect', /its log says[^]*defect\.rejection/],
  ])('is told apart from one that %s', async (wrong, said) => {
    await expect(start(wrong)).rejects.toThrow(said);
  });

  test('is told apart from one whose page stays blank', async () => {
    await expect(start('stays-blank', 3000)).rejects.toThrow(/its page did not come, after 3 s/);
  });
});

test('the script says what is missing where nothing was built', () => {
  const empty = mkdtempSync(join(tmpdir(), 'latchkey-no-dist-'));
  const { status, stderr } = spawnSync(process.execPath, [join(project, 'test/support/packaged/index.ts'), empty], { encoding: 'utf8', timeout: 60_000 });
  rmSync(empty, { recursive: true });
  expect([status, stderr]).toEqual([1, expect.stringContaining(`Missing: the AppImage (${empty}`) as string]);
  expect(readFileSync(join(project, 'package.json'), 'utf8')).toContain('"package:start": "node test/support/packaged/index.ts"');
});
