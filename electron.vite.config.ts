import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import type { Plugin } from 'vite';
import { reactAriaLocales } from './src-renderer/ui/react-aria-locales.ts';
import { kitTreeshake } from './src-renderer/ui/tree-shaking.ts';
import { thirdPartyNotices } from './third-party.config.ts';
import { pageIcon } from './vite.portal.config.ts';

const here = (path: string): string => resolve(import.meta.dirname, path);

/** better-sqlite3 is not bundled, and packaged as it is. */
const notices = thirdPartyNotices(here('out/main/third-party.txt'), [here('node_modules/better-sqlite3')]);

export default defineConfig(({ mode }) => ({
  main: {
    build: {
      target: 'node24',
      outDir: here('out/main'),
      // Everything is bundled but the native module, so that the package needs no other node_modules.
      externalizeDeps: false,
      rolldownOptions: { input: { main: here('src-main/main.ts') }, external: ['electron', 'better-sqlite3'] },
    },
    define: { __LATCHKEY_BUILD__: JSON.stringify(buildSettings(mode === 'package')) },
    plugins: [images(), notices.of()],
  },
  preload: {
    plugins: [notices.of()],
    build: {
      target: 'node24',
      outDir: here('out/preload'),
      externalizeDeps: false,
      // A sandboxed preload script is CommonJS in one file: it can require nothing but electron.
      rolldownOptions: { input: { preload: here('src-main/preload.ts') }, output: { format: 'cjs', entryFileNames: '[name].cjs', codeSplitting: false } },
    },
  },
  renderer: {
    root: here('src-renderer/desktop'),
    publicDir: false,
    plugins: [react(), pageIcon('./'), reactAriaLocales(['en-US', 'de-DE']), notices.of()],
    build: {
      target: 'chrome130',
      outDir: here('out/renderer'),
      emptyOutDir: true,
      minify: true,
      // A data: font or script would need a wider content security policy.
      assetsInlineLimit: 0,
      chunkSizeWarningLimit: 1000,
      rolldownOptions: { input: here('src-renderer/desktop/index.html'), treeshake: kitTreeshake },
    },
  },
}));

/** The window's and the tray's images, beside the main script under their own names: a screen's scale is chosen by `@2x`. */
function images(): Plugin {
  const wanted = /^(icon\.png|tray.*\.(png|ico))$/;
  return {
    name: 'latchkey-images',
    generateBundle() {
      for (const name of readdirSync(here('assets')).filter((file) => wanted.test(file))) {
        this.emitFile({ type: 'asset', fileName: `images/${name}`, source: readFileSync(here(`assets/${name}`)) });
      }
    },
  };
}

/** What is compiled into the main process; docs/operations.md, "Building for your organization". */
function buildSettings(forPackage: boolean) {
  const keysetFile = process.env['LATCHKEY_BUILD_KEYSET'] ?? '';
  if (forPackage && keysetFile === '') {
    throw new Error(
      'LATCHKEY_BUILD_KEYSET is not set: name the .lkkeys file of your authority (authority keys export --out F), whose keys the package will trust, ' +
        'or say LATCHKEY_BUILD_KEYSET=none for a package that trusts nobody and can only be looked at.',
    );
  }
  return {
    authority: process.env['LATCHKEY_BUILD_AUTHORITY'] || null,
    keyset: keysetFile === '' || keysetFile === 'none' ? null : readFileSync(keysetFile, 'utf8'),
    catalog: JSON.parse(readFileSync(process.env['LATCHKEY_BUILD_CATALOG'] || here('assets/catalog.json'), 'utf8')) as unknown,
    help: process.env['LATCHKEY_BUILD_HELP'] || null,
    // A build that is only tried would say of its sources what they no longer are.
    id: forPackage ? process.env['LATCHKEY_BUILD_ID'] || commit() : null,
  };
}

/** What the sources are at; null outside a checkout. */
function commit(): string | null {
  try {
    return execFileSync('git', ['rev-parse', '--short=12', 'HEAD'], { cwd: here('.'), encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim() || null;
  } catch {
    return null;
  }
}
