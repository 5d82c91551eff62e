import { mkdirSync } from 'node:fs';
import type { CrashReporterStartOptions } from 'electron';
import { app } from './app.ts';

let started: CrashReporterStartOptions | null = null;

/** Nothing crashes here natively, so no minidump is ever written; what was started is kept for the control channel. */
export const crashReporter = {
  start(options: CrashReporterStartOptions): void {
    // As electron/lib/browser/api/crash-reporter.ts.
    if (options.uploadToServer !== false && !options.submitURL) throw new Error('submitURL must be specified when uploadToServer is true');
    mkdirSync(app.getPath('crashDumps'), { recursive: true });
    started = options;
  },
  getUploadToServer: (): boolean => started?.uploadToServer ?? false,
};

export const getCrashReporting = () => ({ started, folder: app.getPath('crashDumps') });
