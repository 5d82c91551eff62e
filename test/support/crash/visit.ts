import { openHome } from '../../../src-main/adapter/index.ts';
import { createLicensing } from '../../../src-main/licensing/index.ts';
import type { Licensing } from '../../../src-main/licensing/index.ts';
import type { Result } from '../../../src-shared/result.ts';
import { ok, settle, unwrap } from '../../../src-shared/result.ts';
import type { Fingerprint } from '../../../src-shared/fingerprint.ts';
import { readFingerprint } from '../../../src-main/adapter/machine/fingerprint.ts';
import { fingerprintOf } from '../machine.ts';

/** One operation of the app's main side: real licensing on real adapters, on a home that is opened for it, as a start does. */
export type Act =
  | { readonly do: 'open' }
  | { readonly do: 'sign-in'; readonly email: string; readonly password: string }
  | { readonly do: 'checkout'; readonly license: string; readonly days?: number }
  | { readonly do: 'renew'; readonly lease: string; readonly days?: number }
  | { readonly do: 'release'; readonly lease: string }
  | { readonly do: 'import'; readonly text: string }
  | { readonly do: 'request'; readonly license: string }
  | { readonly do: 'proof'; readonly lease: string };

export type Place = { readonly home: string; readonly authority: string | null; readonly keyset: string; readonly name: string; /** Of the computer's own fingerprint: a home of the real programs. */ readonly real?: true };
export const perform = (licensing: Licensing, act: Act): Promise<Result<unknown>> => {
  switch (act.do) {
    case 'open': return Promise.resolve(ok(null));
    case 'sign-in': return licensing.account.signIn(act);
    case 'checkout': return licensing.checkout({ license: act.license, ...(act.days === undefined ? {} : { mode: 'offline', days: act.days }) });
    case 'renew': return licensing.renew({ lease: act.lease, ...(act.days === undefined ? {} : { mode: 'offline', days: act.days }) });
    case 'release': return licensing.release({ lease: act.lease, reason: 'user' });
    case 'import': return licensing.accept(act.text);
    case 'request': return licensing.createRequest({ license: act.license });
    case 'proof': return licensing.releaseByProof(act.lease);
  }
};

let computer: Promise<Fingerprint> | undefined;

/** Opens the home as a start does, does one thing, and closes it. */
export const visit = <T>(place: Place, work: (licensing: Licensing) => Promise<Result<T>>): Promise<Result<T>> => settle(async () => {
  const { ports, close } = unwrap(await openHome({
    home: place.home, authority: place.authority ?? '', trust: { keyset: place.keyset, packaged: false }, app: 'crash 1',
    readFingerprint: () => (place.real ? (computer ??= readFingerprint()) : Promise.resolve(fingerprintOf(place.name))),
  }));
  try {
    const licensing = await createLicensing(ports);
    const result = await work(licensing);
    await licensing.stop();
    return unwrap(result);
  } finally {
    close();
  }
});
