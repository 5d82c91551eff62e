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
  const doors = { navigate: () => undefined, about: () => undefined, showLog: () => undefined, openLink: () => undefined, zoom: () => undefined };
  const items = flat(appMenu({ platform, devTools: true, help: 'https://help.example/', portal: 'https://authority.example/' }, createWords('de'), doors));
  const roles = rolesOn(platform, 'Latchkey');
  const isKnown = (role: string | undefined): boolean => role !== undefined && Object.hasOwn(roles, role.toLowerCase());
  const unbound = items.filter(({ accelerator }) => accelerator !== undefined && accelerator !== null && !readAccelerator(accelerator).valid);
  expect(items.filter(({ label, role, type }) => (role === undefined ? type !== 'separator' && !label : !isKnown(role)))).toEqual([]);
  expect(unbound).toEqual([]);
  expect(items.length).toBeGreaterThan(15);
});
