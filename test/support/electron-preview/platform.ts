import { getCallSites } from 'node:util';

const computer = process.platform;
const played = process.env['ELECTRON_PREVIEW_PLATFORM'];

/**
 * The system that the stand-in behaves like: this computer's, unless `ELECTRON_PREVIEW_PLATFORM` names another. It plays what
 * windows, menus and tray do there, and nothing that a program or a file would have to be there for.
 */
export const platform: NodeJS.Platform = played === 'darwin' || played === 'win32' || played === 'linux' ? played : computer;

const folderOf = (module: string): string => module.slice(0, module.lastIndexOf('/'));

/** The app's own folders with a module that imports `electron`. */
const players = new Set<string>();
export const addPlayer = (module: string): void => void players.add(folderOf(module));

/** The modules in those folders see the system that is played; Node, the packages, and what knows nothing of Electron see the computer's. */
export function playPlatform(): void {
  if (platform === computer) return;
  Object.defineProperty(process, 'platform', {
    configurable: true, enumerable: true,
    get: () => players.has(folderOf(getCallSites(2)[1]?.scriptName ?? '')) ? platform : computer,
  });
}
