/**
 * SECURITY: checklist 7, "Define a Content Security Policy". Our own files and nothing else: no inline script or style, no
 * eval, no network, no frame; and no string reaches the DOM as markup or script (Trusted Types).
 */
const directives = {
  'default-src': ["'none'"],
  'script-src': ["'self'"],
  'style-src': ["'self'"],
  'img-src': ["'self'", 'data:', 'blob:'],
  'font-src': ["'self'"],
  'connect-src': ["'none'"],
  'form-action': ["'none'"],
  'base-uri': ["'none'"],
  'frame-ancestors': ["'none'"],
  'require-trusted-types-for': ["'script'"],
} as const;

export const contentSecurityPolicy = Object.entries(directives).map(([name, sources]) => [name, ...sources].join(' ')).join('; ');
