import { statfsSync } from 'node:fs';
import { basename, dirname, extname } from 'node:path';
import type { DownloadItem, SaveDialogOptions, Session } from 'electron';
import { documentExtensions } from '../../src-shared/inspection.ts';
import type { IpcPushes } from '../../src-shared/ipc.ts';
import { appOrigin } from './app-address.ts';
import type { Words } from './messages.ts';

export type DownloadDoors = {
  readonly words: () => Words;
  readonly push: (value: IpcPushes['download']) => void;
  readonly showInFolder: (path: string) => void;
};

/** So many are remembered for "Show in folder". */
const MOST = 50;

/**
 * The files that the page offers: the dialog names what is saved, and the page hears how it ended, with where. Null answers of
 * `show` are files that this run did not save.
 */
export const serveDownloads = (session: Session, doors: DownloadDoors): { readonly show: (id: string) => boolean } => {
  const saved = new Map<string, string>();
  session.on('will-download', (event, item) => {
    const id = idOf(item.getURL());
    if (event.defaultPrevented || id === null) return;
    item.setSaveDialogOptions(saveDialog(item.getFilename(), doors.words()));
    follow(item, (path) => {
      saved.set(id, path);
      for (const oldest of [...saved.keys()].slice(0, -MOST)) saved.delete(oldest);
      doors.push({ id, end: 'saved', file: basename(path), folder: dirname(path) });
    }, (end) => doors.push({ id, ...end }));
  });
  return {
    // SECURITY: the page names a file that it saved in this run, never a path.
    show: (id) => {
      const path = saved.get(id);
      if (path !== undefined) doors.showInFolder(path);
      return path !== undefined;
    },
  };
};

/** A file that the page made is an address of our own origin with a UUID. */
const idOf = (url: string): string | null => {
  const start = `blob:${appOrigin}/`;
  return url.startsWith(start) ? url.slice(start.length) : null;
};

type NotSaved = { readonly end: 'cancelled' } | { readonly end: 'failed'; readonly why: 'full' | 'other' };

/**
 * One that is interrupted and could be resumed never ends by itself (electron/docs/api/download-item.md, "Event: 'updated'"): the page
 * still has the file, so it is given up and offered again.
 */
const follow = (item: DownloadItem, onSaved: (path: string) => void, onNotSaved: (end: NotSaved) => void): void => {
  let interrupted = false;
  item.on('updated', (_event, state) => {
    if (state !== 'interrupted') return;
    interrupted = true;
    item.cancel();
  });
  item.once('done', (_event, state) => {
    const path = item.getSavePath();
    if (state === 'completed') onSaved(path);
    else if (state === 'interrupted' || interrupted) onNotSaved({ end: 'failed', why: isFull(path) ? 'full' : 'other' });
    else onNotSaved({ end: 'cancelled' });
  });
};

/** Electron says no reason. What we save is at most some megabytes. */
const isFull = (path: string): boolean => {
  try {
    const { bavail, bsize } = statfsSync(dirname(path));
    return bavail * bsize < 1024 * 1024;
  } catch {
    return false;
  }
};

const kinds = [...documentExtensions, 'csv', 'json', 'txt', 'pdf'] as const;
const isKind = (extension: string): extension is (typeof kinds)[number] => (kinds as readonly string[]).includes(extension);

/**
 * Title and kinds; without them the dialog says the file's `blob:` address. Folder and name stay Electron's own: the place of the last
 * file, and the name that the page gave (electron/shell/browser/electron_download_manager_delegate.cc).
 */
export const saveDialog = (file: string, { say }: Words): SaveDialogOptions => {
  const extension = extname(file).slice(1).toLowerCase();
  const kind = isKind(extension) ? say(`save.kind.${extension}`) : extension.toUpperCase();
  const filters = extension === '' ? [] : [{ name: kind, extensions: [extension] }];
  const title = say('save.title', { file });
  return {
    title,
    // macOS shows no title there.
    message: title,
    filters: [...filters, { name: say('save.kind.all'), extensions: ['*'] }],
    // Linux asks before it replaces a file only where it is told to (electron/docs/api/dialog.md, "dialog.showSaveDialog").
    properties: ['showOverwriteConfirmation', 'createDirectory'],
  };
};
