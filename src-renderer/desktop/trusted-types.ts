type TrustedTypes = { readonly createPolicy: (name: 'default', rules: { readonly createHTML: (text: string) => string | null }) => unknown };

/**
 * SECURITY: the page's policy (`require-trusted-types-for`) lets no string into the DOM as markup. React Aria empties its
 * announcements by an empty one; that is let through, and nothing else is.
 */
export const allowEmptyMarkup = (): void => {
  const { trustedTypes } = globalThis as { readonly trustedTypes?: TrustedTypes };
  trustedTypes?.createPolicy('default', { createHTML: (text) => (text === '' ? '' : null) });
};
