import { posix } from 'node:path';

/** The line by which a file is known to be ours: no other is read, changed or removed. */
const mark = 'X-Latchkey=start-at-login';

/** Where the desktop looks for what it starts at login (Desktop Application Autostart Specification). A relative XDG_CONFIG_HOME does not count (XDG Base Directory Specification). */
export const autostartFile = (env: NodeJS.ProcessEnv, userHome: string): string => {
  const config = env['XDG_CONFIG_HOME'] ?? '';
  return posix.join(posix.isAbsolute(config) ? config : posix.join(userHome, '.config'), 'autostart', 'latchkey-at-login.desktop');
};

/**
 * The program that starts the app: of an AppImage the image itself, because what runs is in a folder that is there only while it
 * does. APPIMAGE and APPDIR are inherited by whatever an AppImage starts, so they count only where they speak of this program.
 */
export const programOf = (env: NodeJS.ProcessEnv, execPath: string): string => {
  const { APPIMAGE: image = '', APPDIR: folder = '' } = env;
  return posix.isAbsolute(image) && posix.isAbsolute(folder) && execPath.startsWith(`${posix.normalize(folder).replace(/\/$/, '')}/`) ? image : execPath;
};

export const autostartEntry = (program: string): string => `[Desktop Entry]
Type=Application
Name=Latchkey
Comment=Renews licenses in the background
Comment[de]=Verlängert Lizenzen im Hintergrund
Exec=${execLine(program)}
TryExec=${stringValue(program)}
Terminal=false
X-GNOME-Autostart-enabled=true
${mark}
`;

export type AutostartEntry = {
  /** False where the desktop's own settings have turned it off, by either of the keys that are in use. */
  readonly enabled: boolean;
  /** Whether it starts this program. */
  readonly isFor: (program: string) => boolean;
};

/** Null for a file that is not ours. */
export const readAutostartEntry = (text: string): AutostartEntry | null => {
  const lines = text.split('\n').map((line) => line.trim());
  if (!lines.includes(mark)) return null;
  const value = (key: string): string | undefined => lines.findLast((line) => line.startsWith(`${key}=`))?.slice(key.length + 1);
  return {
    enabled: value('Hidden')?.toLowerCase() !== 'true' && value('X-GNOME-Autostart-enabled')?.toLowerCase() !== 'false',
    isFor: (program) => value('Exec') === execLine(program),
  };
};

/**
 * Quoted twice, as the Desktop Entry Specification says ("The Exec key"): the argument for Exec, then the whole for a value of type
 * string. A percent sign is doubled, or it would be a field code. A program whose path has `=` may not be named first, and one with a
 * percent sign GLib does not find there (gio/gdesktopappinfo.c looks for it undecoded), so the shell starts these.
 */
const execLine = (program: string): string => {
  const words = /[=%]/.test(program) ? ['/bin/sh', '-c', 'exec "$0" "$@"', program, '--hidden'] : [program, '--hidden'];
  return stringValue(words.map(quoted).join(' '));
};

const quoted = (argument: string): string =>
  /^[\w@:./+,-]+$/.test(argument) ? argument : `"${argument.replaceAll(/["`$\\]/g, String.raw`\$&`).replaceAll('%', '%%')}"`;

const stringValue = (text: string): string =>
  text.replaceAll('\\', String.raw`\\`).replaceAll('\n', String.raw`\n`).replaceAll('\r', String.raw`\r`).replaceAll('\t', String.raw`\t`).replace(/^ /, String.raw`\s`);
