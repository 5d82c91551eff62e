import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { project } from '../support/build.ts';
import { startPreview } from '../support/electron-preview/index.ts';

/** Main's real program on the stand-in where nobody names a home. Elsewhere than on Linux the folder could not be given for the test. */
let folder = '';
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'latchkey-own-home-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const run = async (env: Readonly<Record<string, string | undefined>>): Promise<void> => {
  const app = startPreview({ main: join(project, 'src-main/main.ts'), env: { XDG_CONFIG_HOME: folder, LATCHKEY_HOME: undefined, LATCHKEY_AUTHORITY: '', LATCHKEY_TRUST: undefined, ...env } });
  await app.firstWindow;
  const { code, output } = await app.quit();
  expect([code, code === 0 ? '' : output]).toEqual([0, '']);
};

test.runIf(process.platform === 'linux')('the app keeps its licenses and its key in the folder that the documents name', async () => {
  await run({});
  expect(['latchkey.db', 'machine-key.json'].filter((name) => !existsSync(join(folder, 'Latchkey', name)))).toEqual([]);
});

test.runIf(process.platform === 'linux')('a home from when the app had its earlier name goes on under the new one, as the same machine', async () => {
  await run({ LATCHKEY_HOME: join(folder, 'latchkey') });
  const key = readFileSync(join(folder, 'latchkey/machine-key.json'), 'utf8');
  await run({});
  expect(readFileSync(join(folder, 'Latchkey/machine-key.json'), 'utf8')).toBe(key);
  expect(existsSync(join(folder, 'latchkey'))).toBe(false);
});

test.runIf(process.platform === 'linux').each(['--help', '--quit'])('%s moves no home', async (asked) => {
  mkdirSync(join(folder, 'latchkey'));
  writeFileSync(join(folder, 'latchkey/latchkey.db'), '');
  const { code } = await startPreview({ main: join(project, 'src-main/main.ts'), args: [asked], env: { XDG_CONFIG_HOME: folder, LATCHKEY_HOME: undefined, LATCHKEY_AUTHORITY: '', LATCHKEY_TRUST: undefined } }).exited;
  expect([code, readdirSync(folder), readdirSync(join(folder, 'latchkey'))]).toEqual([0, ['latchkey'], ['latchkey.db']]);
});
