import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Measure } from './checkout.ts';

const project = resolve(import.meta.dirname, '..');
const BUDGET = 250 * 1024;

/** Everything that a page loads before it shows: the scripts and styles its HTML names. Lazily loaded pages come later. */
const firstLoad = (html: string): number => {
  const text = readFileSync(html, 'utf8');
  const files = [...text.matchAll(/(?:src|href)="([^"]+\.(?:js|css))"/g)].map(([, path = '']) => join(dirname(html), path));
  return [html, ...files].reduce((sum, file) => sum + gzipSync(readFileSync(file)).length, 0);
};

export const measureFirstLoad = (): readonly Measure[] =>
  (['renderer', 'portal'] as const).map((name) => {
    const html = join(project, 'out', name, 'index.html');
    if (!existsSync(html)) return { what: `first load of the ${name}`, figure: 'not built: npm run build', budget: 'at most 250 KB gzipped', met: false };
    const bytes = firstLoad(html);
    return { what: `first load of the ${name}`, figure: `${(bytes / 1024).toFixed(0)} KB gzipped`, budget: 'at most 250 KB', met: bytes <= BUDGET };
  });
