import type { LoginItemSettings, LoginItemSettingsOptions, Settings } from 'electron';

/** On Windows and macOS kept for this run only, so that no test leaves something behind; on Linux Electron itself does nothing (electron/shell/browser/browser_linux.cc). */
let args: readonly string[] | null = null;

export function getLoginItemSettings(options: LoginItemSettingsOptions = {}): LoginItemSettings {
  const openAtLogin = args !== null && (process.platform === 'darwin' || JSON.stringify(args) === JSON.stringify(options.args ?? []));
  return { openAtLogin, wasOpenedAtLogin: false, status: openAtLogin ? 'enabled' : 'not-registered', executableWillLaunchAtLogin: process.platform === 'win32' && args !== null, launchItems: [] };
}

export function setLoginItemSettings(settings: Settings): void {
  if (process.platform !== 'linux') args = settings.openAtLogin === true ? settings.args ?? [] : null;
}
