import { execFile } from 'node:child_process';
import { join } from 'node:path';
import type { Ground } from './tray-icon.ts';

const key = 'HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Themes\\Personalize';

/** What `reg query` prints of the taskbar's theme, which is a setting of its own beside the apps'. */
export const groundIn = (printed: string): Ground | null => {
  const value = /^\s*SystemUsesLightTheme\s+REG_DWORD\s+0x([0-9a-f]+)\s*$/im.exec(printed)?.[1];
  return value === undefined ? null : Number.parseInt(value, 16) === 0 ? 'dark' : 'light';
};

/** On Windows, as the registry has it now; null where that cannot be asked. */
export const readTaskbar = (env: NodeJS.ProcessEnv): Promise<Ground | null> => new Promise((resolve) => {
  const program = join(env['SystemRoot'] ?? 'C:\\Windows', 'System32', 'reg.exe');
  execFile(program, ['query', key, '/v', 'SystemUsesLightTheme'], { timeout: 10_000, windowsHide: true }, (error, stdout) => resolve(error === null ? groundIn(stdout) : null));
});

/**
 * Gives what looks at the taskbar anew. Electron's own answer is the apps' theme until the first change, and after one often the
 * value from before it (electron/shell/browser/api/electron_api_native_theme.cc, `OnNativeThemeUpdatedOnUI`;
 * github.com/electron/electron/issues/52308): it counts only where the registry cannot be asked.
 */
export const followTaskbar = (read: () => Promise<Ground | null>, told: () => Ground, show: (ground: Ground) => void): (() => void) => {
  let looked = 0;
  return () => {
    const look = (looked += 1);
    void read().then((ground) => {
      if (look === looked) show(ground ?? told());
    });
  };
};
