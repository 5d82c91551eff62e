import { app } from 'electron';
import { documentsIn, readArguments, type StartArguments } from './arguments.ts';
import { addressScheme, forLog, isOurAddress, readAddress, registersScheme, type AddressedPage } from './latchkey-address.ts';
import type { Log } from './log.ts';
import { argumentsAgain, createStartAgain } from './start-again.ts';
import { wishOf } from './start-wish.ts';

/** What the desktop or the command line opens with the app: a document, or one of our addresses. */
export type Opened = { readonly document: string } | { readonly page: AddressedPage };

export type OpenedPaths = {
  /**
   * `open` gets each thing named since the start, the earliest first; `again` hears of a second start without one, and of a click on
   * macOS's dock. Gives whether such a start came before: an app that begins in the tray has to show itself then.
   */
  readonly listen: (open: (opened: Opened) => void, again: () => void) => boolean;
};

/**
 * What is opened with the app: by the arguments of this start, of later starts (which end at once), and by macOS's own events.
 * Called before the app is ready, because the events may come before (electron/docs/api/app.md, "open-file" and "open-url").
 * What comes while the app is on its way out is for the start after it.
 */
export const collectOpenedPaths = (leaving: () => boolean, log: Log): OpenedPaths => {
  const startAgain = createStartAgain();
  const waiting: Opened[] = [];
  let isAsked = false;
  let listener: { readonly open: (opened: Opened) => void; readonly again: () => void } | null = null;
  const take = (opened: readonly Opened[]): void => {
    if (listener === null) waiting.push(...opened);
    else for (const one of opened) listener.open(one);
  };
  const pagesIn = (addresses: readonly string[]): readonly Opened[] => addresses.flatMap((address) => {
    const page = readAddress(address);
    if (page === null) log('address.refused', { address: forLog(address), length: address.length });
    return page === null ? [] : [{ page }];
  });
  const openedIn = (start: StartArguments, cwd: string): readonly Opened[] =>
    [...documentsIn(start, cwd).map((document) => ({ document })), ...pagesIn(start.others.filter(isOurAddress))];

  if (registersScheme(process.platform, app.isPackaged) && !app.isDefaultProtocolClient(addressScheme)) app.setAsDefaultProtocolClient(addressScheme);
  app.on('open-file', (event, path) => {
    event.preventDefault();
    if (leaving()) startAgain([path]);
    else take([{ document: path }]);
  });
  app.on('open-url', (event, address) => {
    event.preventDefault();
    const pages = pagesIn([address]);
    if (pages.length > 0 && leaving()) startAgain([address]);
    else take(pages);
  });
  app.on('activate', () => {
    if (leaving()) startAgain([]);
    else listener?.again();
  });
  app.on('second-instance', (_event, argv, cwd) => {
    const start = readArguments(argv);
    const wish = wishOf(start);
    const opened = openedIn(start, cwd);
    if (wish === 'quit') app.quit();
    // An address that is none of ours is as if it had not been opened.
    else if (opened.length === 0 && start.others.some(isOurAddress)) return;
    else if (leaving()) startAgain(argumentsAgain(start, cwd));
    else if (opened.length > 0) take(opened);
    // Started hidden, as at login, it has nothing to add to the app that runs.
    else if (wish === 'show' && listener === null) isAsked = true;
    else if (wish === 'show') listener?.again();
  });
  take(openedIn(readArguments(process.argv), process.cwd()));
  return {
    listen(open, again) {
      listener = { open, again };
      for (const opened of waiting.splice(0)) open(opened);
      return isAsked;
    },
  };
};
