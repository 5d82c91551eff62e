import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { project } from '../support/build.ts';
import { startPreview, type RunningPreview } from '../support/electron-preview/index.ts';

/** Main's real program on the stand-in: the language of its tray, its menus and its last words, by what the system names and what the person has chosen. */
let folder = '';
let app: RunningPreview;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'latchkey-language-'))));
afterEach(async () => {
  await app.kill();
  rmSync(folder, { recursive: true, force: true });
});

const begin = (env: Readonly<Record<string, string>> = {}): RunningPreview => (app = startPreview({
  main: join(project, 'src-main/main.ts'),
  env: { LATCHKEY_HOME: folder, LATCHKEY_AUTHORITY: '', LATCHKEY_TRUST: undefined, LANGUAGE: '', LC_ALL: '', LC_MESSAGES: '', LANG: 'en_GB.UTF-8', ...env },
}));
const start = async (env: Readonly<Record<string, string>> = {}): Promise<void> => void (await begin(env).firstWindow);
const trayLabels = async (): Promise<readonly string[]> => (await app.tray())[0]?.menu.map(({ label }) => label) ?? [];

test.each([
  ['LANG', 'C.UTF-8', 'Open Latchkey'], ['LANG', 'POSIX', 'Open Latchkey'], ['LANG', '', 'Open Latchkey'], ['LANG', 'sr_RS@latin', 'Open Latchkey'],
  ['LANG', 'ca_ES.UTF-8@valencia', 'Open Latchkey'], ['LANG', 'de_DE@euro', 'Latchkey öffnen'], ['LC_ALL', 'de_AT.UTF-8', 'Latchkey öffnen'],
  ['LANGUAGE', 'fr:de:en', 'Latchkey öffnen'], ['LANGUAGE', 'fr_FR:it', 'Open Latchkey'],
])('the app starts on a system with %s=%s, and speaks the first of its languages that it knows', async (name, value, label) => {
  await start({ [name]: value });
  expect(await trayLabels()).toContain(label);
});

test.each([['C.UTF-8', 'cannot be read'], ['sr_RS@latin', 'cannot be read'], ['de_DE@euro', 'ist nicht lesbar']])('an app that cannot start says so on a system with LANG=%s', async (LANG, words) => {
  const { output } = await begin({ LANG, LATCHKEY_TRUST: join(folder, 'none.lkkeys') }).exited;
  expect(output).toMatch(new RegExp(`none\\.lkkeys.* ${words}`));
});
