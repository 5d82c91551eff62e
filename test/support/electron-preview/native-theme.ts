import { EventEmitter } from 'node:events';
import type { NativeTheme } from 'electron';
import { platform } from './platform.ts';

type Members = Pick<NativeTheme, 'themeSource' | 'shouldUseDarkColors' | 'shouldUseDarkColorsForSystemIntegratedUI'>;

let isDark = false;
let isTaskbarDark = false;
/** Windows: as it was read at the last change that was told, and not at all before the first. electron/shell/browser/api/electron_api_native_theme.cc */
let taskbarRead: boolean | null = null;
let themeSource: NativeTheme['themeSource'] = 'system';
const theme = new EventEmitter();

export const nativeTheme = Object.defineProperties(theme, {
  themeSource: {
    get: () => themeSource,
    set: (source: NativeTheme['themeSource']) => { change(() => { themeSource = source; }); },
  },
  shouldUseDarkColors: { get: () => themeSource === 'system' ? isDark : themeSource === 'dark' },
  shouldUseDarkColorsForSystemIntegratedUI: { get: () => taskbarRead ?? nativeTheme.shouldUseDarkColors },
}) as EventEmitter & Members;

function change(make: () => void): void {
  const before = nativeTheme.shouldUseDarkColors;
  make();
  if (before === nativeTheme.shouldUseDarkColors) return;
  const taskbar = isTaskbarDark;
  setImmediate(() => {
    if (platform === 'win32') taskbarRead = taskbar;
    theme.emit('updated');
  });
}

/**
 * What the person chooses in the system: the theme of apps, and on Windows that of the taskbar, which is written after the change
 * was told (github.com/electron/electron/issues/52308), and whose change alone is not told.
 */
export function setSystemDark(apps: boolean, taskbar = apps): void {
  change(() => { isDark = apps; });
  isTaskbarDark = taskbar;
}
