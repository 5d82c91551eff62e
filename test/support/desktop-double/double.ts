import type { DesktopState, DocumentFile } from '../../../src-shared/desktop.ts';
import { isErrorCode } from '../../../src-shared/errors.ts';
import { nextStepOf } from '../../../src-shared/inspection.ts';
import type { Inspection } from '../../../src-shared/inspection.ts';
import type { IpcChannel, IpcInput, IpcPush, IpcPushes, IpcValue, LatchkeyBridge } from '../../../src-shared/ipc.ts';
import { localeFor } from '../../../src-shared/language.ts';
import type { AppSettings } from '../../../src-shared/settings.ts';
import { assertNever, fail, ok } from '../../../src-shared/result.ts';
import type { Result } from '../../../src-shared/result.ts';
import { DAY, HOUR } from '../../../src-shared/time.ts';
import { heldByFile, heldOnline, northlight, timeRequest, twelve } from './facts.ts';
import type { Scenario } from './scenarios.ts';

type Handlers = { readonly [C in IpcChannel]: (input: IpcInput<C>) => Result<IpcValue<C>> };
/** Main's side of the bridge, and `push` to play main from a test. */
export type Double = LatchkeyBridge & { readonly push: <P extends IpcPush>(name: P, value: IpcPushes[P]) => void; readonly change: (changes: Partial<DesktopState>) => void };

const document = (name: string, label: string): DocumentFile => ({ name, text: `-----BEGIN LATCHKEY ${label}-----\neyJhbGciOiJFZDI1NTE5In0.e30.AAAA\n-----END LATCHKEY ${label}-----\n` });

/** The bridge without a main: it keeps a state, answers every call of the contract from it, and pushes what changed. */
export const createDouble = ({ now, state: initial, mine: initialMine, snapshotFails, delay = 350 }: Scenario): Double => {
  let state = initial;
  let mine = initialMine;
  let revision = 1;
  let settings: AppSettings = { startAtLogin: { on: false, locked: null, blocked: null }, closing: 'stay', tray: true };
  const listeners = new Map<IpcPush, Set<(value: never) => void>>();

  const push: Double['push'] = (name, value) => listeners.get(name)?.forEach((listener) => listener(value as never));
  const change: Double['change'] = (changes) => {
    state = { ...state, ...changes };
    revision += 1;
    push('state', { revision, changes });
  };
  const going = new Map<string, () => void>();
  const away = () => state.connection.state !== 'online';
  const unreachable = fail('AUTHORITY_UNREACHABLE');
  const lease = (id: string) => state.leases.find((one) => one.id === id);
  const giveUp = (id: string): boolean => {
    const one = lease(id);
    if (one === undefined) return false;
    const gone = { lease: id, product: one.product, organization: one.organization, releasedAt: now, reason: 'user', fileName: `edit-07-${one.product.id}.lkrel`, receiptAt: null, until: one.until } as const;
    change({ leases: state.leases.filter((each) => each !== one), givenUp: [gone, ...state.givenUp] });
    return true;
  };
  const update = (id: string, changes: Partial<DesktopState['leases'][number]>): Result<null> => {
    if (lease(id) === undefined) return fail('LEASE_NOT_FOUND');
    change({ leases: state.leases.map((one) => (one.id === id ? { ...one, ...changes } : one)) });
    return ok(null);
  };

  const take = (license: string, days: number | undefined): Result<{ readonly lease: string }> => {
    if (away()) return unreachable;
    const row = state.picker.entitlements.find((one) => one.license === license);
    if (row === undefined) return fail('LICENSE_NOT_FOUND');
    if (row.product.name.startsWith('Previz')) return fail('SEAT_LIMIT_EXCEEDED', { owned: row.seats.owned });
    const id = `lse_${license}`;
    change({ leases: [{ ...heldOnline(now), id, license, product: row.product, edition: row.edition, features: row.features, issuedAt: now, ...(days === undefined ? { until: now + DAY } : { mode: 'offline' as const, until: now + days * DAY }), lastContact: now }, ...state.leases] });
    return ok({ lease: id });
  };

  /** What a file is, by its text: `refuse CODE`, `receipt`, `keyset`, or a license file. */
  const read = (bytes: Uint8Array): Result<Inspection> => {
    const text = new TextDecoder().decode(bytes);
    const code = /refuse (\w+)/.exec(text)?.[1] ?? '';
    if (code === 'FILE_MALFORMED') return fail('FILE_MALFORMED', { why: 'armor' });
    const kind = (['request', 'release', 'receipt', 'keyset', 'time'] as const).find((one) => text.startsWith(one)) ?? 'license';
    const facts: Record<string, Record<string, string | number>> = {
      FILE_WRONG_MACHINE: { actual: 'mch_2Jc0yXvB9rQwPzLkHgTfDsEaUiOmNb7V6C5X4Z3A2S1' }, FILE_WRONG_AUTHORITY: { actual: 'aut_other', expected: 'aut_ours' }, REQUEST_UNKNOWN: { request: 'req_7Hq2' },
      FILE_EXPIRED: { at: now - 3 * DAY }, FILE_WRONG_KIND: { actual: kind, expected: 'license' }, FINGERPRINT_MISMATCH: { same: 1, needed: 3 },
    };
    const refusal = isErrorCode(code) ? { ok: false, code, details: facts[code] ?? {} } as const : null;
    const inspection: Omit<Inspection, 'next'> = {
      kind, id: 'fil_9sKq2LmN4pR6tV8xZ0bD2f', issuedAt: now - 2 * HOUR, expiresAt: kind === 'license' ? now + 90 * DAY : null, authority: 'aut_5fG7hJ9kL1mN3pQ5rS7tU9vW1xY3zA5bC7dE9fG1hI3',
      machine: kind === 'keyset' ? null : { id: state.machine.id, name: null, os: null }, lease: kind === 'keyset' ? null : 'lse_file', purpose: kind === 'request' ? 'checkout' : null, want: null,
      grant: kind === 'license' ? { license: 'lic_sim', product: { id: 'simulator', name: 'Simulator' }, edition: 'Farm', organization: northlight, mode: 'offline' } : null,
      fingerprint: kind === 'license' ? ['os', 'board', 'cpu', 'disk', 'net'] : [],
      genuine: code === 'FILE_NOT_GENUINE' ? { ok: false, code, details: {} } : { ok: true }, acceptable: refusal ?? { ok: true },
    };
    return ok({ ...inspection, next: nextStepOf('machine', inspection) });
  };

  const handlers: Handlers = {
    'app.snapshot': () => snapshotFails !== undefined ? fail(snapshotFails.code, snapshotFails.details) : ok({
      revision, app: { version: '0.1.0', platform: 'linux', locale: localeFor(null, navigator.languages), catalog: ['Compositor', 'Simulator', 'Grader', 'Renderer'].map((name) => ({ id: name.toLowerCase(), name })), endedUnexpectedly: false }, state, opened: [],
    }),
    'app.defect': () => ok(null),
    'app.show-log': () => ok(null),
    'session.sign-in': ({ email, password, otp }) => {
      if (away()) return unreachable;
      if (password === 'code' && otp === undefined) return fail('OTP_REQUIRED');
      if (password === 'wrong') return fail('CREDENTIALS_INVALID');
      if (password === 'often') return fail('RATE_LIMITED', { retryAfter: 45 });
      change({ account: { user: { id: 'usr_ida', email, name: 'Ida Berg' }, organizations: [{ ...northlight, role: 'editor' }], defaultOrganization: northlight.id }, picker: { ...state.picker, organization: northlight, asOf: now, entitlements: twelve(now) } });
      return ok(null);
    },
    'session.sign-out': ({ release }) => {
      change({ account: null, leases: release ? state.leases.filter(({ mode }) => mode === 'offline') : state.leases });
      return ok(null);
    },
    'organization.choose': ({ organization }) => {
      const chosen = state.account?.organizations.find(({ id }) => id === organization);
      if (chosen === undefined) return fail('NOT_FOUND');
      change({ picker: { ...state.picker, organization: chosen, entitlements: chosen.id === northlight.id ? initial.picker.entitlements : [] } });
      return ok(null);
    },
    'organization.set-default': ({ organization }) => {
      if (state.account === null) return fail('NOT_SIGNED_IN');
      change({ account: { ...state.account, defaultOrganization: organization } });
      return ok(null);
    },
    'picker.refresh': () => away() ? unreachable : ok(null),
    'lease.checkout': ({ license, days }) => take(license, days),
    'lease.change': ({ lease: old, license, days }) => {
      const taken = take(license, days);
      if (!taken.ok) return taken;
      change({ leases: state.leases.filter((one) => one.id !== old || one.id === taken.value.lease) });
      return ok({ ...taken.value, unreleased: null });
    },
    'lease.renew': ({ lease: id }) => away() ? unreachable : update(id, { until: now + DAY, lastContact: now }),
    'lease.release': ({ lease: id }) => {
      if (away() && lease(id)?.mode === 'offline') return fail('LEASE_OFFLINE', { until: lease(id)?.until ?? 0 });
      change({ leases: state.leases.filter((one) => one.id !== id) });
      return ok(null);
    },
    'lease.switch-offline': ({ lease: id, days }) => away() ? unreachable : update(id, { mode: 'offline', until: now + days * DAY, issuedAt: now }),
    'lease.switch-online': ({ lease: id }) => away() ? unreachable : update(id, { mode: 'online', until: now + DAY, issuedAt: now }),
    'leases.mine': () => away() ? unreachable : ok(mine),
    'leases.release-elsewhere': ({ lease: id }) => {
      mine = mine.filter((one) => one.id !== id);
      change({ picker: { ...state.picker, entitlements: state.picker.entitlements.map((row) => (row.holders.some((holder) => holder.lease === id) ? { ...row, available: true, reasons: [], holders: [], seats: { ...row.seats, free: row.seats.free + 1, inUse: row.seats.inUse - 1 } } : row)) } });
      return ok(null);
    },
    'machine.rename': ({ name }) => {
      change({ machine: { ...state.machine, name } });
      return ok(null);
    },
    'exchange.create-request': ({ name, product, days, lease: renews }) => {
      const fileName = `${name}.lkreq`;
      change({
        machine: { ...state.machine, name },
        requests: [{ id: `req_${revision}`, purpose: renews === undefined ? 'checkout' : 'renew', createdAt: now, expiresAt: now + 14 * DAY, machineName: name, product: product ?? null, license: null, days: days ?? null, fileName, lease: renews ?? null }, ...state.requests],
      });
      return ok(document(fileName, 'ACTIVATION REQUEST'));
    },
    'exchange.create-time-request': () => {
      if (state.clock.ok) return fail('CONFLICT', { why: 'clock-right' });
      const asked = timeRequest(now);
      change({ requests: [asked, ...state.requests.filter(({ purpose }) => purpose !== 'time')] });
      return ok(document(asked.fileName, 'ACTIVATION REQUEST'));
    },
    'clock.check': () => (state.clock.ok ? ok(null) : fail('CLOCK_ROLLED_BACK', { now: state.clock.now, highest: state.clock.highest })),
    'exchange.request-file': ({ request: id }) => {
      const found = state.requests.find((one) => one.id === id);
      return found === undefined ? fail('REQUEST_UNKNOWN', { request: id }) : ok(document(found.fileName, 'ACTIVATION REQUEST'));
    },
    'exchange.discard-request': ({ request: id }) => {
      change({ requests: state.requests.filter((one) => one.id !== id) });
      return ok(null);
    },
    'recovery.dismiss': () => {
      change({ recovery: null });
      return ok(null);
    },
    'settings.read': () => ok(settings),
    'settings.start-at-login': ({ on }) => ok((settings = { ...settings, startAtLogin: { ...settings.startAtLogin, on, blocked: null } })),
    'settings.closing': ({ closing }) => ok((settings = { ...settings, closing })),
    'exchange.inspect': ({ bytes }) => read(bytes),
    'exchange.import': ({ bytes }) => {
      const found = read(bytes);
      if (!found.ok) return found;
      const { kind, acceptable } = found.value;
      if (!acceptable.ok) return acceptable;
      switch (kind) {
        case 'license':
          change({ leases: [heldByFile(now)], requests: [] });
          return ok({ kind, lease: 'lse_file', again: false });
        case 'receipt':
          change({ givenUp: state.givenUp.map((one) => ({ ...one, receiptAt: one.receiptAt ?? now })) });
          return ok({ kind, lease: 'lse_gone1' });
        case 'keyset':
          return ok({ kind, version: 3, again: false });
        case 'time':
          change({ clock: { ok: true }, leases: state.leases.map((one) => ({ ...one, standing: { usable: true } })), requests: state.requests.filter(({ purpose }) => purpose !== 'time') });
          return ok({ kind, at: now });
        case 'request':
        case 'release':
          return fail('FILE_WRONG_KIND', { actual: kind, expected: 'license' });
        default:
          return assertNever(kind);
      }
    },
    'exchange.fetch-keys': () => away() ? unreachable : ok(null),
    'exchange.release-proof': ({ lease: id }) => giveUp(id) ? ok(document('edit-07-simulator.lkrel', 'RELEASE PROOF')) : fail('LEASE_NOT_FOUND'),
    'exchange.proof-file': ({ lease: id }) => {
      const found = state.givenUp.find((one) => one.lease === id);
      return found === undefined ? fail('LEASE_NOT_FOUND') : ok(document(found.fileName, 'RELEASE PROOF'));
    },
    'download.show': () => fail('NOT_FOUND'),
    // The pages of organizations are shown with a real authority.
    'authority.call': () => unreachable,
    'language.choose': ({ language }) => ok({ locale: localeFor(language, navigator.languages) }),
    'call.cancel': ({ call }) => {
      going.get(call)?.();
      return ok(null);
    },
  };

  return {
    push,
    change,
    call: (channel, input, id) => new Promise((resolve) => {
      const timer = setTimeout(() => {
        if (id !== undefined) going.delete(id);
        resolve(handlers[channel](input));
      }, ['app.snapshot', 'call.cancel'].includes(channel) ? 0 : delay);
      if (id === undefined) return;
      going.set(id, () => {
        clearTimeout(timer);
        going.delete(id);
        resolve(fail('CANCELLED'));
      });
    }),
    on: (name, listener) => {
      const set = listeners.get(name) ?? new Set();
      listeners.set(name, set.add(listener as never));
      return () => set.delete(listener as never);
    },
  };
};
