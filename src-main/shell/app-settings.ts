import { homedir } from 'node:os';
import { app } from 'electron';
import { ok, type Result } from '../../src-shared/result.ts';
import type { AppSettings, Closing } from '../../src-shared/settings.ts';
import { appId } from './app-address.ts';
import { autostartFile, programOf } from './autostart-entry.ts';
import { readDeployment } from './deployment.ts';
import type { Log } from './log.ts';
import { createLoginItem, settleLoginItem, type LoginItemFacts } from './login-item.ts';
import { notWritten } from './profile.ts';
import type { SettingsFile } from './settings-file.ts';

/** What the Settings page shows and changes. Errors: `FORBIDDEN` (it is locked), `STORE_UNUSABLE` (why, path). */
export type AppSettingsDoor = {
  readonly read: () => AppSettings;
  readonly setStartAtLogin: (on: boolean) => Result<AppSettings>;
  readonly setClosing: (closing: Closing) => Result<AppSettings>;
};

/** Opened once at the start: what the administrator's file says is done then. */
export const openAppSettings = (file: SettingsFile, isTrayShown: () => boolean, log: Log): AppSettingsDoor => {
  const facts: LoginItemFacts = {
    platform: process.platform, packaged: app.isPackaged, deployed: readDeployment(process.platform, process.env).startAtLogin, id: appId, system: app,
    file: autostartFile(process.env, homedir()), program: programOf(process.env, process.execPath),
  };
  const settled = settleLoginItem(facts);
  if (!settled.ok) log('login-item.refused', { code: settled.code, why: String(settled.details['why'] ?? '') });
  const loginItem = createLoginItem(facts);

  const read = (): AppSettings => ({ startAtLogin: loginItem.read(), closing: file.read().closing ?? 'stay', tray: isTrayShown() });
  return {
    read,
    setStartAtLogin(on) {
      const done = loginItem.set(on);
      return done.ok ? ok(read()) : done;
    },
    setClosing(closing) {
      try {
        file.change({ closing });
        return ok(read());
      } catch (error) {
        return notWritten(error, file.path);
      }
    },
  };
};
