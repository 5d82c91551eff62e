import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { reactAriaLocales } from '../../../src-renderer/ui/react-aria-locales.ts';

// The pages of the app on the test double: `npx vite build test/support/desktop-double`, then `npx vite preview` of the same
// folder, and `?state=picker` and so on (scenarios.ts). It is part of no product.
export default defineConfig({
  base: './',
  plugins: [react(), reactAriaLocales(['en-US', 'de-DE'])],
  build: { outDir: '../../../out/desktop-double', emptyOutDir: true, target: 'chrome140', modulePreload: { polyfill: false } },
});
