import { EventEmitter } from 'node:events';
import { app } from 'electron';
import type { Session } from 'electron';
import { describe, expect, test, vi } from 'vitest';
import { ipcChannels } from '../../src-shared/ipc.ts';
import type { IpcChannel, IpcInput } from '../../src-shared/ipc.ts';
import { ok } from '../../src-shared/result.ts';
import { createCalls } from '../../src-main/shell/calls.ts';
import { hardenContents, hardenSession } from '../../src-main/shell/hardening.ts';
import { createIpcGate } from '../../src-main/shell/ipc-gate.ts';
import type { IpcHandlers, SenderFrame } from '../../src-main/shell/ipc-gate.ts';

vi.mock('electron', async () => ({ app: new (await import('node:events')).EventEmitter() }));

/** Attacks on main by a page: who speaks, on which channel, and what is said. Each must reach no handler. */

/** A right input for each channel; the compiler keeps it complete. */
const right: { readonly [C in IpcChannel]: IpcInput<C> } = {
  'app.snapshot': null,
  'app.defect': { how: 'script', error: 'Error: no such thing' },
  'app.show-log': null,
  'session.sign-in': { email: 'a@b.example', password: 'secret', otp: '123456' },
  'session.sign-out': { release: true },
  'organization.choose': { organization: 'org_1' },
  'organization.set-default': { organization: 'org_1' },
  'picker.refresh': null,
  'lease.checkout': { license: 'lic_1' },
  'lease.change': { lease: 'lse_1', license: 'lic_2' },
  'lease.renew': { lease: 'lse_1' },
  'lease.release': { lease: 'lse_1', reason: 'user' },
  'lease.switch-offline': { lease: 'lse_1', days: 7 },
  'lease.switch-online': { lease: 'lse_1' },
  'leases.mine': null,
  'leases.release-elsewhere': { lease: 'lse_1' },
  'machine.rename': { name: 'WS-042' },
  'exchange.create-request': { name: 'WS-042', product: 'stage', license: 'lic_1', lease: 'lse_1', days: 30 },
  'exchange.create-time-request': null,
  'clock.check': null,
  'exchange.request-file': { request: 'req_1' },
  'exchange.discard-request': { request: 'req_1' },
  'exchange.inspect': { bytes: new Uint8Array([1]) },
  'exchange.import': { bytes: new Uint8Array([1]) },
  'exchange.fetch-keys': null,
  'exchange.release-proof': { lease: 'lse_1' },
  'exchange.proof-file': { lease: 'lse_1' },
  'download.show': { id: '0f0f' },
  'recovery.dismiss': null,
  'settings.read': null,
  'settings.start-at-login': { on: true },
  'settings.closing': { closing: 'stay' },
  'authority.call': { name: 'people.list', call: { params: {}, query: {}, body: {} } },
  'call.cancel': { call: 'call_1' },
  'language.choose': { language: 'de' },
};
const ours: SenderFrame = { origin: 'app://latchkey', parent: null };

const gateOf = () => {
  const reached: string[] = [];
  const handlers = Object.fromEntries(ipcChannels.map((channel) => [channel, () => {
    reached.push(channel);
    return ok(null);
  }])) as unknown as IpcHandlers;
  return { reached, gate: createIpcGate(handlers, createCalls(), vi.fn(), () => 'cor_1') };
};

const looped: Record<string, unknown> = {};
looped['self'] = looped;

/** What nobody of ours would send in the place of a value of this kind. */
const wrongFor = (value: unknown): readonly unknown[] => {
  const never = [undefined, null, Number.NaN, [], [value], { toString: () => 'x' }, looped, Symbol('x'), () => undefined, new Map(), 10n ** 30n];
  if (typeof value === 'string') return [...never, 7, true, {}, 'x'.repeat(100_000)];
  if (typeof value === 'number') return [...never, '7', 0, -1, 1.5, Infinity, 3661, 2 ** 53];
  if (typeof value === 'boolean') return [...never, 'true', 1, 0];
  // A call's own parts are judged by its route; what is no plain object and has no members is an empty call.
  if (!(value instanceof Uint8Array)) return [...never.filter((each) => !(each instanceof Map)), 'text', 7, { ...(value as object), extra: 1 }];
  return [...never, 'text', [1, 2, 3], { 0: 1, length: 1 }, new ArrayBuffer(4), new DataView(new ArrayBuffer(4))];
};

const hostile = (channel: IpcChannel): readonly unknown[] => {
  const input: unknown = right[channel];
  const shapes = [undefined, 7, 'text', true, [], [input], () => input, looped, new Proxy({}, { get: () => 'x' })];
  if (input === null) return [...shapes, {}, { lease: 'lse_1' }, Object.create(null) as object];
  const known = input as Readonly<Record<string, unknown>>;
  const missing = Object.keys(known).map((name) => Object.fromEntries(Object.entries(known).filter(([each]) => each !== name)))
    // Some members of a request may be left out.
    .filter((each) => channel !== 'exchange.create-request' || !('name' in each)).filter((each) => channel !== 'session.sign-in' || 'otp' in each);
  const swapped = Object.entries(known).flatMap(([name, value]) => wrongFor(value).map((wrong) => ({ ...known, [name]: wrong })));
  const members = [{ ...known, extra: 1 }, { ...known, constructor: { prototype: {} } }, JSON.parse(`{"__proto__":{"lease":"lse_1"}${Object.keys(known).map((name) => `,"${name}x":1`).join('')}}`)];
  return [null, ...shapes, ...missing, ...swapped, ...members];
};

describe('a page that speaks out of turn', () => {
  test.each([
    ['no frame: it is gone, or has navigated since', null],
    ['a frame of a site', { origin: 'https://evil.example', parent: null }],
    ['a frame of another app address', { origin: 'app://latchkey.evil', parent: null }],
    ['a frame of our address with a port', { origin: 'app://latchkey:1', parent: null }],
    ['a frame from a file', { origin: 'file://', parent: null }],
    ['a data: or sandboxed frame', { origin: 'null', parent: null }],
    ['a frame of nobody', { origin: '', parent: null }],
    ['a frame inside our own page', { origin: 'app://latchkey', parent: ours }],
  ] as const)('%s reaches no handler of any channel, however right its words', async (_what, frame) => {
    const { gate, reached } = gateOf();
    for (const channel of ipcChannels) expect({ channel, result: await gate(channel, frame, right[channel]) }).toEqual({ channel, result: { ok: false, code: 'FORBIDDEN', details: {} } });
    expect(reached).toEqual([]);
  });

  test('a channel that is not of the contract reaches nothing', async () => {
    const { gate, reached } = gateOf();
    for (const channel of ['', 'app.quit', 'app.snapshot ', 'APP.SNAPSHOT', '__proto__', 'constructor', 'hasOwnProperty', 'toString', 'ELECTRON_BROWSER_REQUIRE', 'lease.renew\0']) {
      expect({ channel, result: await gate(channel, ours, null) }).toMatchObject({ channel, result: { ok: false, code: 'INPUT_INVALID' } });
    }
    expect(reached).toEqual([]);
  });
});

describe('what a page says', () => {
  test.each(ipcChannels)('on %s reaches the handler only as the contract has it', async (channel) => {
    const { gate, reached } = gateOf();
    expect(await gate(channel, ours, right[channel])).toEqual({ ok: true, value: null });
    expect(reached).toEqual([channel]);
    for (const input of hostile(channel)) {
      const result = await gate(channel, ours, input);
      expect(result).toMatchObject({ ok: false, code: 'INPUT_INVALID' });
      // What was wrong is named, never repeated.
      expect(JSON.stringify(result).length).toBeLessThan(2000);
    }
    expect(reached).toEqual([channel]);
  });

  test.each([7, null, {}, '', 'x'.repeat(100_000), ['call_1']])('a call under the name %o is not run', async (name) => {
    const { gate, reached } = gateOf();
    expect(await gate('picker.refresh', ours, null, name)).toMatchObject({ ok: false, code: 'INPUT_INVALID', details: { fields: ['call'] } });
    expect(reached).toEqual([]);
  });

  test('a name of the prototype is a member too many, and pollutes nothing', async () => {
    const { gate } = gateOf();
    await gate('lease.renew', ours, JSON.parse('{"lease":"lse_1","__proto__":{"polluted":true}}'));
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});

describe('whatever contents Electron makes', () => {
  /** As Electron does: the contents are made, then asked before each of these. */
  const contentsOf = (openLink: (address: string) => void) => {
    app.removeAllListeners('web-contents-created');
    hardenContents(openLink);
    let decide: ((details: { readonly url: string }) => unknown) | null = null;
    const contents = Object.assign(new EventEmitter(), { setWindowOpenHandler: (handler: typeof decide) => void (decide = handler) });
    (app as EventEmitter).emit('web-contents-created', {}, contents);
    return { contents, open: (url: string) => decide?.({ url }) };
  };
  const addresses = ['https://evil.example/', 'app://latchkey/index.html', 'app://latchkey.evil/', 'file:///etc/passwd', 'data:text/html,<script>1</script>', 'javascript:alert(1)', 'about:blank', 'blob:app://latchkey/1'];

  test.each(['will-navigate', 'will-frame-navigate', 'will-redirect', 'will-attach-webview'])('%s is prevented, wherever it leads but to the page itself', (event) => {
    const { contents } = contentsOf(vi.fn());
    const isPrevented = (url: string, isMainFrame: boolean): boolean => {
      let prevented = false;
      const asked = { url, isMainFrame, isSameDocument: false, preventDefault: () => void (prevented = true) };
      if (event === 'will-attach-webview') contents.emit(event, asked, {}, { src: url });
      else contents.emit(event, asked, url, false, isMainFrame);
      return prevented;
    };
    const asksReload = event === 'will-navigate' || event === 'will-frame-navigate';
    for (const url of addresses) {
      expect([event, url, isPrevented(url, true)]).toEqual([event, url, !(asksReload && url === 'app://latchkey/index.html')]);
      expect([event, url, isPrevented(url, false)]).toEqual([event, url, true]);
    }
  });

  test('no window is opened from a page; where it wanted to is told to main, which judges it', () => {
    const openLink = vi.fn<(address: string) => void>();
    const { open } = contentsOf(openLink);
    for (const url of addresses) expect([url, open(url)]).toEqual([url, { action: 'deny' }]);
    expect(openLink.mock.calls).toEqual(addresses.map((url) => [url]));
  });

  test('a session grants and tells no permission, asks no network for anything, and saves only what the page made', () => {
    type Request = Parameters<NonNullable<Parameters<Session['setPermissionRequestHandler']>[0]>>;
    let ask: ((...given: Request) => void) | null = null;
    let check: (() => boolean) | null = null;
    let before: ((request: { readonly url: string }, answer: (said: { readonly cancel?: boolean }) => void) => void) | null = null;
    const session = Object.assign(new EventEmitter(), {
      setPermissionRequestHandler: (handler: typeof ask) => void (ask = handler), setPermissionCheckHandler: (handler: typeof check) => void (check = handler),
      webRequest: { onBeforeRequest: (handler: typeof before) => void (before = handler) },
    });
    hardenSession(session as unknown as Session, { devTools: false });
    const granted: unknown[] = [];
    for (const permission of ['media', 'geolocation', 'notifications', 'openExternal', 'clipboard-read', 'fileSystem', 'unknown'] as const) {
      (ask as unknown as (contents: null, permission: string, answer: (grant: boolean) => void) => void)(null, permission, (grant) => void granted.push(grant));
      granted.push((check as unknown as () => boolean)());
    }
    expect(new Set(granted)).toEqual(new Set([false]));
    const passed = (url: string): boolean => {
      let isCancelled: boolean | undefined;
      (before as unknown as NonNullable<typeof before>)({ url }, ({ cancel }) => void (isCancelled = cancel));
      return isCancelled === false;
    };
    expect([...addresses, 'wss://evil.example/', 'devtools://devtools/', 'data:image/png;base64,AA'].filter(passed)).toEqual(['app://latchkey/index.html', 'blob:app://latchkey/1', 'data:image/png;base64,AA']);
    const saved = (url: string): boolean => {
      let isPrevented = false;
      session.emit('will-download', { preventDefault: () => void (isPrevented = true) }, { getURL: () => url });
      return !isPrevented;
    };
    expect(addresses.filter(saved)).toEqual(['blob:app://latchkey/1']);
  });
});
