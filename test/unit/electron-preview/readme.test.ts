import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const folder = join(import.meta.dirname, '../../support/electron-preview');
const packageFile = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { readonly private: boolean; readonly exports: Readonly<Record<string, string>> };
const readme = readFileSync(join(folder, 'README.md'), 'utf8');
const sources = readdirSync(folder).filter((name) => name.endsWith('.ts'));
const text = sources.map((name) => readFileSync(join(folder, name), 'utf8')).join('\n');

test('the stand-in is a package of its own, and every way into it is there', () => {
  expect(packageFile.private).toBe(true);
  expect(Object.values(packageFile.exports).filter((path) => !sources.includes(path.slice(2)))).toEqual([]);
});

test('its README names each of its files and each variable that it reads', () => {
  expect(sources.filter((name) => !readme.includes(`\`${name}\``))).toEqual([]);
  const variables = [...new Set(text.match(/ELECTRON_PREVIEW_[A-Z_]+/g))];
  expect(variables.length).toBeGreaterThan(3);
  expect(variables.filter((name) => !readme.includes(name))).toEqual([]);
});

test('it knows nothing of the app that it runs', () => {
  expect(`${text}\n${readme}`).not.toMatch(/latchkey|licens|\blease/i);
});
