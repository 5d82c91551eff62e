import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { reactAriaLocales } from '../react-aria-locales.ts'

// The gallery shows the kit while it is worked on: `npx vite src-renderer/ui/gallery`. It is part of no product.
export default defineConfig({
  base: './',
  plugins: [react(), reactAriaLocales(['en-US', 'de-DE'])],
})
