import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The authority's portal: a page of its own, served by the authority from out/portal. */
export default defineConfig({
  root: resolve(import.meta.dirname, 'src-renderer/portal'),
  publicDir: false,
  plugins: [react()],
  build: { outDir: resolve(import.meta.dirname, 'out/portal'), emptyOutDir: true, assetsInlineLimit: 0 },
});
