import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Plugin } from 'vite';

export type ThirdParty = { readonly name: string; readonly version: string; readonly license: string; readonly text: string };

/** The folder of the package that a module is of; null for our own. */
export const packageFolder = (module: string): string | null => /^\0?(.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/?]+)[\\/]/.exec(module)?.[1] ?? null;

const readPackage = (folder: string): ThirdParty => {
  const { name = '', version = '', license = '' } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { name?: string; version?: string; license?: string };
  const texts = readdirSync(folder).filter((file) => /^(licen[cs]e|copying|notice)([.-]|$)/i.test(file)).toSorted();
  return { name, version, license, text: texts.map((file) => readFileSync(join(folder, file), 'utf8').trim()).join('\n\n') };
};

export const noticeText = (all: readonly ThirdParty[]): string => [
  'Latchkey contains the following packages of others. The licenses of Electron and Chromium are in LICENSE.electron.txt and LICENSES.chromium.html beside the program.',
  ...all.toSorted((one, other) => (`${one.name}@${one.version}` < `${other.name}@${other.version}` ? -1 : 1))
    .map(({ name, version, license, text }) => `${'='.repeat(80)}\n${name} ${version}\nLicense: ${license || 'not named'}\n\n${text || 'The package carries no text of its license.'}`),
].join('\n\n') + '\n';

/**
 * Writes the notices of the packages whose code is really in what was built, and of those that are packaged beside it. The parts of
 * the app are built one after the other: `of` gives each its plugin, and the file is complete with the last one.
 */
export const thirdPartyNotices = (file: string, beside: readonly string[] = []): { readonly of: () => Plugin } => {
  const folders = new Set(beside);
  return {
    of: () => ({
      name: 'latchkey-third-party',
      writeBundle(_options, bundle) {
        for (const chunk of Object.values(bundle)) {
          for (const folder of chunk.type === 'chunk' ? chunk.moduleIds.map(packageFolder) : []) {
            // A package may have further package.json files inside, for its folders of modules.
            if (folder !== null && existsSync(join(folder, 'package.json'))) folders.add(folder);
          }
        }
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, noticeText([...folders].map(readPackage)));
      },
    }),
  };
};
