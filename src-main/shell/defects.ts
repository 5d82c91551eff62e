import { app, dialog } from 'electron';
import { errorTable } from '../../src-shared/errors.ts';
import type { Log } from './log.ts';
import type { Words } from './messages.ts';
import { defectText } from './scrub.ts';

export type DefectDoors = {
  readonly log: Log;
  /** After the app is ready. */
  readonly words: () => Words;
  readonly showLog: () => void;
  /** Lets the app start again once it has ended. */
  readonly restart: () => void;
  /** Ends the app in order with this status. */
  readonly leave: (status: number) => void;
};

export type Defects = {
  /** Writes a defect to the log; the app goes on. */
  readonly note: (kind: string, error: unknown) => void;
  /** Writes it to the log, tells the person, and ends the app. */
  readonly end: (kind: string, error: unknown) => void;
};

/** A defect in something that repeats itself would be told without end. */
const most = 50;
/** The orderly end has five seconds of its own (main.ts). */
const LAST_MS = 10_000;

/**
 * Which defects of main end the app (docs/adr/0033). An exception that nobody caught: what it left half done is unknown, so the
 * person is told and the app ends, in order, by itself at last. Without a listener Electron shows a box in English and goes on
 * half dead (electron/lib/browser/init.ts). A promise that nobody awaited has failed as a whole, and is only noted; so is a helper
 * process of the browser that is gone, which Chromium starts again.
 */
export const watchDefects = ({ log, words, showLog, restart, leave }: DefectDoors): Defects => {
  const status = errorTable.INTERNAL.exit;
  let isEnding = false;
  // Counted each by itself: what ends the app is said also after weeks of small ones.
  let [noted, ended] = [0, 0];
  const note: Defects['note'] = (kind, error) => {
    noted += 1;
    if (noted <= most) log(kind, { error: defectText(error) });
  };
  const leaveInTime = (): void => {
    setTimeout(() => app.exit(status), LAST_MS);
    leave(status);
  };
  const tell = async (): Promise<void> => {
    await app.whenReady();
    const { say } = words();
    const box = { type: 'error', title: say('app.name'), message: say('defect.title'), detail: say('defect.text'), buttons: [say('defect.restart'), say('defect.log'), say('defect.quit')], defaultId: 0, cancelId: 2, noLink: true } as const;
    const ask = async (): Promise<number> => (await dialog.showMessageBox({ ...box, buttons: [...box.buttons] })).response;
    let answer = await ask();
    while (answer === 1) {
      showLog();
      answer = await ask();
    }
    if (answer === 0) restart();
    leaveInTime();
  };
  const end: Defects['end'] = (kind, error) => {
    ended += 1;
    if (ended > most) return app.exit(status);
    log(kind, { error: defectText(error) });
    if (isEnding) return;
    isEnding = true;
    tell().catch((failed: unknown) => {
      note('defect.untold', failed);
      leaveInTime();
    });
  };

  process.on('unhandledRejection', (error) => note('defect.rejection', error));
  process.on('uncaughtException', (error) => end('defect.exception', error));
  // A terminal that was closed is no defect: what is written there goes nowhere.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  app.on('child-process-gone', (_event, { type, reason, exitCode }) => {
    if (reason !== 'clean-exit') log('process.gone', { type, reason, exitCode });
  });
  return { note, end };
};
