import type { MenuItemConstructorOptions } from 'electron';
import type { IpcPushes } from '../../src-shared/ipc.ts';
import type { MessageKey, Words } from './messages.ts';
import type { Zoom } from './zoom.ts';

export type Page = Exclude<IpcPushes['navigate']['page'], 'invitation'>;

export type AppMenuDoors = {
  readonly navigate: (page: Page) => void;
  readonly about: () => void;
  readonly copyDetails: () => void;
  readonly showLicenses: () => void;
  readonly showLog: () => void;
  readonly openLink: (address: string) => void;
  readonly zoom: Zoom;
};

export type AppMenuFacts = {
  readonly platform: NodeJS.Platform;
  readonly devTools: boolean;
  readonly help: string | null;
  readonly portal: string | null;
};

const separator: MenuItemConstructorOptions = { type: 'separator' };

/**
 * A role gives an item its shortcut and its action. Its default label is always English, also in menus that a role fills
 * (electron/lib/browser/api/menu-item-roles.ts), so every item has a label of ours.
 */
const labels = {
  about: 'menu.about', services: 'menu.services', hide: 'menu.hide', hideOthers: 'menu.hide-others', unhide: 'menu.show-all', quit: 'tray.quit', close: 'menu.close',
  undo: 'edit.undo', redo: 'edit.redo', cut: 'edit.cut', copy: 'edit.copy', paste: 'edit.paste', pasteAndMatchStyle: 'edit.paste-plain', delete: 'edit.delete', selectAll: 'edit.select-all',
  startSpeaking: 'edit.speak', stopSpeaking: 'edit.stop-speaking',
  togglefullscreen: 'menu.full-screen', reload: 'menu.reload', toggleDevTools: 'menu.developer-tools',
  minimize: 'menu.minimize', zoom: 'menu.zoom-window', front: 'menu.front',
} as const satisfies { readonly [R in NonNullable<MenuItemConstructorOptions['role']>]?: MessageKey };

/** The application menu by the customs of each platform. */
export const appMenu = ({ platform, devTools, help, portal }: AppMenuFacts, { say }: Words, doors: AppMenuDoors): MenuItemConstructorOptions[] => {
  const mac = platform === 'darwin';
  const page = (key: 'menu.picker' | 'menu.lease' | 'menu.my-licenses' | 'menu.exchange', to: Page, accelerator: string): MenuItemConstructorOptions =>
    ({ label: say(key), accelerator, click: () => doors.navigate(to) });
  const link = (key: 'menu.help-page' | 'menu.portal', address: string | null): MenuItemConstructorOptions[] =>
    address === null ? [] : [{ label: say(key), click: () => doors.openLink(address) }];

  const settings: MenuItemConstructorOptions = { label: say('menu.settings'), accelerator: 'CmdOrCtrl+,', click: () => doors.navigate('settings') };
  const role = (name: keyof typeof labels): MenuItemConstructorOptions => ({ role: name, label: say(labels[name]) });

  return [
    ...(mac ? [{ label: say('app.name'), submenu: [role('about'), separator, settings, separator, role('services'), separator, role('hide'), role('hideOthers'), role('unhide'), separator, role('quit')] }] : []),
    {
      label: say('menu.file'),
      submenu: [
        { label: say('menu.import'), accelerator: 'CmdOrCtrl+O', click: () => doors.navigate('exchange') },
        ...(mac ? [] : [settings]),
        separator,
        role(mac ? 'close' : 'quit'),
      ],
    },
    {
      label: say('menu.edit'),
      submenu: [
        role('undo'), role('redo'),
        separator,
        role('cut'), role('copy'), role('paste'), ...(mac ? [role('pasteAndMatchStyle')] : []), role('delete'), role('selectAll'),
        ...(mac ? [separator, { label: say('edit.speech'), submenu: [role('startSpeaking'), role('stopSpeaking')] }] : []),
      ],
    },
    {
      label: say('menu.view'),
      submenu: [
        page('menu.picker', 'picker', 'CmdOrCtrl+1'),
        page('menu.lease', 'lease', 'CmdOrCtrl+2'),
        page('menu.my-licenses', 'my-licenses', 'CmdOrCtrl+3'),
        page('menu.exchange', 'exchange', 'CmdOrCtrl+4'),
        separator,
        // Not the roles, which know no limits: see zoom.ts.
        { label: say('menu.zoom-in'), accelerator: 'CmdOrCtrl+Plus', click: () => doors.zoom('in') },
        { label: say('menu.zoom-out'), accelerator: 'CmdOrCtrl+-', click: () => doors.zoom('out') },
        { label: say('menu.zoom-reset'), accelerator: 'CmdOrCtrl+0', click: () => doors.zoom('reset') },
        separator,
        role('togglefullscreen'),
        ...(devTools ? [separator, role('reload'), role('toggleDevTools')] : []),
      ],
    },
    // `zoom` and `front` do nothing but on macOS.
    { role: 'windowMenu', label: say('menu.window'), submenu: [role('minimize'), ...(mac ? [role('zoom'), separator, role('front')] : [role('close')])] },
    {
      role: 'help',
      label: say('menu.help'),
      submenu: [
        ...link('menu.help-page', help),
        ...link('menu.portal', portal),
        { label: say('menu.log'), click: () => doors.showLog() },
        separator,
        // On macOS the panel is the system's, and has no buttons.
        ...(mac
          ? [{ label: say('about.copy'), click: () => doors.copyDetails() }, { label: say('about.licenses'), click: () => doors.showLicenses() }]
          : [{ label: say('menu.about'), click: () => doors.about() }]),
      ],
    },
  ];
};
