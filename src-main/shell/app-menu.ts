import type { MenuItemConstructorOptions } from 'electron';
import type { IpcPushes } from '../../src-shared/ipc.ts';
import type { Words } from './messages.ts';
import type { Zoom } from './zoom.ts';

export type Page = IpcPushes['navigate']['page'];

export type AppMenuDoors = {
  readonly navigate: (page: Page) => void;
  readonly about: () => void;
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

/** The application menu by the customs of each platform. */
export const appMenu = ({ platform, devTools, help, portal }: AppMenuFacts, { say }: Words, doors: AppMenuDoors): MenuItemConstructorOptions[] => {
  const mac = platform === 'darwin';
  const page = (key: 'menu.picker' | 'menu.lease' | 'menu.my-licenses' | 'menu.exchange', to: Page, accelerator: string): MenuItemConstructorOptions =>
    ({ label: say(key), accelerator, click: () => doors.navigate(to) });
  const link = (key: 'menu.help-page' | 'menu.portal', address: string | null): MenuItemConstructorOptions[] =>
    address === null ? [] : [{ label: say(key), click: () => doors.openLink(address) }];

  return [
    ...(mac ? [{ role: 'appMenu' } as const] : []),
    {
      label: say('menu.file'),
      submenu: [
        { label: say('menu.import'), accelerator: 'CmdOrCtrl+O', click: () => doors.navigate('exchange') },
        separator,
        mac ? { role: 'close' } : { role: 'quit' },
      ],
    },
    // The roles carry the platform's own words and the keys that text fields need.
    { role: 'editMenu', label: say('menu.edit') },
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
        { role: 'togglefullscreen' },
        ...(devTools ? [separator, { role: 'reload' }, { role: 'toggleDevTools' }] as MenuItemConstructorOptions[] : []),
      ],
    },
    { role: 'windowMenu', label: say('menu.window') },
    {
      role: 'help',
      label: say('menu.help'),
      submenu: [
        ...link('menu.help-page', help),
        ...link('menu.portal', portal),
        { label: say('menu.log'), click: () => doors.showLog() },
        ...(mac ? [] : [separator, { label: say('menu.about'), click: () => doors.about() }]),
      ],
    },
  ];
};
