import type { DesktopState, HeldLease, Problem } from '../../../src-shared/desktop.ts';
import type { OwnLease } from '../../../src-shared/license.ts';
import { DAY, HOUR, MINUTE } from '../../../src-shared/time.ts';
import { account, fingerprint, givenUp, heldByFile, heldOffline, heldOnline, machine, many, mine, northlight, renewal, request, timeRequest, twelve } from './facts.ts';

export type Scenario = { readonly now: number; readonly state: DesktopState; readonly mine: readonly OwnLease[]; readonly snapshotFails?: Problem; /** Milliseconds that a call takes. */ readonly delay?: number };

const online = (now: number): DesktopState['connection'] => ({ state: 'online', url: 'https://licenses.northlight.example', lastContact: now - 40, authority: 'aut_5fG7hJ9kL1mN3pQ5rS7tU9vW1xY3zA5bC7dE9fG1hI3', stranger: null });
const away = (now: number): DesktopState['connection'] => ({ ...online(now), state: 'unreachable', lastContact: now - 52 * MINUTE });
const unreachable: Problem = { code: 'AUTHORITY_UNREACHABLE', details: {} };

const base = (now: number): DesktopState => ({
  machine, connection: online(now), account, sessionEnded: null, former: [], picker: { organization: northlight, asOf: now - 20, loading: false, problem: null, entitlements: twelve(now) },
  leases: [], requests: [], givenUp: [], clock: { ok: true }, recovery: null, unsaved: null, unplaced: [], notices: [],
});

const scenario = (change: (state: DesktopState, now: number) => Partial<DesktopState>, more: Partial<Scenario> = {}) => (now: number): Scenario => {
  const state = base(now);
  return { now, state: { ...state, ...change(state, now) }, mine: mine(now), ...more };
};

const unrenewed = (now: number, step: 1 | 3): HeldLease => {
  const left = step === 1 ? 11 * HOUR : 25 * MINUTE;
  const since = now + left - 24 * HOUR;
  return { ...heldOnline(now), issuedAt: since, until: now + left, lastContact: since, unrenewed: { since, step } };
};

const noNetwork: Partial<DesktopState> = {
  account: null, connection: { state: 'none', url: null, lastContact: null, authority: 'aut_5fG7hJ9kL1mN3pQ5rS7tU9vW1xY3zA5bC7dE9fG1hI3', stranger: null },
  picker: { organization: null, asOf: null, loading: false, problem: null, entitlements: [] },
};
const signedOut: Partial<DesktopState> = { account: null, picker: { organization: null, asOf: null, loading: false, problem: null, entitlements: [] } };

/** The states to look at, by `?state=`. */
export const scenarios = {
  'signed-out': scenario(() => signedOut),
  'signed-out-away': scenario((_, now) => ({ ...signedOut, connection: away(now) })),
  picker: scenario(() => ({})),
  'picker-slow': scenario(() => ({}), { delay: 3000 }),
  'picker-10000': scenario((state, now) => ({ picker: { ...state.picker, entitlements: many(now, 10_000) } })),
  'picker-loading': scenario((state) => ({ picker: { ...state.picker, asOf: null, loading: true, entitlements: [] } }), { delay: 60_000 }),
  'picker-empty': scenario((state) => ({ picker: { ...state.picker, entitlements: [] } })),
  'picker-no-organization': scenario((state) => ({ account: { ...account, organizations: [], defaultOrganization: null }, picker: { ...state.picker, organization: null, asOf: null, entitlements: [] } })),
  'picker-cached': scenario((state, now) => ({ connection: away(now), picker: { ...state.picker, asOf: now - 52 * MINUTE, problem: unreachable } })),
  'picker-never': scenario((state, now) => ({ connection: away(now), picker: { ...state.picker, asOf: null, problem: unreachable, entitlements: [] } })),
  'in-use': scenario((_, now) => ({ leases: [heldOnline(now)] })),
  'in-use-away': scenario((state, now) => ({ leases: [{ ...heldOnline(now), lastContact: now - 52 * MINUTE }], connection: away(now), picker: { ...state.picker, problem: unreachable } })),
  'in-use-offline': scenario((_, now) => ({ leases: [heldOffline(now)] })),
  'in-use-by-file': scenario((_, now) => ({ ...noNetwork, leases: [heldByFile(now)] })),
  'in-use-two': scenario((_, now) => ({ leases: [heldOnline(now), heldByFile(now)] })),
  unrenewed: scenario((state, now) => ({ leases: [unrenewed(now, 1), { ...heldOffline(now), product: { id: 'simulator', name: 'Simulator' } }], connection: { ...away(now), lastContact: now - 13 * HOUR }, picker: { ...state.picker, problem: unreachable } })),
  'unrenewed-last': scenario((state, now) => ({ leases: [unrenewed(now, 3)], connection: { ...away(now), lastContact: now - 23 * HOUR }, picker: { ...state.picker, problem: unreachable } })),
  'renewal-refused': scenario((_, now) => ({ leases: [{ ...unrenewed(now, 1), license: 'lic_comp_studio', refusal: { code: 'ROLE_NOT_ALLOWED', details: {}, at: now - 5 * MINUTE } }] })),
  'session-ended': scenario((_, now) => ({ ...signedOut, leases: [heldOffline(now)], sessionEnded: { email: account.user.email, why: 'ended', at: now - HOUR } })),
  'no-organization-now': scenario((state) => ({ account: { ...account, organizations: [], defaultOrganization: null }, former: [northlight.name], picker: { ...state.picker, organization: null, asOf: null, entitlements: [] } })),
  stranger: scenario((state, now) => ({ leases: [heldOnline(now)], connection: { ...online(now), state: 'stranger', stranger: 'aut_9xG7hJ9kL1mN3pQ5rS7tU9vW1xY3zA5bC7dE9fG1hI3' }, picker: { ...state.picker, problem: { code: 'FILE_WRONG_AUTHORITY', details: { why: 'answers' } } } })),
  expiring: scenario((_, now) => ({ leases: [{ ...heldOffline(now), until: now + 2 * DAY + 3 * HOUR, endsWithinDays: 3 }] })),
  ended: scenario((_, now) => ({ leases: [{ ...heldOffline(now), until: now - 2 * HOUR, standing: { usable: false, code: 'LEASE_EXPIRED', details: { at: now - 2 * HOUR } } }] })),
  'clock-wrong': scenario((_, now) => ({
    leases: [{ ...heldOffline(now), standing: { usable: false, code: 'CLOCK_ROLLED_BACK', details: { now: now - 9 * DAY, highest: now } } }], clock: { ok: false, cause: 'behind', now: now - 9 * DAY, highest: now, authority: now },
  })),
  'clock-was-ahead': scenario((_, now) => ({
    ...noNetwork, requests: [timeRequest(now)], clock: { ok: false, cause: 'doubt', now, highest: now + 731 * DAY, authority: null },
    leases: [{ ...heldByFile(now), standing: { usable: false, code: 'CLOCK_ROLLED_BACK', details: { now, highest: now + 731 * DAY } } }],
  })),
  'clock-ahead': scenario((_, now) => ({ leases: [heldOnline(now)], clock: { ok: false, cause: 'ahead', now: now + 3 * HOUR, highest: now + 3 * HOUR, authority: now } })),
  recovered: scenario((_, now) => ({ leases: [heldOnline(now)], recovery: { at: now - 40, path: '/home/ida/.config/Latchkey/latchkey.db.damaged-1780315200', rebuilt: 1, refused: [], lost: 0, proofs: 1, requests: 2, seen: false } })),
  'recovered-in-part': scenario((_, now) => ({
    ...noNetwork, leases: [heldByFile(now)],
    recovery: { at: now - 40, path: '/home/ida/.config/Latchkey/latchkey.db.damaged-1780315200', rebuilt: 1, refused: [{ product: 'Simulator', organization: northlight.name, code: 'FILE_EXPIRED' }], lost: 0, proofs: 0, requests: 0, seen: false },
  })),
  unsaved: scenario((_, now) => ({ leases: [heldOnline(now)], unsaved: { code: 'STORE_UNUSABLE', details: { why: 'EROFS', path: '/home/ida/.config/Latchkey/latchkey.db', owner: 'ida' } } })),
  'unsaved-full': scenario((_, now) => ({ leases: [heldOnline(now)], unsaved: { code: 'STORE_UNUSABLE', details: { why: 'full', path: '/home/ida/.config/Latchkey/latchkey.db' } } })),
  unplaced: scenario((_, now) => ({
    leases: [{ ...heldOnline(now), file: null }],
    unplaced: [{ product: heldOnline(now).product.id, problem: { code: 'STORE_UNUSABLE', details: { why: 'foreign-file', path: '/home/ida/.config/Latchkey/licenses', owner: 'root' } } }],
  })),
  fingerprint: scenario((_, now) => ({
    ...noNetwork,
    leases: [{ ...heldByFile(now), standing: { usable: false, code: 'FINGERPRINT_MISMATCH', details: { same: 2, needed: 3 } }, fingerprint: fingerprint({ os: 'changed', board: 'changed', disk: 'changed' }) }],
  })),
  'fingerprint-connected': scenario((_, now) => ({
    leases: [{ ...heldOnline(now), standing: { usable: false, code: 'FINGERPRINT_MISMATCH', details: { same: 2, needed: 3 } }, fingerprint: fingerprint({ os: 'changed', board: 'changed', disk: 'changed' }) }],
  })),
  'nothing-in-use': scenario(() => noNetwork),
  exchange: scenario(() => noNetwork),
  'exchange-pending': scenario((_, now) => ({ ...noNetwork, machine: { ...machine, protection: 'file', parts: { ...machine.parts, board: 'absent' } }, requests: [request(now), renewal(now)] })),
  'exchange-given-up': scenario((_, now) => ({ ...noNetwork, givenUp: givenUp(now) })),
  'exchange-signed-out': scenario(() => signedOut),
  'my-licenses': scenario((_, now) => ({ leases: [heldOnline(now)] })),
  'my-licenses-empty': scenario(() => ({}), { mine: [] }),
  'my-licenses-away': scenario((state, now) => ({ connection: away(now), picker: { ...state.picker, problem: unreachable } })),
  failed: scenario(() => ({}), { snapshotFails: { code: 'STORE_UNUSABLE', details: {} } }),
} as const satisfies Record<string, (now: number) => Scenario>;
