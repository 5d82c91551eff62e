import type { MenuItemConstructorOptions } from 'electron';
import { expect, test } from 'vitest';
import { appMenu } from '../../../src-main/shell/app-menu.ts';
import { createWords } from '../../../src-main/shell/messages.ts';
import { readAccelerator } from '../../support/electron-preview/accelerator.ts';
import { rolesOn } from '../../support/electron-preview/menu-roles.ts';

/** Electron says nothing of a role or a key that it does not know: the item would be empty, or the key dead. */
const flat = (items: readonly MenuItemConstructorOptions[]): readonly MenuItemConstructorOptions[] =>
  items.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? flat(item.submenu) : [])]);

test.each(['darwin', 'win32', 'linux'] as const)('every item of the application menu has words, and a role and a key that Electron knows, on %s', (platform) => {
  const doors = { navigate: () => undefined, about: () => undefined, copyDetails: () => undefined, showLicenses: () => undefined, showLog: () => undefined, openLink: () => undefined, zoom: () => undefined };
  const items = flat(appMenu({ platform, devTools: true, help: 'https://help.example/', portal: 'https://authority.example/' }, createWords('de'), doors));
  const roles = rolesOn(platform, 'Latchkey');
  const isKnown = (role: string | undefined): boolean => role !== undefined && Object.hasOwn(roles, role.toLowerCase());
  const unbound = items.filter(({ accelerator }) => accelerator !== undefined && accelerator !== null && !readAccelerator(accelerator).valid);
  expect(items.filter(({ label, role, type }) => (role === undefined ? type !== 'separator' && !label : !isKnown(role)))).toEqual([]);
  expect(unbound).toEqual([]);
  expect(items.length).toBeGreaterThan(15);
});

test.each(['darwin', 'win32', 'linux'] as const)('no menu on %s says a word of Electron, neither by a role nor in a menu that a role fills', (platform) => {
  const english = Object.values(rolesOn(platform, 'Latchkey')).map(({ label }) => label);
  const doors = { navigate: () => undefined, about: () => undefined, copyDetails: () => undefined, showLicenses: () => undefined, showLog: () => undefined, openLink: () => undefined, zoom: () => undefined };
  const all = flat(appMenu({ platform, devTools: true, help: 'https://help.example/', portal: 'https://authority.example/' }, createWords('de'), doors));
  const filled = all.filter(({ role, submenu }) => role !== undefined && submenu === undefined && rolesOn(platform, 'Latchkey')[role.toLowerCase()]?.submenu !== undefined);
  const unnamed = all.filter(({ role, label }) => role !== undefined && (label === undefined || english.includes(label)));
  expect([...filled, ...unnamed].map(({ role, label }) => [role, label])).toEqual([]);
});

test('macOS has the menus that its people look for, each item where it belongs', () => {
  const doors = { navigate: () => undefined, about: () => undefined, copyDetails: () => undefined, showLicenses: () => undefined, showLog: () => undefined, openLink: () => undefined, zoom: () => undefined };
  const labelsOf = (items: readonly MenuItemConstructorOptions[]) => items.map(({ label, submenu }) => [label, Array.isArray(submenu) ? submenu.map((item) => item.label ?? '-') : null]);
  expect(labelsOf(appMenu({ platform: 'darwin', devTools: false, help: null, portal: null }, createWords('de'), doors))).toEqual([
    ['Latchkey', ['Über Latchkey', '-', 'Einstellungen…', '-', 'Dienste', '-', 'Latchkey ausblenden', 'Andere ausblenden', 'Alle einblenden', '-', 'Latchkey beenden']],
    ['Datei', ['Lizenzdatei öffnen…', '-', 'Fenster schließen']],
    ['Bearbeiten', ['Rückgängig', 'Wiederholen', '-', 'Ausschneiden', 'Kopieren', 'Einfügen', 'Einfügen und Stil anpassen', 'Löschen', 'Alles auswählen', '-', 'Sprachausgabe']],
    ['Ansicht', ['Lizenz wählen', 'Lizenz in Gebrauch', 'Meine Lizenzen', 'Offline-Austausch', '-', 'Vergrößern', 'Verkleinern', 'Originalgröße', '-', 'Vollbild']],
    ['Fenster', ['Minimieren', 'Zoomen', '-', 'Alle nach vorne bringen']],
    ['Hilfe', ['Protokolldatei anzeigen', '-', 'Angaben kopieren', 'Lizenzen Dritter']],
  ]);
});
