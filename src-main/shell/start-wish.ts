import { writeSync } from 'node:fs';
import type { StartArguments } from './arguments.ts';

/** What a start is for, beside the documents and addresses that it names. */
export type StartWish = 'show' | 'hide' | 'quit' | 'help';

/** Of several, the one that does least. */
export const wishOf = ({ switches }: StartArguments): StartWish =>
  switches.has('help') || switches.has('h') ? 'help' : switches.has('quit') ? 'quit' : switches.has('hidden') ? 'hide' : 'show';

/**
 * What `--help` prints. Electron itself takes no such switch in a packaged app, only its default app does
 * (electron/default_app/main.ts); on Windows a program with windows has no console, so it can be read there through a pipe only.
 */
export const helpText = (version: string): string => `Latchkey ${version}

usage: latchkey [FILE ...] [ADDRESS] [SWITCH]

  FILE       a document (.lklic, .lkrcp, .lkkeys, ...): shown on Offline exchange
  ADDRESS    latchkey://picker, latchkey://exchange or latchkey://invitation/CODE: shows that page
  --hidden   starts in the tray, with no window; does nothing where Latchkey runs already
  --quit     asks the running Latchkey to quit, and ends; also where none runs
  --help     shows this

Latchkey runs once for each profile (LATCHKEY_HOME): a later start hands over what it was given, and ends.
`;

/** At once, because the app ends right after; where nobody reads it there is nobody to tell. */
export const printHelp = (version: string): void => {
  try {
    writeSync(1, helpText(version));
  } catch {
    // A closed pipe, or Windows without a console.
  }
};
