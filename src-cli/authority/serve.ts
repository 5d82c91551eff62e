import type { Authority } from '../../src-authority/index.ts';
import { fail, ok } from '../../src-shared/result.ts';
import type { Result } from '../../src-shared/result.ts';

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/** Serves until it is told to stop. Prints exactly one JSON line on stdout, when it can be reached. */
export const serve = async (
  authority: Authority,
  options: { readonly host: string; readonly port: number; readonly portal: string | null; readonly trustProxy?: string; readonly mail?: { readonly url: string; readonly from?: string } },
): Promise<Result<null>> => {
  let url: string;
  try {
    ({ url } = await authority.listen({
      host: options.host, port: options.port, portal: options.portal, log: process.stderr, logLevel: process.env['LATCHKEY_LOG'] ?? 'info',
      ...(options.trustProxy === undefined ? {} : { trustProxy: options.trustProxy }),
      ...(options.mail === undefined ? {} : { mail: options.mail }),
    }));
  } catch (error) {
    await authority.close();
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined || !['EADDRINUSE', 'EACCES', 'EADDRNOTAVAIL', 'ENOTFOUND'].includes(code)) throw error;
    return fail('INPUT_INVALID', { why: 'address', at: `${options.host}:${options.port}`, problem: code });
  }
  const stopped = new Promise<void>((resolve) => {
    for (const signal of SIGNALS) process.once(signal, () => resolve());
  });
  process.stdout.write(`${JSON.stringify({ url, authority: authority.id })}\n`);
  await stopped;
  // A second signal ends it at once, the way the system does it.
  await authority.close();
  return ok(null);
};
