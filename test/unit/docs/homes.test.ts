import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { homeFolder } from '../../../src-cli/latchkey/open.ts';
import { createPaths, findAppPackage } from '../../support/electron-preview/paths.ts';
import { project } from '../../support/build.ts';

/**
 * Where the documents say that the homes are, held against what Electron and the command line make of the project's names.
 * Electron names the app after `productName`, else `name` (electron/lib/browser/init.ts; electron/docs/api/app.md, "app.getName"),
 * and `userData` is a folder of that name in `appData` (the same page, "app.getPath").
 */
const systems = { Linux: 'linux', macOS: 'darwin', Windows: 'win32' } as const;
type System = keyof typeof systems;
const names = Object.keys(systems) as readonly System[];
const { name } = findAppPackage(join(project, 'out/main/main.js'));
const read = (path: string): string => readFileSync(join(project, path), 'utf8');

const written = (path: string): string =>
  path.replace(homedir(), '~').replaceAll('~/AppData/Roaming', '%APPDATA%').replaceAll('~/AppData/Local', '%LOCALAPPDATA%').replaceAll('/', path.includes('AppData') ? '\\' : '/');
/** As on a computer of that system where nobody has set a variable. */
const on = (system: System): void => {
  for (const variable of ['LATCHKEY_HOME', 'APPDATA', 'LOCALAPPDATA', 'XDG_CONFIG_HOME', 'XDG_DATA_HOME']) vi.stubEnv(variable, undefined);
  vi.spyOn(process, 'platform', 'get').mockReturnValue(systems[system]);
};
const appHome = (system: System): string => written(createPaths(() => name, null, systems[system]).get('userData'));

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

const documented = (system: System): readonly string[] => {
  const row = read('docs/document-format.md').split('\n').find((line) => line.startsWith(`| ${system} | \``)) ?? '';
  return row.split('|').slice(2, 4).map((cell) => /`([^`]+)`/.exec(cell)?.[1] ?? '');
};

test('the app is called Latchkey, as its window, its menu and its folder are', () => {
  expect(name).toBe('Latchkey');
  expect(read('electron-builder.yml')).toMatch(/^productName: Latchkey$/m);
});

describe.each(names)('on %s', (system) => {
  test('a licensed application that follows the documents finds the homes of the app and of the command line', () => {
    on(system);
    expect(documented(system)).toEqual([appHome(system), written(homeFolder())]);
  });

  test('an administrator finds the home of the app where operations.md says', () => {
    on(system);
    expect(/^Its home is Electron's `userData` \(([^)]+)\)/m.exec(read('docs/operations.md'))?.[1]?.split(', ')).toContain(`\`${appHome(system)}\``);
  });
});

test('one LATCHKEY_HOME is the home of both, and no document names a home of another spelling', () => {
  vi.stubEnv('LATCHKEY_HOME', '/srv/home');
  expect(homeFolder()).toBe('/srv/home');
  for (const page of ['README.md', 'docs/document-format.md', 'docs/operations.md', 'docs/security.md', 'docs/reliability.md', 'docs/errors.md']) {
    const places = [...read(page).matchAll(/(?:\.config|Application Support|%APPDATA%)[/\\]([\w-]+)/g)].map(([, folder]) => folder);
    expect([page, places.filter((folder) => folder !== name && folder !== 'latchkey-cli')]).toEqual([page, []]);
  }
});
