import { EventEmitter } from 'node:events';
import { basename, join } from 'node:path';
import type { DownloadItem, SaveDialogOptions } from 'electron';
import { createEvent } from './event.ts';
import { recordSaveDialog } from './desktop.ts';

/**
 * How a save dialog, and the download after it, end. `open`: the dialog stays, until `finishSaveDialog`. `resumable`: it is
 * interrupted and could go on, which Electron tells by `updated` and never by `done`.
 */
export type SaveAnswer = { readonly end: 'completed' | 'cancelled' | 'interrupted' | 'resumable' | 'open'; readonly path?: string };

type Methods = Pick<DownloadItem, 'getURL' | 'getFilename' | 'getState' | 'cancel' | 'setSavePath' | 'getSavePath' | 'setSaveDialogOptions' | 'getSaveDialogOptions' | 'getTotalBytes' | 'getReceivedBytes'>;

const answers: SaveAnswer[] = [];
const open: ((answer: SaveAnswer) => void)[] = [];

/** For the next dialogs, one each; without one the person takes what is proposed. */
export const answerNextSaveDialog = (answer: SaveAnswer): void => { answers.push(answer); };
export const finishSaveDialog = (answer: SaveAnswer): void => {
  const finish = open.shift();
  if (finish === undefined) throw new Error('No save dialog is open');
  finish(answer);
};

/**
 * A download as `will-download` gets it. The browser saves the file where it will, and only when the answer lets it; the path is what
 * was answered. `begin` follows once the app has had its say: the dialog with its options (shell/browser/electron_download_manager_delegate.cc),
 * then `updated` and `done`.
 */
export function createDownload(url: string, filename: string, downloads: string) {
  let state: ReturnType<DownloadItem['getState']> = 'progressing';
  let savePath = '';
  let options: SaveDialogOptions = {};
  let isDone = false;
  const methods: Methods = {
    getURL: () => url,
    getFilename: () => basename(filename),
    getState: () => state,
    cancel: () => done('cancelled'),
    setSavePath: (path) => { savePath = path; },
    getSavePath: () => savePath,
    setSaveDialogOptions: (given) => { options = given; },
    getSaveDialogOptions: () => options,
    // A page's own file comes as it is, but the stand-in never sees it.
    getTotalBytes: () => 0,
    getReceivedBytes: () => 0,
  };
  const item = Object.assign(new EventEmitter(), methods);
  const emit = (name: 'updated' | 'done', told: string): void => { item.emit(name, createEvent(), told); };
  function done(end: 'completed' | 'cancelled' | 'interrupted'): void {
    if (isDone) return;
    isDone = true;
    state = end;
    emit('done', end);
  }
  function end(answer: SaveAnswer): void {
    if (answer.end === 'open') { open.push(end); return; }
    if (answer.end !== 'cancelled' && savePath === '') savePath = answer.path ?? join(downloads, filename);
    if (answer.end === 'resumable') {
      state = 'interrupted';
      emit('updated', 'interrupted');
    } else done(answer.end);
  }
  return {
    item,
    /** Whether the browser may save it. */
    begin(): boolean {
      if (isDone) return false;
      const answer = answers.shift() ?? { end: 'completed' };
      if (savePath === '') recordSaveDialog({ title: url, defaultPath: join(downloads, filename), ...options });
      setImmediate(() => end(answer));
      return answer.end === 'completed' || answer.end === 'open';
    },
  };
}
