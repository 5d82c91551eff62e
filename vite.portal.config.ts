import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { reactAriaLocales } from './src-renderer/ui/react-aria-locales.ts';
import { kitTreeshake } from './src-renderer/ui/tree-shaking.ts';

/** The icon of a browser's tab: for the portal, and for the app's page on the stand-in. */
export function pageIcon(base: './' | '/'): Plugin {
  const fileName = 'assets/icon.png';
  return {
    name: 'latchkey-page-icon',
    generateBundle() {
      this.emitFile({ type: 'asset', fileName, source: readFileSync(resolve(import.meta.dirname, 'assets/icons/64x64.png')) });
    },
    transformIndexHtml: (_html, { server }) => (server ? [] : [{ tag: 'link', attrs: { rel: 'icon', type: 'image/png', href: `${base}${fileName}` }, injectTo: 'head' }]),
  };
}

/** The authority's portal: a page of its own, served by the authority from out/portal. */
export default defineConfig({
  root: resolve(import.meta.dirname, 'src-renderer/portal'),
  publicDir: false,
  plugins: [react(), pageIcon('/'), reactAriaLocales(['en-US', 'de-DE'])],
  build: { outDir: resolve(import.meta.dirname, 'out/portal'), emptyOutDir: true, assetsInlineLimit: 0, chunkSizeWarningLimit: 1000, rolldownOptions: { treeshake: kitTreeshake } },
});
