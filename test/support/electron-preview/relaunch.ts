import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { RelaunchOptions } from 'electron';
import { lifecycle } from './lifecycle.ts';

/** `app.relaunch`: each call is one start after this process has ended. Only the stand-in itself is started, whatever `execPath` says. */
export function planRelaunch({ args = process.argv.slice(1) }: RelaunchOptions = {}): void {
  lifecycle.events.once('quit', () => {
    // Whoever started this one with a control channel starts the next one with the same.
    if (process.send !== undefined) process.send({ relaunch: args });
    else spawn(process.execPath, [fileURLToPath(new URL('./start.ts', import.meta.url)), ...args], { detached: true, stdio: 'inherit' }).unref();
  });
}
