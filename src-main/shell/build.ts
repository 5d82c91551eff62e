import { z } from 'zod';

declare const __LATCHKEY_BUILD__: unknown;

const settings = z.strictObject({
  authority: z.string().nullable(),
  keyset: z.string().nullable(),
  catalog: z.array(z.strictObject({ id: z.string().min(1), name: z.string().min(1) })).readonly(),
  help: z.string().nullable(),
  id: z.string().nullable(),
});

/**
 * What was compiled in: the authority's address, the text of the keyset that a packaged app trusts, the products offered
 * on a machine that knows no organization, the organization's help page, and what
 * this copy was built from. Sources run without a build have none.
 */
export type Build = z.infer<typeof settings>;

export const build: Build =
  typeof __LATCHKEY_BUILD__ === 'undefined' ? { authority: null, keyset: null, catalog: [], help: null, id: null } : settings.parse(__LATCHKEY_BUILD__);
