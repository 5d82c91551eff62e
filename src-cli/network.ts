import http from 'node:http';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { Refusal } from '../src-shared/result.ts';

/**
 * The network as this computer has it set up: the certificates that its system trusts, beside those that Node brings, and the
 * proxy of the variables that other programs go by. Nothing of it has to be set for us.
 */
export type Network = {
  readonly fetch: typeof globalThis.fetch;
  /** Reads what the system trusts; `fetch` does so by itself where TLS asks for it. */
  readonly trustSystem: () => void;
  /** The environment as it was, for programs that are started from here: what we ignore is theirs to decide. */
  readonly environment: NodeJS.ProcessEnv;
};

/** Never by way of a proxy: plain http is for this computer alone, and would be readable there. */
const OWN = ['localhost', '127.0.0.1', '[::1]', '::1'];

const insecure = 'NODE_TLS_REJECT_UNAUTHORIZED';

type ProxyVariable = { readonly name: string; readonly address: string };

/** As other programs read them: the small letters first. */
const variable = (env: NodeJS.ProcessEnv, name: string): ProxyVariable | null => {
  const found = [name.toLowerCase(), name].find((each) => env[each]);
  return found === undefined ? null : { name: found, address: env[found] ?? '' };
};

const proxyAddress = ({ name, address }: ProxyVariable): URL => {
  const url = URL.parse(address) ?? URL.parse(`http://${address}`);
  if (!url || !['http:', 'https:'].includes(url.protocol) || url.hostname === '') throw new Refusal('INPUT_INVALID', { why: 'address', at: name });
  return url;
};

/** Errors: throws `INPUT_INVALID` (why: address) for a proxy variable that names no proxy. */
export const openNetwork = (env: NodeJS.ProcessEnv = process.env, say: (line: string) => void = (line) => void process.stderr.write(`${line}\n`)): Network => {
  const environment = { ...env };
  // SECURITY: nothing that is set for other programs turns the check of certificates off here, and not without a word.
  if (env[insecure] === '0') {
    delete env[insecure];
    say(`${insecure}=0 is ignored: certificates are always checked. Add the certificate of your own authority to those of the system, or name its file in NODE_EXTRA_CA_CERTS.`);
  }
  const [https, plain, never] = [variable(env, 'HTTPS_PROXY'), variable(env, 'HTTP_PROXY'), variable(env, 'NO_PROXY')];
  const proxies = [https, plain].flatMap((each) => (each === null ? [] : [proxyAddress(each)]));
  if (proxies.length > 0) {
    http.setGlobalProxyFromEnv({
      ...(https ? { HTTPS_PROXY: proxyAddress(https).href } : {}), ...(plain ? { HTTP_PROXY: proxyAddress(plain).href } : {}),
      NO_PROXY: [...(never ? [never.address] : []), ...OWN].join(','),
    });
  }
  let trustsSystem = false;
  const trustSystem = (): void => {
    if (trustsSystem) return;
    trustsSystem = true;
    setDefaultCACertificates([...new Set([...getCACertificates('default'), ...getCACertificates('system')])]);
  };
  return {
    environment,
    trustSystem,
    fetch: async (input, init) => {
      // Reading what the system trusts takes time, and only TLS asks for it.
      if (String(input instanceof Request ? input.url : input).startsWith('https:') || proxies.some(({ protocol }) => protocol === 'https:')) trustSystem();
      try {
        return await globalThis.fetch(input, init);
      } catch (error) {
        throw !init?.signal?.aborted && proxies.some((proxy) => isOfProxy(error, proxy)) ? new TypeError('fetch failed', { cause: Object.assign(new Error('the proxy'), { code: 'ERR_PROXY' }) }) : error;
      }
    },
  };
};

/** The proxy could not be reached, or would not connect us. */
const isOfProxy = (error: unknown, proxy: URL): boolean => {
  const proxyPort = proxy.port === '' ? (proxy.protocol === 'https:' ? 443 : 80) : Number(proxy.port);
  return causesOf(error).some((each) => {
    const { message = '', port, hostname } = each as { readonly message?: string; readonly port?: number; readonly hostname?: string };
    // How undici says that the proxy answered CONNECT with anything but 200.
    return /^Proxy response|^Request was cancelled/.test(message) || port === proxyPort || (hostname !== undefined && hostname === proxy.hostname);
  });
};

const causesOf = (error: unknown): readonly object[] => {
  if (typeof error !== 'object' || error === null) return [];
  const { cause, errors } = error as { readonly cause?: unknown; readonly errors?: readonly unknown[] };
  return [error, ...causesOf(cause), ...(errors ?? []).flatMap(causesOf)];
};
