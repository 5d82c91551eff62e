import { dialog } from './desktop.ts';
import { lifecycle } from './lifecycle.ts';

/** The title of the box that Electron shows for a fault that no listener of the app's own takes. */
export const faultTitle = 'A JavaScript error occurred in the main process';

/**
 * Faults of the main script do not end the app. electron/lib/browser/init.ts: an uncaught one is shown in a box, unless the
 * app listens itself; `process.exit` is `app.exit`, which returns. shell/browser/electron_browser_main_parts.cc: an unhandled
 * rejection is a warning ("warn-with-error-code").
 */
export function takeFaults(): void {
  process.on('uncaughtException', (error) => {
    if (process.listenerCount('uncaughtException') > 1) return;
    dialog.showErrorBox(faultTitle, `Uncaught Exception:\n${error instanceof Error ? (error.stack ?? `${error.name}: ${error.message}`) : String(error)}`);
  });
  process.on('unhandledRejection', (reason) => {
    if (process.listenerCount('unhandledRejection') > 1) return;
    process.emitWarning(reason instanceof Error ? (reason.stack ?? reason.message) : String(reason), 'UnhandledPromiseRejectionWarning');
    process.exitCode = 1;
  });
  process.exit = ((code?: number | string | null) => {
    if (code !== undefined) process.exitCode = code;
    lifecycle.exit(Number(process.exitCode ?? 0));
  }) as typeof process.exit;
}
