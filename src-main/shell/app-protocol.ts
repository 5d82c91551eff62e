import { readFile, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { protocol, type Session } from 'electron';
import { appScheme } from './app-address.ts';
import { assetOf } from './asset-path.ts';
import { contentSecurityPolicy } from './content-security-policy.ts';

/** Before the app is ready. Not `bypassCSP`, not `corsEnabled`: our pages have no rights that a web page has not. */
export const registerAppScheme = (): void =>
  protocol.registerSchemesAsPrivileged([{ scheme: appScheme, privileges: { standard: true, secure: true, supportFetchAPI: true } }]);

const headers = {
  'content-security-policy': contentSecurityPolicy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cache-control': 'no-store',
} as const;

const refusal = (status: number): Response => new Response(null, { status, headers });

/** Answers one request for a file below `root`. */
export const answerAsset = async (root: string, request: { readonly url: string; readonly method: string }): Promise<Response> => {
  if (request.method !== 'GET' && request.method !== 'HEAD') return refusal(405);
  const asset = assetOf(request.url);
  if (asset === null) return refusal(404);
  try {
    // SECURITY: a link inside the folder could still lead out of it, so the real path is judged too.
    const [folder, file] = await Promise.all([realpath(root), realpath(join(root, ...asset.segments))]);
    if (!file.startsWith(folder + sep)) return refusal(404);
    const body = request.method === 'HEAD' ? null : await readFile(file);
    return new Response(body, { status: 200, headers: { ...headers, 'content-type': asset.contentType } });
  } catch {
    return refusal(404);
  }
};

/**
 * SECURITY: checklist 18, "Avoid usage of the file:// protocol and prefer usage of custom protocols": the page is served
 * from its own scheme, from one folder, without the rights that `file:` has.
 */
export const serveApp = (session: Session, root: string): void =>
  session.protocol.handle(appScheme, (request) => answerAsset(root, request));
