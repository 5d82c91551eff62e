import { spawnSync } from 'node:child_process';
import { findChromium } from './electron-preview/chromium.ts';

/**
 * Makes sure that there is a browser for the tests: one on the PATH, or Debian's, installed as root.
 * Returns what is missing, in one line, or null.
 */
export const ensureBrowser = (): string | null => {
  if (findChromium() !== null) return null;
  const isRoot = process.getuid?.() === 0;
  const hasApt = spawnSync('apt-get', ['--version'], { stdio: 'ignore' }).status === 0;
  if (!isRoot || !hasApt) return 'A Chromium or Chrome on the PATH is missing (on Debian, as root: apt-get install chromium).';
  const install = (...args: string[]): boolean =>
    spawnSync('apt-get', args, { stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } }).status === 0;
  if (!install('-q', 'update') || !install('-q', '-y', '--no-install-recommends', 'install', 'chromium', 'fonts-liberation')) {
    return 'Installing the browser failed: apt-get install chromium must work, or a Chromium or Chrome be on the PATH.';
  }
  return findChromium() === null ? 'chromium was installed, but is not on the PATH.' : null;
};
