import { app } from 'electron';
import { documentInArguments } from './opened-file.ts';

export type OpenedPaths = {
  /** `open` gets each document named since the start, the earliest first; `again` hears of a second start without one. */
  readonly listen: (open: (path: string) => void, again: () => void) => void;
};

/**
 * Documents that the desktop or the command line opens with the app: the arguments of this start, of later starts (which
 * end at once), and macOS's own event. Called before the app is ready, because the event may come before.
 */
export const collectOpenedPaths = (): OpenedPaths => {
  const waiting: string[] = [];
  let listener: { readonly open: (path: string) => void; readonly again: () => void } | null = null;
  const take = (path: string | null): void => {
    if (path === null) listener?.again();
    else if (listener === null) waiting.push(path);
    else listener.open(path);
  };
  app.on('open-file', (event, path) => {
    event.preventDefault();
    take(path);
  });
  app.on('second-instance', (_event, argv, cwd) => take(documentInArguments(argv, cwd)));
  const first = documentInArguments(process.argv, process.cwd());
  if (first !== null) take(first);
  return {
    listen(open, again) {
      listener = { open, again };
      for (const path of waiting.splice(0)) open(path);
    },
  };
};
