import type { TrustedKeys } from '../../src-shared/documents/index.ts';
import { contract } from '../../src-shared/http/index.ts';
import type { CallAuthority, Route } from '../../src-shared/http/index.ts';
import { fail } from '../../src-shared/result.ts';
import { MINUTE } from '../../src-shared/time.ts';
import type { Seconds } from '../../src-shared/time.ts';
import type { LicensingPorts } from './ports.ts';
import type { Mirror } from './mirror.ts';
import type { Session } from './session.ts';
import { whoAnswers } from './trust.ts';

/** Speaking to the authority: as a machine (its signed documents are the proof) or in the name of the signed-in person. */
export type Contact = {
  readonly signedIn: () => boolean;
  /** Null also while it is not known who answers at a new address. */
  readonly token: () => string | null;
  readonly asMachine: CallAuthority;
  readonly asPerson: CallAuthority;
  /** What the authority says the time is, if it said so within the last quarter of an hour and this clock has not been set meanwhile. */
  readonly authorityTime: () => Seconds | null;
  /** Called when the session's address has been found to be the trusted authority's: `token` is not null from now on. */
  readonly onKnown: (listener: () => void) => void;
};

const isSameAddress = (one: string, other: string): boolean => one.replace(/\/+$/, '') === other.replace(/\/+$/, '');

/** The answers that say what time it is at the authority. */
const telling: ReadonlySet<Route> = new Set<Route>([contract.authority.about, contract.leases.heartbeat]);
const TIME_KEPT: Seconds = 15 * MINUTE;

export const createContact = (ports: LicensingPorts, mirror: Mirror, session: Session, trusted: () => TrustedKeys | null): Contact => {
  let time: { readonly own: Seconds; readonly authority: Seconds } | null = null;
  const listeners: (() => void)[] = [];

  const heard = (reached: boolean): void => {
    const { connection } = mirror.state();
    if (ports.authority.url === null) return;
    mirror.set({
      connection: reached
        ? connection.stranger === null ? { ...connection, state: 'online', lastContact: ports.clock.now() } : { ...connection, state: 'stranger' }
        : { ...connection, state: 'unreachable' },
    });
  };
  /** That something answers is no contact with the authority that is trusted: who answers says its name first. */
  const recognise = (name: string): void => {
    const expected = trusted()?.iss ?? name;
    mirror.set({ connection: { ...mirror.state().connection, stranger: name === expected ? null : name } });
  };

  const asMachine: CallAuthority = async (route, call, options) => {
    const reply = await ports.authority.call(null)(route, call, options);
    if (reply.ok && route === (contract.authority.about as Route)) recognise((reply.value as { readonly authority: string }).authority);
    if (reply.ok || reply.code !== 'CANCELLED') heard(reply.ok || reply.code !== 'AUTHORITY_UNREACHABLE');
    if (reply.ok && telling.has(route)) {
      const { now, clockDoubted = false } = reply.value as { readonly now: Seconds; readonly clockDoubted?: boolean };
      time = clockDoubted ? null : { own: ports.clock.now(), authority: now };
    }
    return reply;
  };
  const authorityTime = (): Seconds | null => {
    const since = time === null ? -1 : ports.clock.now() - time.own;
    return time === null || since < 0 || since > TIME_KEPT ? null : time.authority + since;
  };
  /** SECURITY: a session is for the authority that it was made at: at another address who answers is asked first, and a stranger is not told it. */
  const isWhereMade = (): boolean => {
    const madeAt = ports.store.setting('authority-url');
    const { url } = ports.authority;
    return url === null || (madeAt !== null && isSameAddress(madeAt, url));
  };
  const asPerson: CallAuthority = async (route, call, options) => {
    const used = session.token();
    if (used === null) return fail('NOT_SIGNED_IN');
    if (!isWhereMade()) {
      const about = await whoAnswers((first, given) => asMachine(first, given, options), trusted());
      if (!about.ok) return about;
      ports.store.write((tx) => tx.setSetting('authority-url', ports.authority.url));
      for (const listener of listeners) listener();
    }
    const reply = await ports.authority.call(used)(route, call, options);
    if (reply.ok || reply.code !== 'CANCELLED') heard(reply.ok || reply.code !== 'AUTHORITY_UNREACHABLE');
    if (reply.ok || reply.code !== 'NOT_SIGNED_IN') return reply;
    // Anybody at this address may say so. Only the authority that is trusted ends its session; leases go on without it.
    const about = await whoAnswers((first, given) => asMachine(first, given, options), trusted());
    if (!about.ok) return about.code === 'TRUST_MISSING' ? reply : about;
    if (session.token() === used) {
      const { why } = reply.details;
      await session.end({ token: used, why: why === 'ended' || why === 'expired' ? why : null, at: ports.clock.now() });
    }
    return reply;
  };

  return {
    signedIn: () => session.token() !== null,
    token: () => (isWhereMade() ? session.token() : null),
    asMachine,
    asPerson,
    authorityTime,
    onKnown: (listener) => void listeners.push(listener),
  };
};
