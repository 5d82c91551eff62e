import { lstatSync, readFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type { LoginItemSettings, LoginItemSettingsOptions, Settings } from 'electron';
import { fail, ok, type Result } from '../../src-shared/result.ts';
import type { StartAtLogin } from '../../src-shared/settings.ts';
import { autostartEntry, readAutostartEntry, type AutostartEntry } from './autostart-entry.ts';
import { makeFolder, notWritten } from './profile.ts';
import { replaceFile } from './replace-file.ts';

/** Where this system keeps what it starts at login. */
export type LoginItem = {
  readonly read: () => StartAtLogin;
  /** Errors: `FORBIDDEN` (it is locked), `STORE_UNUSABLE` (why: the system's code; path). What came of it is then read. */
  readonly set: (on: boolean) => Result<null>;
};

export type LoginItemFacts = {
  readonly platform: NodeJS.Platform;
  readonly packaged: boolean;
  /** What the administrator's file says; undefined where it leaves it to the person. */
  readonly deployed: boolean | undefined;
  /** The AppUserModelId, which Electron gives the registry's value on Windows. */
  readonly id: string;
  readonly system: {
    readonly getLoginItemSettings: (options?: LoginItemSettingsOptions) => Pick<LoginItemSettings, 'openAtLogin' | 'status' | 'launchItems'>;
    readonly setLoginItemSettings: (settings: Settings) => void;
  };
  /** Linux: the file, and the program that it is to start. */
  readonly file: string;
  readonly program: string;
};

/**
 * Starting the app at login, hidden: a lease is renewed only while it runs. An unpackaged run is no program that a system could
 * start, so it changes nothing.
 */
export const createLoginItem = (facts: LoginItemFacts): LoginItem => {
  const item = itemOf(facts);
  const locked = (): StartAtLogin['locked'] => (!facts.packaged ? 'unpackaged' : facts.deployed !== undefined ? 'administrator' : item.locked());
  return {
    read: () => ({ ...(facts.packaged ? item.read() : { on: false, blocked: null }), locked: locked() }),
    set(on) {
      return locked() === null ? item.set(on) : fail('FORBIDDEN');
    },
  };
};

/** At the start of a packaged app: what the administrator says, and the place where the program is now. */
export const settleLoginItem = (facts: LoginItemFacts): Result<null> => {
  if (!facts.packaged) return ok(null);
  const { deployed } = facts;
  const item = itemOf(facts);
  if (item.locked() !== null) return fail('FORBIDDEN');
  const { on } = item.read();
  if (deployed !== undefined && deployed !== on) return item.set(deployed);
  return on && !item.isCurrent() ? item.set(true) : ok(null);
};

type Item = {
  readonly locked: () => 'foreign-file' | null;
  readonly read: () => Pick<StartAtLogin, 'on' | 'blocked'>;
  readonly set: (on: boolean) => Result<null>;
  readonly isCurrent: () => boolean;
};

const itemOf = (facts: LoginItemFacts): Item =>
  facts.platform === 'linux' ? linuxItem(facts) : facts.platform === 'win32' ? windowsItem(facts) : macItem(facts);

/** `openAsHidden` went with Electron 44 (electron/docs/breaking-changes.md), and has done nothing since macOS 13: the app hides itself by `wasOpenedAtLogin`. */
const macItem = ({ system }: LoginItemFacts): Item => ({
  locked: () => null,
  read() {
    const { openAtLogin, status } = system.getLoginItemSettings();
    // Registered, and turned off by the person in System Settings or not allowed yet (electron/docs/api/app.md, `status`).
    const waits = status === 'requires-approval';
    return { on: openAtLogin || waits, blocked: waits ? 'approval' : null };
  },
  set(on) {
    system.setLoginItemSettings({ openAtLogin: on });
    return ok(null);
  },
  isCurrent: () => true,
});

/** The same arguments for setting and asking, or the entry is not found (electron/docs/api/app.md, "app.getLoginItemSettings"). */
const hidden = ['--hidden'];

const windowsItem = ({ system, id }: LoginItemFacts): Item => ({
  locked: () => null,
  read() {
    const { openAtLogin, launchItems } = system.getLoginItemSettings({ args: hidden });
    // Turned off in Task Manager or Settings: the entry stays, and is not started (`StartupApproved`, electron/shell/browser/browser_win.cc).
    const isOff = openAtLogin && launchItems.some(({ name, scope, enabled }) => name === id && scope === 'user' && !enabled);
    return { on: openAtLogin, blocked: isOff ? 'task-manager' : null };
  },
  set(on) {
    // `enabled`, which is the default, also undoes what was turned off in Task Manager: the person asks for it here.
    system.setLoginItemSettings({ openAtLogin: on, args: hidden, enabled: true });
    return ok(null);
  },
  isCurrent: () => true,
});

/** Electron does nothing on Linux (electron/shell/browser/browser_linux.cc, "SetLoginItemSettings"), so the file is ours. */
const linuxItem = ({ file, program }: LoginItemFacts): Item => {
  const entry = (): AutostartEntry | 'foreign' | 'none' => {
    try {
      const facts = lstatSync(file, { throwIfNoEntry: false });
      if (facts === undefined) return 'none';
      // SECURITY: what a link points to is somebody else's, whatever it says.
      if (!facts.isFile() || facts.size > 16 * 1024) return 'foreign';
      return readAutostartEntry(readFileSync(file, 'utf8')) ?? 'foreign';
    } catch {
      return 'foreign';
    }
  };
  return {
    locked: () => (entry() === 'foreign' ? 'foreign-file' : null),
    read() {
      const now = entry();
      return { on: typeof now === 'object' && now.enabled, blocked: null };
    },
    set(on) {
      try {
        if (on) {
          makeFolder(dirname(file));
          replaceFile(file, autostartEntry(program), 0o644);
        } else {
          rmSync(file, { force: true });
        }
        return ok(null);
      } catch (error) {
        return notWritten(error, file);
      }
    },
    isCurrent() {
      const now = entry();
      return typeof now === 'object' && now.isFor(program);
    },
  };
};
