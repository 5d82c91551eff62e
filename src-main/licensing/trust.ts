import { authenticateKeyset, judgeKeyset, parseKind } from '../../src-shared/documents/index.ts';
import type { Genuine, TimeView, TrustedKeys } from '../../src-shared/documents/index.ts';
import { contract } from '../../src-shared/http/index.ts';
import type { CallAuthority, ValueOf } from '../../src-shared/http/index.ts';
import { fail, ok } from '../../src-shared/result.ts';
import type { Result } from '../../src-shared/result.ts';
import type { Seconds } from '../../src-shared/time.ts';
import { genuineKeyset } from './judging.ts';
import type { LicensingPorts } from './ports.ts';
import type { Kept } from './store.ts';

/**
 * Whose signatures count. Trust begins with the keyset this program was given, or with one kept by an earlier run, and
 * each newer keyset is signed by a root of the one before: the stored chain is walked and checked again at every start.
 */
export const loadTrust = async ({ trust, store }: LicensingPorts): Promise<TrustedKeys | null> => {
  let trusted = trust.anchor?.keys ?? null;
  for (const row of store.keysets()) {
    if (trusted && row.version <= trusted.version) continue;
    if (!trusted && !trust.stored) continue;
    const parsed = parseKind('keyset', row.text);
    if (!parsed.ok) continue;
    const genuine: Result<Genuine<'keyset'>> = await authenticateKeyset(parsed.value, trusted ?? undefined);
    if (genuine.ok && (trusted || row.source !== 'update')) trusted = genuine.value.claims;
  }
  return trusted;
};

/**
 * The keysets kept beside a damaged database, put back as rows. Nothing is believed by that: the chain is walked and checked
 * from its beginning whenever trust is loaded.
 */
export const restoreKeysets = ({ store, clock }: LicensingPorts): void => {
  const spoilt = store.keysets().some(({ version, text }) => !isKeyset(text, version));
  if (store.setting('recover') === null && !spoilt) return;
  const missing = store.kept().keysets.filter(({ version, text }) =>
    isKeyset(text, version) && !store.keysets().some((row) => row.version === version && isKeyset(row.text, version)));
  if (missing.length === 0) return;
  store.write((tx) => {
    const whole = new Map([...missing, ...tx.keysets().filter(({ version, text }) => isKeyset(text, version))].map((row) => [row.version, row]));
    for (const version of [...whole.keys()].sort((one, other) => one - other)) {
      const { text, source } = whole.get(version) as Kept['keysets'][number];
      tx.saveKeyset({ version, text, source, acceptedAt: clock.now() });
    }
  });
};

const isKeyset = (text: string, version: number): boolean => {
  const parsed = parseKind('keyset', text);
  return parsed.ok && parsed.value.claims.version === version;
};

/** Accepts a keyset that a root trusted so far has signed. Errors: those of the three stages, `TRUST_MISSING`. */
export const acceptKeyset = async (
  { store, clock }: LicensingPorts,
  trusted: TrustedKeys | null,
  file: Uint8Array | string,
  authority: TimeView['authority'],
): Promise<Result<{ readonly trusted: TrustedKeys; readonly again: boolean }>> => {
  const parsed = parseKind('keyset', file);
  if (!parsed.ok) return parsed;
  const genuine = await genuineKeyset(trusted, parsed.value);
  if (!genuine.ok) return genuine;
  const judged = judgeKeyset(genuine.value, trusted, { now: clock.now(), authority });
  if (!judged.ok) return judged;
  const { version, iat } = genuine.value.claims;
  if (judged.value === 'new') {
    store.write((tx) => {
      tx.saveKeyset({ version, text: parsed.value.text, source: 'update', acceptedAt: clock.now() });
      tx.seeSigned(iat);
    });
  }
  return ok({ trusted: genuine.value.claims, again: judged.value === 'again' });
};

/** More steps than anybody was away for: what is left is fetched the next time. */
const MOST_STEPS = 100;

/** Takes one keyset after the other, each signed by a root of the one before, until the authority's newest is known. */
const catchUp = async (ports: LicensingPorts, call: CallAuthority, from: TrustedKeys, about: { readonly keyset: number; readonly now: Seconds }): Promise<Result<null>> => {
  let trusted = from;
  for (let steps = 0; trusted.version < about.keyset && steps < MOST_STEPS; steps += 1) {
    const reply = await call(contract.authority.keyset, { query: { after: trusted.version } });
    if (!reply.ok) return reply;
    const accepted = await acceptKeyset(ports, trusted, reply.value.keyset, about.now);
    if (!accepted.ok) return accepted;
    // Whoever promises a newer one and sends the same again would keep us here.
    if (accepted.value.again) return ok(null);
    trusted = accepted.value.trusted;
  }
  return ok(null);
};

/** Who answers at the address: the authority that is trusted, or another one, whose word ends nothing here? Errors: `AUTHORITY_UNREACHABLE`, `TRUST_MISSING`, `FILE_WRONG_AUTHORITY`. */
export const whoAnswers = async (call: CallAuthority, trusted: TrustedKeys | null): Promise<Result<ValueOf<typeof contract.authority.about>>> => {
  if (!trusted) return fail('TRUST_MISSING');
  const about = await call(contract.authority.about, {});
  if (!about.ok || about.value.authority === trusted.iss) return about;
  return fail('FILE_WRONG_AUTHORITY', { why: 'answers', expected: trusted.iss, actual: about.value.authority });
};

/**
 * Makes sure that the authority that answers is the one whose keys are trusted, and that its newest keyset is known.
 * Where no keys are trusted yet, an unpackaged run may take the authority at its word once, and records that.
 * Errors: `AUTHORITY_UNREACHABLE`, `FILE_WRONG_AUTHORITY`, `TRUST_MISSING`, those of keysets. Keysets taken before one was
 * refused stay: whoever calls reads trust again in any case.
 */
export const greet = async (ports: LicensingPorts, call: CallAuthority, trusted: TrustedKeys | null): Promise<Result<null>> => {
  const about = await (trusted ? whoAnswers(call, trusted) : call(contract.authority.about, {}));
  if (!about.ok) return about;
  if (trusted) return catchUp(ports, call, trusted, about.value);
  if (!ports.trust.pinOnFirstUse) return fail('TRUST_MISSING');
  const reply = await call(contract.authority.keyset, { query: {} });
  if (!reply.ok) return reply;
  const parsed = parseKind('keyset', reply.value.keyset);
  if (!parsed.ok) return parsed;
  const genuine = await authenticateKeyset(parsed.value);
  if (!genuine.ok) return genuine;
  if (genuine.value.claims.iss !== about.value.authority) {
    return fail('FILE_WRONG_AUTHORITY', { why: 'answers', expected: about.value.authority, actual: genuine.value.claims.iss });
  }
  const judged = judgeKeyset(genuine.value, null, { now: ports.clock.now(), authority: about.value.now });
  if (!judged.ok) return judged;
  ports.store.write((tx) =>
    tx.saveKeyset({ version: genuine.value.claims.version, text: parsed.value.text, source: 'pinned', acceptedAt: ports.clock.now() }));
  ports.log('trust.pinned', { authority: about.value.authority, version: genuine.value.claims.version });
  return ok(null);
};
