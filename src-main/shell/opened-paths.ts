import { app } from 'electron';
import { documentsIn, readArguments } from './arguments.ts';
import { argumentsAgain, createStartAgain } from './start-again.ts';
import { wishOf } from './start-wish.ts';

export type OpenedPaths = {
  /** `open` gets each document named since the start, the earliest first; `again` hears of a second start without one, and of a click on macOS's dock. */
  readonly listen: (open: (path: string) => void, again: () => void) => void;
};

/**
 * Documents that the desktop or the command line opens with the app: the arguments of this start, of later starts (which
 * end at once), and macOS's own event. Called before the app is ready, because the event may come before. What comes while
 * the app is on its way out is for the start after it.
 */
export const collectOpenedPaths = (leaving: () => boolean): OpenedPaths => {
  const startAgain = createStartAgain();
  const waiting: string[] = [];
  let listener: { readonly open: (path: string) => void; readonly again: () => void } | null = null;
  const take = (paths: readonly string[]): void => {
    if (listener === null) waiting.push(...paths);
    else if (paths.length === 0) listener.again();
    else for (const path of paths) listener.open(path);
  };
  app.on('open-file', (event, path) => {
    event.preventDefault();
    if (leaving()) startAgain([path]);
    else take([path]);
  });
  app.on('activate', () => {
    if (leaving()) startAgain([]);
    else take([]);
  });
  app.on('second-instance', (_event, argv, cwd) => {
    const start = readArguments(argv);
    const wish = wishOf(start);
    const documents = documentsIn(start, cwd);
    if (wish === 'quit') app.quit();
    else if (leaving()) startAgain(argumentsAgain(start, cwd));
    // Started hidden, as at login, it has nothing to add to the app that runs.
    else if (wish === 'show' || documents.length > 0) take(documents);
  });
  take(documentsIn(readArguments(process.argv), process.cwd()));
  return {
    listen(open, again) {
      listener = { open, again };
      for (const path of waiting.splice(0)) open(path);
    },
  };
};
