import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Measure } from './checkout.ts';

const project = resolve(import.meta.dirname, '..');
const BUDGET = 250 * 1024;

const gzipped = (file: string): number => gzipSync(readFileSync(file)).length;

/**
 * Everything that a page loads before it shows: the scripts and styles its HTML names, and the words where they are German.
 * Lazily loaded pages come later.
 */
const firstLoad = (html: string): { readonly english: number; readonly german: number } => {
  const folder = dirname(html);
  const files = [...readFileSync(html, 'utf8').matchAll(/(?:src|href)="([^"]+\.(?:js|css))"/g)].map(([, path = '']) => join(folder, path));
  const words = readdirSync(join(folder, 'assets')).filter((name) => /^(desktop|portal)-entry-.*\.js$/.test(name)).map((name) => join(folder, 'assets', name));
  const sum = (all: readonly string[]): number => all.reduce((bytes, file) => bytes + gzipped(file), 0);
  const english = sum([html, ...files]);
  return { english, german: english + sum(words) };
};

const kilobytes = (bytes: number): string => (bytes / 1024).toFixed(0);

export const measureFirstLoad = (): readonly Measure[] =>
  (['renderer', 'portal'] as const).map((name) => {
    const html = join(project, 'out', name, 'index.html');
    if (!existsSync(html)) return { what: `first load of the ${name}`, figure: 'not built: npm run build', budget: 'at most 250 KB gzipped', met: false };
    const { english, german } = firstLoad(html);
    return { what: `first load of the ${name}`, figure: `${kilobytes(english)} KB gzipped, ${kilobytes(german)} KB in German`, budget: 'at most 250 KB', met: german <= BUDGET };
  });
