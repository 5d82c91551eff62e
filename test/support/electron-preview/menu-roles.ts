import type { MenuItemConstructorOptions } from 'electron';

/** What a role does where Electron does it itself, by the method that it calls. On macOS the system does most of it. */
export type RoleAction =
  | { readonly on: 'app'; readonly call: 'quit' | 'showAboutPanel' }
  | { readonly on: 'window'; readonly call: 'close' | 'minimize' | 'togglefullscreen' }
  | { readonly on: 'contents'; readonly call: 'undo' | 'redo' | 'cut' | 'copy' | 'paste' | 'pasteAndMatchStyle' | 'delete' | 'selectAll' | 'reload' | 'reloadIgnoringCache' | 'toggleDevTools' | 'resetzoom' | 'zoomin' | 'zoomout' };

export type Role = {
  /** Fixed and English in every language of the system: an app that speaks another one gives its own. */
  readonly label: string;
  readonly accelerator?: string;
  readonly submenu?: readonly MenuItemConstructorOptions[];
  readonly action?: RoleAction;
  /** Electron's own doing on macOS too. */
  readonly everywhere?: true;
};

const separator: MenuItemConstructorOptions = { type: 'separator' };
const roles = (...names: readonly MenuItemConstructorOptions['role'][]): MenuItemConstructorOptions[] => names.map((role) => role === undefined ? separator : { role });

/** Each role of Electron, by its name in small letters. electron/lib/browser/api/menu-item-roles.ts; docs/api/menu-item.md, "Roles". */
export function rolesOn(platform: NodeJS.Platform, appName: string): Readonly<Record<string, Role>> {
  const mac = platform === 'darwin';
  const windows = platform === 'win32';
  const app = (call: Extract<RoleAction, { on: 'app' }>['call']): RoleAction => ({ on: 'app', call });
  const window = (call: Extract<RoleAction, { on: 'window' }>['call']): RoleAction => ({ on: 'window', call });
  const contents = (call: Extract<RoleAction, { on: 'contents' }>['call']): RoleAction => ({ on: 'contents', call });
  return {
    about: { label: mac || windows ? `About ${appName}` : 'About', ...(!mac && { action: app('showAboutPanel') }) },
    quit: { label: mac ? `Quit ${appName}` : windows ? 'Exit' : 'Quit', ...(!windows && { accelerator: 'CommandOrControl+Q' }), action: app('quit') },
    close: { label: mac ? 'Close Window' : 'Close', accelerator: 'CommandOrControl+W', action: window('close') },
    minimize: { label: 'Minimize', accelerator: 'CommandOrControl+M', action: window('minimize') },
    togglefullscreen: { label: 'Toggle Full Screen', accelerator: mac ? 'Control+Command+F' : 'F11', action: window('togglefullscreen') },
    undo: { label: 'Undo', accelerator: 'CommandOrControl+Z', action: contents('undo') },
    redo: { label: 'Redo', accelerator: windows ? 'Control+Y' : 'Shift+CommandOrControl+Z', action: contents('redo') },
    cut: { label: 'Cut', accelerator: 'CommandOrControl+X', action: contents('cut') },
    copy: { label: 'Copy', accelerator: 'CommandOrControl+C', action: contents('copy') },
    paste: { label: 'Paste', accelerator: 'CommandOrControl+V', action: contents('paste') },
    pasteandmatchstyle: { label: 'Paste and Match Style', accelerator: mac ? 'Cmd+Option+Shift+V' : 'Shift+CommandOrControl+V', action: contents('pasteAndMatchStyle') },
    delete: { label: 'Delete', action: contents('delete') },
    selectall: { label: 'Select All', accelerator: 'CommandOrControl+A', action: contents('selectAll') },
    reload: { label: 'Reload', accelerator: 'CmdOrCtrl+R', action: contents('reload'), everywhere: true },
    forcereload: { label: 'Force Reload', accelerator: 'Shift+CmdOrCtrl+R', action: contents('reloadIgnoringCache'), everywhere: true },
    toggledevtools: { label: 'Toggle Developer Tools', accelerator: mac ? 'Alt+Command+I' : 'Ctrl+Shift+I', action: contents('toggleDevTools'), everywhere: true },
    resetzoom: { label: 'Actual Size', accelerator: 'CommandOrControl+0', action: contents('resetzoom'), everywhere: true },
    zoomin: { label: 'Zoom In', accelerator: 'CommandOrControl+Plus', action: contents('zoomin'), everywhere: true },
    zoomout: { label: 'Zoom Out', accelerator: 'CommandOrControl+-', action: contents('zoomout'), everywhere: true },
    front: { label: 'Bring All to Front' },
    help: { label: 'Help' },
    hide: { label: `Hide ${appName}`, accelerator: 'Command+H' },
    hideothers: { label: 'Hide Others', accelerator: 'Command+Alt+H' },
    unhide: { label: 'Show All' },
    services: { label: 'Services' },
    recentdocuments: { label: 'Open Recent' },
    clearrecentdocuments: { label: 'Clear Menu' },
    showsubstitutions: { label: 'Show Substitutions' },
    togglesmartquotes: { label: 'Smart Quotes' },
    togglesmartdashes: { label: 'Smart Dashes' },
    toggletextreplacement: { label: 'Text Replacement' },
    togglespellchecker: { label: 'Check Spelling While Typing' },
    startspeaking: { label: 'Start Speaking' },
    stopspeaking: { label: 'Stop Speaking' },
    window: { label: 'Window' },
    zoom: { label: 'Zoom' },
    appmenu: { label: appName, submenu: roles('about', undefined, 'services', undefined, 'hide', 'hideOthers', 'unhide', undefined, 'quit') },
    filemenu: { label: 'File', submenu: roles(mac ? 'close' : 'quit') },
    editmenu: {
      label: 'Edit',
      submenu: [
        ...roles('undo', 'redo', undefined, 'cut', 'copy', 'paste'),
        ...(mac ? [
          ...roles('pasteAndMatchStyle', 'delete', 'selectAll', undefined),
          { label: 'Substitutions', submenu: roles('showSubstitutions', undefined, 'toggleSmartQuotes', 'toggleSmartDashes', 'toggleTextReplacement') },
          { label: 'Speech', submenu: roles('startSpeaking', 'stopSpeaking') },
        ] : roles('delete', undefined, 'selectAll')),
      ],
    },
    viewmenu: { label: 'View', submenu: roles('reload', 'forceReload', 'toggleDevTools', undefined, 'resetZoom', 'zoomIn', 'zoomOut', undefined, 'togglefullscreen') },
    windowmenu: { label: 'Window', submenu: roles('minimize', 'zoom', ...(mac ? [undefined, 'front'] as const : ['close'] as const)) },
    sharemenu: { label: 'Share', submenu: [] },
  };
}
