import './shell/no-inspector.ts';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { app, dialog, shell } from 'electron';
import { errorTable } from '../src-shared/errors.ts';
import { fail, ok, type Failure, type Result } from '../src-shared/result.ts';
import { openHome } from './adapter/index.ts';
import { createLicensing } from './licensing/index.ts';
import {
  appId, bootOf, build, chooseAuthority, collectOpenedPaths, createLog, createSecretFiles, openAuthorityNetwork, createStartAgain, keepCrashReports, markRun, openDesktop, openKeychain, openLanguage, openSettings, prepareProfile, printHelp, quitOnSignals, readArguments, refuseSwitches, registerAppScheme, settleHome, startFailureText, switchesAgain, watchDefects, watchLeaving, wishOf, type Defects, type Leaving, type Log, type PersonsLanguage, type SettingsFile, type Words,
} from './shell/index.ts';

/** The root of the desktop app: which home, which authority, whom to trust; then licensing, and the desktop around it. */
const given = readArguments(process.argv);
const wish = wishOf(given);
// Of the name `productName`: electron/docs/api/app.md, "app.getPath" and "app.getName"; the keychain's entry too (electron/shell/browser/electron_browser_main_parts.cc).
const home = resolve(process.env['LATCHKEY_HOME'] || settleHome(app.getPath('userData'), Date.now(), wish === 'help' || wish === 'quit' ? null : undefined));
const logFile = join(home, 'logs/latchkey.log');
const secondsNow = (): number => Math.floor(Date.now() / 1000);

/** SECURITY: only an unpackaged run may be told whom to trust; a packaged app trusts what was compiled in, and only it does. */
const trustedKeyset = (): Result<string | null> => {
  const named = process.env['LATCHKEY_TRUST'];
  if (app.isPackaged) return ok(build.keyset);
  if (!named) return ok(null);
  try {
    return ok(readFileSync(named, 'utf8'));
  } catch {
    return fail('TRUST_MISSING', { path: named });
  }
};

/**
 * After the app is ready: only then can a person be told anything. On Linux the system's names come as they are, `c` for `C.UTF-8`
 * and `de-DE@euro` (electron/shell/common/language_util_linux.cc; electron/docs/api/app.md, "app.getPreferredSystemLanguages").
 */
const personsLanguage = (settings: SettingsFile): PersonsLanguage => openLanguage([...app.getPreferredSystemLanguages(), app.getLocale()], settings);

const giveUp = (failure: Failure, words: Words, log: Log): void => {
  log('start.failed', { code: failure.code, why: String(failure.details['why'] ?? '') });
  dialog.showErrorBox(words.say('start.failed'), startFailureText(failure, home, words));
  app.exit(errorTable[failure.code].exit);
};

/** macOS starts login items without arguments, and says that it did (electron/docs/api/app.md, "app.getLoginItemSettings"). */
const startsHidden = (): boolean => wish === 'hide' || (wish === 'show' && process.platform === 'darwin' && app.getLoginItemSettings().wasOpenedAtLogin);

const start = async (log: Log, defects: Defects, leaving: Leaving, inPassing: boolean): Promise<void> => {
  // The AppImage adds it where the system refuses user namespaces (electron/docs/api/command-line-switches.md, "--no-sandbox"); an administrator may want to know.
  if (given.switches.has('no-sandbox')) log('sandbox.off', {});
  const opened = collectOpenedPaths(leaving.begun, log);
  await app.whenReady();
  quitOnSignals();
  const settings = openSettings(home);
  const language = personsLanguage(settings);
  if (refused.length > 0) log('start.refused', { names: refused.join(' ') });

  const keyset = trustedKeyset();
  const opening = !keyset.ok ? keyset : await openHome({
    home,
    authority: chooseAuthority({ env: process.env, packaged: app.isPackaged, platform: process.platform, built: app.isPackaged ? build.authority : null }),
    trust: { keyset: keyset.value, packaged: app.isPackaged },
    app: `Latchkey ${app.getVersion()}`,
    vault: createSecretFiles(home, { ...(await openKeychain(log)), lasts: !inPassing }),
    fetch: await openAuthorityNetwork(`Latchkey/${app.getVersion()}`),
    log,
    fromMemory: true,
  });
  if (!opening.ok) return giveUp(opening, language.words, log);
  const licensing = await createLicensing(opening.value.ports);

  const run = markRun(join(home, 'running.json'), secondsNow(), bootOf(process.platform, secondsNow()));
  if (run.lastEnd !== 'properly') log('ended.before', { how: run.lastEnd, begun: run.begun });

  const desktop = openDesktop({
    licensing, home, program: import.meta.dirname, build, language, settings, log, logFile, opened, hidden: startsHidden(), leaving, defects, endedUnexpectedly: run.lastEnd === 'unexpectedly',
  });
  const closeHome = (): void => {
    opening.value.close();
    run.remove();
  };
  leaving.listen({ closeDesktop: desktop.close, stop: licensing.stop, closeHome });

  // Closing the window leaves the app in the tray (docs/adr/0008), so there is nothing to do when the last one is gone.
  app.on('window-all-closed', () => undefined);
  await licensing.start();
};

// SECURITY: checklist 4, "Enable process sandboxing": every renderer, also one that we never meant to open.
app.enableSandbox();
const refused = app.isPackaged ? refuseSwitches() : [];
app.setAppUserModelId(appId);
registerAppScheme();

const begin = (): void => {
  const profile = prepareProfile(home);
  if (profile.ok) {
    // Two homes are two machines, each with a running app of its own; Electron's lock is by this folder.
    app.setPath('userData', profile.value.userData);
    app.setPath('sessionData', profile.value.sessionData);
    if (profile.value.userData === home) keepCrashReports(join(home, 'crashes'), secondsNow());
  }
  // The lock also hands this start's arguments to the app that runs (electron/docs/api/app.md, "app.requestSingleInstanceLock").
  if (profile.ok && !app.requestSingleInstanceLock()) return app.quit();
  if (wish === 'quit') return app.exit(0);

  const log = createLog(logFile, secondsNow, !app.isPackaged);
  const leaving = watchLeaving(log);
  const defects = watchDefects({
    log,
    words: () => personsLanguage(openSettings(home)).words,
    showLog: () => shell.showItemInFolder(logFile),
    restart: () => createStartAgain()(switchesAgain(given)),
    leave: leaving.quit,
  });
  const begun = profile.ok ? start(log, defects, leaving, profile.value.userData !== home) : app.whenReady().then(() => giveUp(profile, personsLanguage(openSettings(home)).words, log));
  begun.catch((error: unknown) => defects.end('start.defect', error));
};

if (wish === 'help') {
  printHelp(app.getVersion());
  app.exit(0);
} else if (wish === 'quit' && !existsSync(home)) {
  app.exit(0);
} else {
  begin();
}
