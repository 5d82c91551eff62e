import { contract } from '../src-shared/http/index.ts';
import { unwrap } from '../src-shared/result.ts';
import { PASSWORD, startAuthority } from '../test/support/authority.ts';
import { startClient } from '../test/support/client.ts';
import type { Measure } from './checkout.ts';

const median = (times: readonly number[]): number => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN;

/** What a licensed application and a person wait for on the workstation. Milliseconds, the median of many. */
export const measureClient = async (): Promise<readonly Measure[]> => {
  const a = await startAuthority({});
  const client = await startClient({ clock: a.clock, authority: a.url, keyset: a.keyset() });
  try {
    const licensing = client.licensing();
    unwrap(await licensing.account.signIn({ email: 'editor@northlight.example', password: PASSWORD }));
    const { lease } = unwrap(await licensing.checkout({ license: 'lic_stage' }));

    const checks: number[] = [];
    for (let round = 0; round < 1000; round += 1) {
      const begun = performance.now();
      if (licensing.current('stage').length !== 1) throw new Error('The lease is gone');
      checks.push(performance.now() - begun);
    }

    const accepted: number[] = [];
    for (let round = 0; round < 50; round += 1) {
      a.clock.advance(60);
      const request = unwrap(await licensing.createRequest({ lease, days: 10 }));
      const answered = unwrap(await a.call(await a.signIn('manager@northlight.example'))(contract.exchange.answer, { body: { request: request.text, license: 'lic_stage', days: 10 } }));
      const begun = performance.now();
      unwrap(await licensing.accept(answered.licenseFile));
      accepted.push(performance.now() - begun);
    }
    return [
      { what: 'licensing.current()', figure: `${median(checks).toFixed(4)} ms`, budget: 'at most 1 ms', met: median(checks) <= 1 },
      { what: 'accepting a license file', figure: `${median(accepted).toFixed(1)} ms`, budget: 'at most 10 ms', met: median(accepted) <= 10 },
    ];
  } finally {
    await client.close();
    await a.close();
  }
};
