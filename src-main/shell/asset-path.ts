import { appHost, appScheme } from './app-address.ts';

/** Every kind of file that the renderer's build writes; anything else is not served. */
const contentTypes: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  html: 'text/html; charset=utf-8',
  ico: 'image/x-icon',
  js: 'text/javascript; charset=utf-8',
  json: 'application/json',
  png: 'image/png',
  svg: 'image/svg+xml',
  webp: 'image/webp',
  woff2: 'font/woff2',
};

export type Asset = { readonly segments: readonly string[]; readonly contentType: string };

/**
 * The file that an address of our pages names, as path segments below the renderer's folder; null where it names none.
 * A segment is plain: no dot in front, no separator, no percent sign, no drive colon, so that nothing can climb out of
 * the folder, however it is encoded. The text is judged as it came, before a URL parser resolves `..` away.
 */
export const assetOf = (address: string): Asset | null => {
  const prefix = `${appScheme}://${appHost}/`;
  if (!address.startsWith(prefix)) return null;
  const path = address.slice(prefix.length).replace(/[?#].*$/s, '');
  const segments = (path === '' ? 'index.html' : path).split('/');
  if (!segments.every((segment) => /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/.test(segment) && !segment.endsWith('.'))) return null;
  const contentType = contentTypes[/\.([a-z0-9]+)$/.exec(segments.at(-1) ?? '')?.[1] ?? ''];
  return contentType === undefined ? null : { segments, contentType };
};
