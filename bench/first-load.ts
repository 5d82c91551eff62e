import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Measure } from './checkout.ts';

const project = resolve(import.meta.dirname, '..');
const BUDGET = 250 * 1024;

/** The pages that a window opens with, by their parts (`index`: the entry, which holds the portal's sign-in), and the part that holds the words of each language. */
const entries = {
  renderer: { pages: ['PickerPage', 'SignInPage', 'LeasePage', 'ExchangePage'], words: { English: 'desktop-english', German: 'desktop-entry' } },
  portal: { pages: ['index', 'MyLicensesPage', 'HomePage'], words: { English: 'portal-english', German: 'portal-entry' } },
} as const;

type Loaded = { readonly page: string; readonly language: string; readonly bytes: number };

/** Everything that a window loads before it shows a page: what its HTML names, the words of the language, and the page's part with all that it needs. */
const firstLoads = (html: string, { pages, words }: (typeof entries)[keyof typeof entries]): readonly Loaded[] => {
  const assets = join(dirname(html), 'assets');
  const named = [...readFileSync(html, 'utf8').matchAll(/(?:src|href)="(?:\.?\/)assets\/([^"]+\.(?:js|css))"/g)].map(([, name = '']) => name);
  const all = readdirSync(assets);
  const partOf = (name: string): string => {
    const part = all.find((file) => file.startsWith(`${name}-`) && file.endsWith('.js'));
    if (part === undefined) throw new Error(`no part ${name} in ${assets}: is it a page of the first load still?`);
    return part;
  };
  const index = named.map((file) => readFileSync(join(assets, file), 'utf8')).find((text) => text.includes('__vite__mapDeps=')) ?? '';
  const preloads = /__vite__mapDeps=.*?\[("[^\]]*")\]/.exec(index)?.[1]?.split(',').map((each) => JSON.parse(each) as string) ?? [];
  const neededBy = (part: string): readonly string[] =>
    (new RegExp(`${part.replaceAll('.', '\\.')}.{0,80}?__vite__mapDeps\\(\\[([\\d,]+)\\]`).exec(index)?.[1]?.split(',') ?? [])
      .flatMap((at) => preloads[Number(at)]?.split('/').at(-1) ?? []);
  const size = (files: Iterable<string>): number => [...new Set(files)].reduce((bytes, file) => bytes + gzipSync(readFileSync(join(assets, file))).length, gzipSync(readFileSync(html)).length);
  return pages.flatMap((page) => Object.entries(words).map(([language, name]) =>
    ({ page, language, bytes: size([...named, partOf(name), partOf(page), ...neededBy(partOf(page))]) })));
};

const kilobytes = (bytes: number): string => `${(bytes / 1024).toFixed(0)} KB`;

export const measureFirstLoad = (): readonly Measure[] =>
  (['renderer', 'portal'] as const).map((name) => {
    const html = join(project, 'out', name, 'index.html');
    if (!existsSync(html)) return { what: `first load of the ${name}`, figure: 'not built: npm run build', budget: 'at most 250 KB gzipped', met: false };
    const loads = firstLoads(html, entries[name]);
    const said = entries[name].pages.map((page) => `${page} ${loads.filter((each) => each.page === page).map(({ language, bytes }) => `${kilobytes(bytes)} in ${language}`).join(', ')}`);
    return { what: `first load of the ${name}, gzipped`, figure: said.join('; '), budget: 'at most 250 KB', met: loads.every(({ bytes }) => bytes <= BUDGET) };
  });
