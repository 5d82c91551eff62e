import { PASSWORD } from './authority.ts';

/** A session as a browser has it: the cookie that it sends by itself, and the binding that the portal's page adds. */
export type BrowserSession = {
  /** `name=value`. */
  readonly cookie: string;
  readonly binding: string;
  /** What the portal's requests carry. */
  readonly headers: Readonly<Record<string, string>>;
};

/** What a page of the authority itself sends with a request that changes something. */
export const ownPage = (url: string): Readonly<Record<string, string>> => ({ 'content-type': 'application/json', origin: url, 'sec-fetch-site': 'same-origin', 'x-latchkey': 'portal' });

export const sessionHeaders = (url: string, { cookie, binding }: Pick<BrowserSession, 'cookie' | 'binding'>): Readonly<Record<string, string>> => ({ ...ownPage(url), cookie, 'x-latchkey-binding': binding });

/** Signs in as the portal does; `before` is the cookie that the browser had. */
export const signInByCookie = async (url: string, email: string, options: { readonly password?: string; readonly before?: string } = {}): Promise<BrowserSession> => {
  const response = await fetch(`${url}/v1/sessions`, {
    method: 'POST',
    headers: { ...ownPage(url), ...(options.before === undefined ? {} : { cookie: options.before }) },
    body: JSON.stringify({ email, password: options.password ?? PASSWORD, carrier: 'cookie' }),
  });
  const reply = (await response.json()) as { readonly ok: boolean; readonly value: { readonly binding: string } };
  const cookie = response.headers.getSetCookie()[0]?.split(';')[0];
  if (!reply.ok || cookie === undefined) throw new Error(`not signed in: ${JSON.stringify(reply)}`);
  const { binding } = reply.value;
  return { cookie, binding, headers: sessionHeaders(url, { cookie, binding }) };
};
