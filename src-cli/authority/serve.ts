import { isIP } from 'node:net';
import { InvalidArgumentError } from 'commander';
import type { Authority } from '../../src-authority/index.ts';
import { fail, ok } from '../../src-shared/result.ts';
import type { Result } from '../../src-shared/result.ts';

/** How much is logged: pino's own names. */
export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];
export const isLogLevel = (text: string): text is LogLevel => (logLevels as readonly string[]).includes(text);

/** For commander: where to listen. Node takes an empty one for every address of the computer, which must be asked for by name. */
export const listenHost = (text: string): string => {
  if (text.trim() === '') throw new InvalidArgumentError('It must be an address or a name of this computer; 0.0.0.0 or :: is every address.');
  return text;
};

const isProxyAddress = (text: string): boolean => {
  if (['loopback', 'linklocal', 'uniquelocal'].includes(text)) return true;
  const [address = '', bits, ...rest] = text.split('/');
  const family = address.includes('%') ? 0 : isIP(address);
  return family !== 0 && rest.length === 0 && (bits === undefined || (/^[1-9][0-9]{0,2}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128)));
};

/** For commander: addresses of proxies, parted by commas. */
export const proxyAddresses = (text: string): string => {
  if (!text.split(',').every((each) => isProxyAddress(each.trim()))) {
    throw new InvalidArgumentError('It must be addresses or networks (10.0.0.0/8), or loopback, linklocal, uniquelocal; several are parted by commas.');
  }
  return text;
};

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/** Serves until it is told to stop, or has lost its database to another file. Prints exactly one JSON line on stdout, when it can be reached. */
export const serve = async (
  authority: Authority,
  options: { readonly host: string; readonly port: number; readonly portal: string | null; readonly logLevel: LogLevel; readonly trustProxy?: string; readonly mail?: { readonly url: string; readonly from?: string } },
): Promise<Result<null>> => {
  let url: string;
  try {
    ({ url } = await authority.listen({
      host: options.host, port: options.port, portal: options.portal, log: process.stderr, logLevel: options.logLevel,
      ...(options.trustProxy === undefined ? {} : { trustProxy: options.trustProxy }),
      ...(options.mail === undefined ? {} : { mail: options.mail }),
    }));
  } catch (error) {
    await authority.close();
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined || !['EADDRINUSE', 'EACCES', 'EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EAI_AGAIN', 'EAI_FAIL', 'EINVAL', 'ENOTFOUND'].includes(code)) throw error;
    return fail('INPUT_INVALID', { why: 'address', at: `${options.host}:${options.port}`, problem: code });
  }
  const stopped = new Promise<Result<null>>((resolve) => {
    for (const signal of SIGNALS) process.once(signal, () => resolve(ok(null)));
  });
  process.stdout.write(`${JSON.stringify({ url, authority: authority.id })}\n`);
  const ended = await Promise.race([stopped, authority.lost]);
  // A second signal ends it at once, the way the system does it.
  await authority.close();
  return ended;
};
