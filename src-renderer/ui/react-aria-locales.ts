import type { Plugin } from 'vite'

const file = /[\\/]intl[\\/](?:[\w-]+[\\/])?(?<locale>[a-z]{2}-[A-Z]{2})\.mjs$/

/**
 * Vite plugin: bundles React Aria's own words in the given locales only. The rest become aliases of en-US,
 * not absent, because React Aria would take an absent one for a match of the user's language and fail.
 */
export const reactAriaLocales = (locales: readonly string[]): Plugin => ({
  name: 'latchkey:react-aria-locales',
  enforce: 'pre',
  async resolveId(source, importer) {
    const locale = file.exec(source)?.groups?.['locale']
    if (locale === undefined || importer === undefined || !/react-(aria|stately)/.test(importer) || locales.includes(locale)) return null
    return this.resolve(source.replace(`${locale}.mjs`, 'en-US.mjs'), importer, { skipSelf: true })
  },
})
