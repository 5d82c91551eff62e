import { app, type RelaunchOptions } from 'electron';
import { addressesIn, documentsIn, type StartArguments } from './arguments.ts';

/** What Chromium adds by itself to a start that it hands over. */
const added: ReadonlySet<string> = new Set(['allow-file-access-from-files', 'enable-avfoundation', 'original-process-start-time']);

/**
 * The arguments of a start that came while the app was on its way out, for the start after it: from another folder, so files are
 * absolute, and an address last (electron/shell/app/command_line_args.cc refuses what follows one on Windows).
 */
export const argumentsAgain = (start: StartArguments, cwd: string, platform: NodeJS.Platform = process.platform): readonly string[] => [
  ...switchesOf(start, added),
  ...documentsIn(start, cwd, platform),
  ...addressesIn(start).slice(-1),
];

const switchesOf = ({ switches }: StartArguments, without: ReadonlySet<string>): readonly string[] =>
  [...switches].filter(([name]) => !without.has(name)).map(([name, value]) => (value === '' ? `--${name}` : `--${name}=${value}`));

/** The same start once more for a person who asked for it: in sight, and without a document, which may be what went wrong. */
export const switchesAgain = (start: StartArguments): readonly string[] => switchesOf(start, new Set([...added, 'hidden']));

export type ProgramFacts = { readonly packaged: boolean; readonly main: string; readonly platform: NodeJS.Platform; readonly env: Readonly<Record<string, string | undefined>> };

/** An AppImage's program is in a place that goes away with it: the image itself is what starts (AppImage documentation, "Environment variables"). */
export const relaunchOptions = (args: readonly string[], { packaged, main, platform, env }: ProgramFacts): RelaunchOptions => {
  const image = packaged && platform === 'linux' ? env['APPIMAGE'] : undefined;
  return { args: packaged ? [...args] : [main, ...args], ...(image ? { execPath: image } : {}) };
};

/**
 * Starts the app once more when this one has ended. The second process cannot wait for that: Electron's lock answers it until
 * the very end of the first, and it quits (electron/shell/browser/api/electron_api_app.cc, `NotificationCallbackWrapper`). Each call
 * is one start (electron/docs/api/app.md, "app.relaunch"); of those without arguments one is enough.
 */
export const createStartAgain = (): ((args: readonly string[]) => void) => {
  let begun = false;
  return (args) => {
    if (begun && args.length === 0) return;
    begun = true;
    app.relaunch(relaunchOptions(args, { packaged: app.isPackaged, main: process.argv[1] ?? app.getAppPath(), platform: process.platform, env: process.env }));
  };
};
