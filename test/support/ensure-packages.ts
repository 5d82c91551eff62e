import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { findChromium } from './electron-preview/chromium.ts';
import { isProxyThere } from './proxies.ts';

/** What the tests need of the computer: how it is known to be there, and what Debian calls it. */
export type Need = {
  readonly what: string;
  readonly packages: readonly string[];
  readonly isThere: () => boolean;
};

/** The library that gives a process a clock of its own; the variant for programs with threads, as Node is. */
export const fakeTimeLibrary = (): string | null => {
  const folder = `/usr/lib/${{ x64: 'x86_64', arm64: 'aarch64' }[process.arch as string] ?? process.arch}-linux-gnu/faketime`;
  const places = [folder, '/usr/lib/faketime', '/usr/local/lib/faketime'];
  return places.map((place) => `${place}/libfaketimeMT.so.1`).find((path) => existsSync(path)) ?? null;
};

export const needs: readonly Need[] = [
  { what: 'A Chromium or Chrome on the PATH', packages: ['chromium', 'fonts-liberation'], isThere: () => findChromium() !== null },
  // Only Linux has it in this form; the tests with real processes and other clocks run there.
  ...(process.platform === 'linux' ? [
    { what: 'libfaketime', packages: ['libfaketime'], isThere: () => fakeTimeLibrary() !== null },
    // Fails calls to the disk below every library (test/crash/io-errors.test.ts).
    { what: 'strace', packages: ['strace'], isThere: () => spawnSync('strace', ['--version'], { stdio: 'ignore' }).status === 0 },
  ] : []),
];

/** Without these the tests pass too, and say what they skipped. */
export const wishes: readonly Need[] = [
  // The portal behind a proxy that speaks https (test/flow/behind-a-proxy.test.ts).
  { what: 'nginx and openssl', packages: ['nginx-light', 'openssl'], isThere: () => isProxyThere('nginx') },
];

const hasLists = (): boolean => existsSync('/var/lib/apt/lists') && readdirSync('/var/lib/apt/lists').some((name) => name.endsWith('_Packages') || name.includes('_Packages.'));

/**
 * Makes sure that what the tests need is there: it is, or it is installed from Debian as root, all of it at once.
 * Returns what is missing, in one line, or null.
 */
export const ensurePackages = (wanted: readonly Need[] = needs): string | null => {
  const missing = wanted.filter(({ isThere }) => !isThere());
  if (missing.length === 0) return null;
  const packages = missing.flatMap((need) => need.packages);
  const named = missing.map(({ what }) => what).join(', ');
  const isRoot = process.getuid?.() === 0;
  const hasApt = spawnSync('apt-get', ['--version'], { stdio: 'ignore' }).status === 0;
  if (!isRoot || !hasApt) return `Missing: ${named} (on Debian, as root: apt-get install ${packages.join(' ')}).`;
  const apt = (...args: readonly string[]): boolean =>
    spawnSync('apt-get', args, { stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } }).status === 0;
  const install = (): boolean => apt('-q', '-y', '--no-install-recommends', 'install', ...packages);
  // The lists of an image may be there and old: then the second try is with new ones.
  const installed = (hasLists() && install()) || (apt('-q', 'update') && install());
  if (!installed) return `Installing failed: apt-get install ${packages.join(' ')} must work. Missing: ${named}.`;
  const still = missing.filter(({ isThere }) => !isThere());
  return still.length === 0 ? null : `Installed, but still not found: ${still.map(({ what }) => what).join(', ')}.`;
};
