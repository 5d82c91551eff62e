import { resolve } from 'node:path';
import type { App } from 'electron';
import { commandLine } from './command-line.ts';
import { createEvent } from './event.ts';
import { takeInstanceLock, type InstanceLock, type SecondStart } from './instance-lock.ts';
import { applicationLocale, preferredLanguages } from './languages.ts';
import { lifecycle } from './lifecycle.ts';
import { getLoginItemSettings, setLoginItemSettings } from './login-items.ts';
import { createPaths, findAppPackage } from './paths.ts';
import { planRelaunch } from './relaunch.ts';

type Methods = Pick<App, 'isReady' | 'whenReady' | 'quit' | 'exit' | 'getName' | 'setName' | 'getVersion' | 'getAppPath' | 'getPath' | 'setPath' | 'getLocale'
  | 'getPreferredSystemLanguages' | 'requestSingleInstanceLock' | 'getLoginItemSettings' | 'setLoginItemSettings' | 'setAppUserModelId' | 'setAsDefaultProtocolClient' | 'isDefaultProtocolClient'
  | 'setAboutPanelOptions' | 'relaunch' | 'enableSandbox' | 'isPackaged' | 'name' | 'dock'> & { readonly commandLine: typeof commandLine };

const main = findAppPackage(resolve(process.argv[1] ?? '.'));
const userDataSwitch = process.argv.find((argument) => argument.startsWith('--user-data-dir='))?.slice('--user-data-dir='.length);
let name = main.name;
let lock: InstanceLock | null = null;
const languages = preferredLanguages(process.env);
const locale = applicationLocale(languages);
const paths = createPaths(() => name, userDataSwitch === undefined ? null : resolve(userDataSwitch));
const ready = new Promise<void>((resolveReady) => { lifecycle.events.once('ready', () => resolveReady()); });

function onSecondStart({ argv, cwd, data }: SecondStart): void {
  void ready.then(() => lifecycle.events.emit('second-instance', createEvent(), asChromiumHandsOver(argv), cwd, data));
}

/** Switches first, up to a `--`, and one of Chromium's own behind them (issue electron#32933). */
export function asChromiumHandsOver([program = '', ...given]: readonly string[]): string[] {
  const end = given.includes('--') ? given.indexOf('--') : given.length;
  const isSwitch = (argument: string): boolean => argument.length > 1 && argument.startsWith('-');
  const before = given.slice(0, end);
  return [program, ...before.filter(isSwitch), '--allow-file-access-from-files', ...before.filter((argument) => !isSwitch(argument)), ...given.slice(end)];
}

const methods: Methods = {
  // Only for tests of what main does when it is packaged; what is compiled in stays what the build was given.
  isPackaged: process.env['ELECTRON_PREVIEW_PACKAGED'] === '1',
  commandLine,
  // Present on macOS only, and the stand-in has no dock to show.
  dock: undefined,
  get name() { return name; },
  set name(value) { name = value; },
  isReady: lifecycle.isReady,
  whenReady: () => ready,
  quit: lifecycle.quit,
  exit: lifecycle.exit,
  relaunch: planRelaunch,
  getName: () => name,
  setName: (value) => { name = value; },
  getVersion: () => main.version,
  getAppPath: () => main.directory,
  getPath: (path) => paths.get(path),
  setPath: (path, value) => paths.put(path, value),
  // electron/docs/api/app.md: "must be called after the ready event is emitted"; before it, Chromium has chosen none.
  getLocale: () => lifecycle.isReady() ? locale : '',
  getPreferredSystemLanguages: () => [...languages],
  requestSingleInstanceLock: (data) => {
    lock ??= takeInstanceLock(paths.get('userData'), { argv: process.argv, cwd: process.cwd(), data: data ?? null }, onSecondStart);
    return lock !== null;
  },
  setAppUserModelId: () => undefined,
  // Nothing is registered with the desktop, and the answer says so.
  setAsDefaultProtocolClient: () => false,
  setAboutPanelOptions: () => undefined,
  isDefaultProtocolClient: () => false,
  getLoginItemSettings,
  setLoginItemSettings,
  enableSandbox: () => {
    if (lifecycle.isReady()) throw new Error('app.enableSandbox() can only be called before app is ready');
  },
};

export const app = Object.defineProperties(lifecycle.events, Object.getOwnPropertyDescriptors(methods)) as typeof lifecycle.events & Methods;
lifecycle.events.on('quit', () => lock?.release());
