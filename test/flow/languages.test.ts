import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { project } from '../support/build.ts';
import { startPreview, type RunningPreview } from '../support/electron-preview/index.ts';
import type { MenuEntry } from '../support/electron-preview/menu.ts';

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

const kept = (settings: string): void => writeFileSync(join(folder, 'settings.json'), settings);
const menuLabels = async (): Promise<readonly string[]> => {
  const all = (items: readonly MenuEntry[]): readonly string[] => items.flatMap(({ label, submenu }) => [label, ...all(submenu ?? [])]);
  return all(await app.menu());
};

test('the language that was chosen in the page is that of the tray and of every menu at the next start', async () => {
  kept('{"language":"de"}');
  await start();
  expect(await trayLabels()).toEqual(['Keine Lizenz in Gebrauch', 'Lizenz wählen…', '', 'Latchkey öffnen', 'Latchkey beenden']);
  expect(await menuLabels()).toEqual(expect.arrayContaining(['Datei', 'Rückgängig', 'Alles auswählen', 'Vergrößern', 'Vollbild', 'Minimieren', 'Fenster schließen', 'Latchkey beenden']));
  expect(await menuLabels()).not.toEqual(expect.arrayContaining([expect.stringMatching(/^(Undo|Redo|Cut|Copy|Paste|Delete|Select|Zoom|Actual|Toggle|Minimize|Close|Quit|Reload)/)]));
});

test.each(['{"language":"fr"}', '{"language":7}', 'not JSON'])('a kept language that is none of ours (%s) leaves the choice to the system', async (text) => {
  kept(text);
  await start({ LANG: 'de_DE.UTF-8' });
  expect(await trayLabels()).toContain('Latchkey öffnen');
});

test('an app that cannot start says so in the language that was chosen, where that can be read', async () => {
  kept('{"language":"de"}');
  const { output } = await begin({ LATCHKEY_TRUST: join(folder, 'none.lkkeys') }).exited;
  expect(output).toContain('ist nicht lesbar');
});

test('an app whose home cannot be looked into says so in the language of the system', async () => {
  kept('{"language":"de"}');
  writeFileSync(join(folder, 'file'), '');
  const { output } = await begin({ LATCHKEY_HOME: join(folder, 'file/home') }).exited;
  expect(output).toContain('a file is in the way');
});
