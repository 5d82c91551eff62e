import { EventEmitter } from 'node:events';
import type { Clipboard, MessageBoxOptions, MessageBoxReturnValue, SaveDialogOptions, Shell } from 'electron';
import { lifecycle } from './lifecycle.ts';

/** What the app asked of the desktop. Nothing of it is carried out: a stand-in opens no program and no dialog. */
export type Asked = { readonly what: 'openExternal' | 'openPath' | 'showItemInFolder' | 'messageBox' | 'errorBox' | 'openDialog' | 'saveDialog'; readonly detail: unknown; readonly answer?: unknown };

const asked: Asked[] = [];
const answers: { readonly button: number; readonly checked: boolean | undefined }[] = [];
export const getAsked = (): readonly Asked[] => asked;

/** Chooses the button of the next message box, and sets its checkbox. */
export const answerNextMessageBox = (button: number, checked?: boolean): void => { answers.push({ button, checked }); };

function ask<T>(what: Asked['what'], detail: unknown, answer: T): T {
  asked.push({ what, detail, ...(answer === undefined ? {} : { answer }) });
  return answer;
}

export const recordSaveDialog = (options: SaveDialogOptions): void => { ask('saveDialog', options, undefined); };

export const shell = {
  openExternal: (url) => { ask('openExternal', url, undefined); return Promise.resolve(); },
  openPath: (path) => { ask('openPath', path, undefined); return Promise.resolve(''); },
  showItemInFolder: (path) => { ask('showItemInFolder', path, undefined); },
} satisfies Pick<Shell, 'openExternal' | 'openPath' | 'showItemInFolder'>;

function answerBox(options: MessageBoxOptions): MessageBoxReturnValue {
  const labelled = (options.buttons ?? []).findIndex((label) => /^(cancel|no)$/i.test(label));
  const given = answers.shift();
  const response = given?.button ?? options.cancelId ?? Math.max(labelled, 0);
  const { type, title, message, detail, buttons, checkboxLabel } = options;
  const answer = ask('messageBox', { type, title, message, detail, buttons, checkboxLabel }, { response, checkboxChecked: given?.checked ?? options.checkboxChecked ?? false });
  console.error(`electron-preview: message box "${message}" answered with button ${response}`);
  return answer;
}

// Each of these may come with the parent window first.
const optionsOf = <T>(args: readonly unknown[]): T => args.at(-1) as T;

/** electron/lib/browser/api/dialog.ts: thrown at once, not a rejection. The error box alone may come before. */
function whenReady<T>(answer: () => T): Promise<T> {
  if (!lifecycle.isReady()) throw new Error('dialog module can only be used after app is ready');
  return Promise.resolve(answer());
}

export const dialog = {
  showMessageBox: (...args: readonly unknown[]) => whenReady(() => answerBox(optionsOf(args))),
  showOpenDialog: (...args: readonly unknown[]) => whenReady(() => ask('openDialog', optionsOf(args), { canceled: true, filePaths: [] })),
  showSaveDialog: (...args: readonly unknown[]) => whenReady(() => ask('saveDialog', optionsOf(args), { canceled: true, filePath: '' })),
  showErrorBox: (title: string, content: string) => {
    ask('errorBox', { title, content }, undefined);
    console.error(`electron-preview: error box "${title}": ${content}`);
  },
};

let copied = '';
export const clipboard = {
  writeText: (text) => { copied = text; },
  readText: () => copied,
} satisfies { [Name in 'writeText' | 'readText']: (...args: Parameters<Clipboard[Name]>) => unknown };

/** Suspend and resume come from the control channel. */
export const powerMonitor = new EventEmitter();
