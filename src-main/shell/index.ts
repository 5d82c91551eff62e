/** What main.ts wires: everything of Electron, around a licensing that it is given. */
export { registerAppScheme } from './app-protocol.ts';
export { readArguments } from './arguments.ts';
export { build } from './build.ts';
export { chooseAuthority } from './deployment.ts';
export { openDesktop } from './desktop.ts';
export { settleHome } from './earlier-home.ts';
export { openKeychain } from './keychain.ts';
export { quitOnSignals, watchLeaving } from './leaving.ts';
export { createLog, type Log } from './log.ts';
export { openLanguage, type PersonsLanguage } from './language.ts';
export type { Words } from './messages.ts';
export { collectOpenedPaths } from './opened-paths.ts';
export { prepareProfile } from './profile.ts';
export { createSecretFiles } from './secret-files.ts';
export { openSettings, type SettingsFile } from './settings-file.ts';
export { startFailureText } from './start-failure.ts';
export { printHelp, wishOf } from './start-wish.ts';
