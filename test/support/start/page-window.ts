import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findChromium } from '../electron-preview/chromium.ts';

/** The stand-in's page as a window of its own, without a browser's tabs and address, where a Linux desktop and a Chromium are there. */

export type PageWindow = { readonly child: ChildProcess; /** Whether the person closed it, or it could not be opened. */ readonly ended: Promise<'closed' | 'failed'> };

/** The browser for it; null where there is none, no display, or `LATCHKEY_WINDOW=none` wants an address only. */
export const windowBrowser = (platform: NodeJS.Platform, env: NodeJS.ProcessEnv, find: () => string | null = findChromium): string | null =>
  platform === 'linux' && Boolean(env['DISPLAY'] || env['WAYLAND_DISPLAY']) && env['LATCHKEY_WINDOW'] !== 'none' ? find() : null;

/** A profile of its own that nothing is kept in; a browser that the page alone talks to. Chromium's sandbox does not run as root. */
export const windowArguments = (url: string, profile: string, isRoot: boolean): readonly string[] => [
  `--app=${url}`, `--user-data-dir=${profile}`, '--class=latchkey', '--window-size=1120,760', '--ozone-platform-hint=auto',
  '--no-first-run', '--no-default-browser-check', '--password-store=basic', '--disable-extensions', '--disable-default-apps',
  '--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-domain-reliability', '--no-pings', '--disable-features=Translate,MediaRouter,OptimizationHints',
  ...(isRoot ? ['--no-sandbox', '--test-type'] : []),
];

export function openPageWindow(browser: string, url: string): PageWindow {
  const profile = mkdtempSync(join(tmpdir(), 'latchkey-window-'));
  const forget = (): void => rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  // Also when this process ends first: the browser is stopped then, and its profile goes along.
  process.once('exit', forget);
  const child = spawn(browser, windowArguments(url, profile, process.getuid?.() === 0), { stdio: 'ignore' });
  const ended = new Promise<'closed' | 'failed'>((done) => {
    child.once('error', () => done('failed'));
    child.once('exit', (code) => done(code === 0 ? 'closed' : 'failed'));
  });
  void ended.then(() => {
    process.off('exit', forget);
    forget();
  });
  return { child, ended };
}
