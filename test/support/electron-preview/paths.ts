import { existsSync, readFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export type AppPackage = { readonly directory: string; readonly name: string; readonly version: string };

/** The nearest package.json above the main file, as Electron reads it. */
export function findAppPackage(mainFile: string): AppPackage {
  for (let directory = dirname(mainFile); ; directory = dirname(directory)) {
    const file = join(directory, 'package.json');
    if (existsSync(file)) {
      const { name, productName, version } = JSON.parse(readFileSync(file, 'utf8')) as { name?: string; productName?: string; version?: string };
      return { directory, name: productName ?? name ?? 'Electron', version: version ?? '0.0.0' };
    }
    if (directory === dirname(directory)) return { directory: dirname(mainFile), name: 'Electron', version: '0.0.0' };
  }
}

/** `app.getPath`: the well-known directories, and those that the app has set. */
export function createPaths(name: () => string, userDataSwitch: string | null, platform: NodeJS.Platform = process.platform) {
  const set = new Map<string, string>();
  const appData = (): string => {
    if (platform === 'win32') return process.env['APPDATA'] || join(homedir(), 'AppData', 'Roaming');
    if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support');
    return process.env['XDG_CONFIG_HOME'] || join(homedir(), '.config');
  };
  const known: Readonly<Record<string, () => string>> = {
    home: homedir, temp: tmpdir, appData, exe: () => process.execPath,
    userData: () => userDataSwitch ?? join(get('appData'), name()),
    sessionData: () => get('userData'),
    logs: () => platform === 'darwin' ? join(homedir(), 'Library', 'Logs', name()) : join(get('userData'), 'logs'),
    crashDumps: () => join(get('userData'), 'Crashpad'),
    desktop: () => join(homedir(), 'Desktop'),
    documents: () => join(homedir(), 'Documents'),
    downloads: () => join(homedir(), 'Downloads'),
  };
  function get(path: string): string {
    const found = set.get(path) ?? known[path]?.();
    if (found === undefined) throw new Error(`Failed to get '${path}' path`);
    return found;
  }
  return {
    get,
    put(path: string, value: string): void {
      if (known[path] === undefined) throw new Error(`Failed to set path`);
      set.set(path, value);
    },
  };
}
