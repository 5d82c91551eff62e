import { describe, expect, it, vi } from 'vitest';
import { chooseAuthority, type AuthorityChoice } from '../../../src-main/shell/deployment.ts';
import { allowedLink } from '../../../src-main/shell/external-links.ts';
import { german } from '../../../src-main/shell/messages-de.ts';
import { english } from '../../../src-main/shell/messages-en.ts';
import { createWords } from '../../../src-main/shell/messages.ts';
import { noticePage, noticeText } from '../../../src-main/shell/notices.ts';
import { createPushes } from '../../../src-main/shell/pushes.ts';
import { startFailureText } from '../../../src-main/shell/start-failure.ts';
import { fitBounds, leastSize, placeFor, rescueBounds, withPlace } from '../../../src-main/shell/window-bounds.ts';
import type { DesktopState, Notice } from '../../../src-shared/desktop.ts';
import { createNoticeTeller } from '../../../src-shared/notice.ts';
import { fail } from '../../../src-shared/result.ts';

vi.mock('electron', () => ({ app: {} }));
const { isAllowedRequest, isReload } = await import('../../../src-main/shell/hardening.ts');

describe('a link out of the app', () => {
  const allowed = ['https://help.example/latchkey/', 'http://127.0.0.1:4100', null];
  it('opens when it is one of the list', () => {
    expect(allowedLink('https://help.example/latchkey/offline?x=1', allowed)).toBe('https://help.example/latchkey/offline?x=1');
    expect(allowedLink('http://127.0.0.1:4100/portal', allowed)).toBe('http://127.0.0.1:4100/portal');
  });
  it.each([
    'https://help.example/other', 'https://help.example.evil.example/latchkey/', 'http://help.example/latchkey/', 'https://someone@help.example/latchkey/', 'https://help.example:8443/latchkey/',
    'https://help.example/latchkey/../other', 'file:///etc/passwd', 'javascript:alert(1)', 'smb://help.example/latchkey/', 'http://127.0.0.1:4101/', 'nonsense', '',
  ])('stays closed: %s', (address) => expect(allowedLink(address, allowed)).toBeNull());
});

describe('a request of the page', () => {
  it('goes to our own files', () => {
    expect(isAllowedRequest('app://latchkey/index.html', false)).toBe(true);
    expect(isAllowedRequest('blob:app://latchkey/0f0f', false)).toBe(true);
  });
  it.each(['https://example.com/', 'http://127.0.0.1:4100/v1/keyset', 'ws://127.0.0.1/', 'file:///etc/passwd', 'ftp://x/', 'data:text/html,x', 'blob:https://example.com/1', 'app://elsewhere/index.html', 'chrome://version', 'devtools://devtools/bundled'])(
    'goes nowhere else: %s', (url) => expect(isAllowedRequest(url, false)).toBe(false));
  it('reaches the developer tools in an unpackaged run only', () => expect(isAllowedRequest('devtools://devtools/bundled', true)).toBe(true));
});

describe('a navigation of the page', () => {
  const ours = { url: 'app://latchkey/index.html#/lease', isMainFrame: true, initiator: { parent: null } };
  it('is let through when it loads our page again, wherever in it the person is', () => {
    for (const change of [{}, { url: 'app://latchkey/index.html' }, { url: 'app://latchkey/index.html#a\n#b' }, { initiator: null }]) expect(isReload({ ...ours, ...change })).toBe(true);
  });
  it.each([
    'app://latchkey/index.html?x', 'app://latchkey/', 'app://latchkey/other.html', 'app://elsewhere/index.html', 'https://example.com/#app://latchkey/index.html', 'blob:app://latchkey/0f0f', 'about:blank', '',
  ])('goes nowhere else: %s', (url) => expect(isReload({ ...ours, url })).toBe(false));
  it('is refused in another frame, and when another frame begins it', () => {
    expect(isReload({ ...ours, isMainFrame: false })).toBe(false);
    expect(isReload({ ...ours, initiator: { parent: {} } })).toBe(false);
  });
});

describe('which authority', () => {
  const nothing = () => { throw new Error('no file'); };
  const choose = (changes: Partial<AuthorityChoice>) => chooseAuthority({ env: {}, packaged: false, platform: 'linux', built: null, read: nothing, ...changes });
  it('the environment says in an unpackaged run, also that there is none', () => {
    expect(choose({ env: { LATCHKEY_AUTHORITY: 'http://127.0.0.1:1' }, built: 'https://built.example' })).toBe('http://127.0.0.1:1');
    expect(choose({ env: { LATCHKEY_AUTHORITY: '' }, built: 'https://built.example' })).toBeNull();
  });
  it('a packaged app does not listen to the environment', () => {
    expect(choose({ env: { LATCHKEY_AUTHORITY: 'http://127.0.0.1:1' }, packaged: true, built: 'https://built.example' })).toBe('https://built.example');
  });
  it("the administrator's file comes before the build, if it names an https address", () => {
    const read = (text: string) => () => text;
    expect(choose({ packaged: true, built: 'https://built.example', read: read('{"authority":"https://deployed.example"}') })).toBe('https://deployed.example');
    expect(choose({ packaged: true, built: 'https://built.example', read: read('{"authority":""}') })).toBeNull();
    for (const text of ['{"authority":"http://deployed.example"}', '{"authority":1}', 'nonsense']) expect(choose({ packaged: true, built: 'https://built.example', read: read(text) })).toBe('https://built.example');
  });
  it('nobody has said when nobody has said', () => expect(choose({})).toBeUndefined());
});

describe('pushes of the state', () => {
  it('gather one turn into one push and count on', async () => {
    const sent: [Partial<DesktopState>, number][] = [];
    const pushes = createPushes((changes, revision) => sent.push([changes, revision]));
    pushes.add({ clock: { ok: true } });
    pushes.add({ notices: [] });
    pushes.add({ clock: { ok: false, cause: 'doubt', now: 1, highest: 2, authority: null } });
    expect([sent, pushes.revision()]).toEqual([[], 0]);
    await new Promise(setImmediate);
    pushes.add({ requests: [] });
    await new Promise(setImmediate);
    expect(sent).toEqual([[{ clock: { ok: false, cause: 'doubt', now: 1, highest: 2, authority: null }, notices: [] }, 1], [{ requests: [] }, 2]]);
    expect(pushes.revision()).toBe(2);
  });

  it('end when they are stopped', async () => {
    const send = vi.fn<Parameters<typeof createPushes>[0]>();
    const pushes = createPushes(send);
    pushes.add({ notices: [] });
    pushes.stop();
    await new Promise(setImmediate);
    expect(send).not.toHaveBeenCalled();
  });
});

describe('notices', () => {
  const notice = (changes: Partial<Notice> = {}): Notice => ({ at: 10, kind: 'revoked', lease: 'lse_1', productName: 'Editor', details: {}, ...changes });
  it('are told once each, every one of several at once, and withdrawn when they are no longer true', () => {
    const told: string[] = [];
    const early = notice({ at: 1 });
    const tell = createNoticeTeller(({ kind, lease, at }) => {
      told.push(`${kind} ${lease} ${at}`);
      return () => void told.push(`withdrawn ${kind} ${lease} ${at}`);
    }, [early]);
    const [soon, other, ended] = [notice({ kind: 'expiring' }), notice({ kind: 'expiring', lease: 'lse_2' }), notice({ kind: 'expired', at: 11 })];
    for (const now of [[early], [soon, other], [soon, other], [other, ended], [], [ended]]) tell(now);
    expect(told).toEqual([
      'expiring lse_1 10', 'expiring lse_2 10', 'withdrawn expiring lse_1 10', 'expired lse_1 11', 'withdrawn expiring lse_2 10', 'withdrawn expired lse_1 11', 'expired lse_1 11',
    ]);
  });
  it('have words for every kind', () => {
    const words = createWords('en');
    for (const kind of ['released-elsewhere', 'revoked', 'expired', 'expiring', 'unrenewed', 'renew-refused', 'store-recovered', 'retired', 'taken-again'] as const) {
      const { title, body } = noticeText(notice({ kind }), words);
      expect(`${title} ${body}`).not.toMatch(/notice\.|\{\{/);
    }
  });
  it('say how long is really left, and when that is; and offer to renew only what renewing helps', () => {
    const at = Date.UTC(2026, 10, 24, 12, 0) / 1000;
    const left = (days: number, locale: string, withLicense = false) =>
      noticeText(notice({ kind: 'expiring', at, details: { days: 14, until: at + days * 86_400, withLicense } }), createWords(locale)).body;
    expect(left(5.8, 'en')).toMatch(/^It ends in 6 days \(Nov 30, 2026, .*\)\. Renew it/);
    expect(left(1, 'en')).toContain('in 24 hours');
    expect(left(0.01, 'en')).toContain('in 14 minutes');
    expect(left(5.8, 'de')).toContain('endet in 6 Tagen (30.11.2026');
    expect(left(5.8, 'en', true)).toContain('The license itself ends in 6 days');
    expect(left(5.8, 'en', true)).not.toContain('Renew');
  });
  it('lead to the picker when the lease is gone, and to the lease while it can be helped', () => {
    expect((['released-elsewhere', 'revoked', 'expired', 'expiring', 'unrenewed', 'renew-refused', 'store-recovered', 'retired', 'taken-again'] as const).map(noticePage)).toEqual(['picker', 'picker', 'picker', 'lease', 'lease', 'lease', 'exchange', 'exchange', 'lease']);
  });
  it('are in English where there are no words yet', () => expect(createWords('fi-FI').say('tray.open')).toBe('Open Latchkey'));
});

describe('the words of the desktop itself', () => {
  const facts = (text: string): readonly string[] => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name = '']) => name).toSorted();
  it('take the same facts in every language, and leave nothing in English but names and what is the same in both', () => {
    const same = Object.keys(english).filter((key) => english[key as keyof typeof english] === german[key as keyof typeof german]);
    expect(same).toEqual(['app.name', 'tray.lease', 'mode.online', 'mode.offline', 'about.version']);
    const factsOf = (words: Readonly<Record<string, string>>) => Object.entries(words).map(([key, text]) => [key, facts(text)]);
    expect(factsOf(german)).toEqual(factsOf(english));
  });
  it.each(['de', 'de-AT', 'de-DE'])('are German for a system in %s, with the day in the right form', (locale) => {
    const words = createWords(locale);
    expect(words.say('tray.open')).toBe('Latchkey öffnen');
    expect([words.rest(0, 86_400 * 14), words.rest(0, 86_400), words.rest(0, 3600)]).toEqual(['in 14 Tagen', 'in 24 Stunden', 'in 60 Minuten']);
  });
});

describe('the words of the desktop on a system with a name of its own for its language', () => {
  it.each(['c', 'sr-RS@latin', 'ca-ES@valencia', 'de-DE@euro', '', 'x'])('are there for %j', (locale) => {
    const words = createWords(locale);
    expect([words.say('tray.open'), words.time(0), words.rest(0, 86_400)]).toEqual(['Open Latchkey', createWords('en').time(0), 'in 24 hours']);
  });
});

describe('what is said when the app cannot start', () => {
  const words = createWords('en');
  it.each([
    [fail('STORE_UNUSABLE', { why: 'sealed', name: 'machine-key' }), /keychain/],
    [fail('STORE_UNUSABLE', { why: 'machine-key-missing' }), /\/home\/m .*key that is gone/],
    [fail('STORE_UNUSABLE', { why: 'newer', schema: 9, known: 1 }), /newer Latchkey/],
    [fail('STORE_UNUSABLE', { why: 'disk' }), /STORE_UNUSABLE: disk/],
    [fail('STORE_UNUSABLE', { why: 'EEXIST', path: '/home/m/browser' }), /folder \/home\/m\/browser, .*in the way/],
    [fail('STORE_UNUSABLE', { why: 'SQLITE_READONLY' }), /cannot write to \/home\/m\./],
    [fail('STORE_UNUSABLE', { why: 'shared-folder', path: '/tmp' }), /Others may write to the folder \/tmp,/],
    [fail('STORE_UNUSABLE', { why: 'ENOSPC' }), /disk of \/home\/m is full/],
    [fail('TRUST_MISSING', { path: '/a.lkkeys' }), /\/a\.lkkeys/],
    [fail('FILE_NOT_GENUINE'), /keyset .*FILE_NOT_GENUINE/],
    [fail('INPUT_INVALID', { field: 'authority', why: 'address', address: 'http://x' }), /http:\/\/x/],
  ])('names the cause: %o', (failure, text) => {
    const said = startFailureText(failure, '/home/m', words);
    expect(said).toMatch(text);
    expect(said).not.toMatch(/start\.|\{\{/);
  });
});

describe("the window's place", () => {
  const display = { x: 0, y: 0, width: 1920, height: 1080 };
  const beside = { x: 1920, y: 0, width: 1920, height: 1080 };
  it('is where it was, if a person can reach it there', () => {
    expect(fitBounds({ x: 100, y: 50, width: 1000, height: 700 }, [display])).toEqual({ x: 100, y: 50, width: 1000, height: 700 });
    expect(fitBounds({ x: 1500, y: 50, width: 1000, height: 700 }, [display, beside])).toEqual({ x: 1500, y: 50, width: 1000, height: 700 });
  });
  it('keeps its size only, when its display is gone', () => {
    expect(fitBounds({ x: 2500, y: 50, width: 1000, height: 700 }, [display])).toEqual({ width: 1000, height: 700 });
    expect(fitBounds({ x: 100, y: -400, width: 1000, height: 700 }, [display])).toEqual({ width: 1000, height: 700 });
  });
  it('keeps its size only, when less of its title bar is seen than a person can take hold of', () => {
    expect(fitBounds({ x: 1821, y: 50, width: 1000, height: 700 }, [display])).toEqual({ width: 1000, height: 700 });
    expect(fitBounds({ x: 100, y: 1041, width: 1000, height: 700 }, [display])).toEqual({ width: 1000, height: 700 });
    expect(fitBounds({ x: 1820, y: 1040, width: 1000, height: 700 }, [display])).toMatchObject({ x: 1820, y: 1040 });
  });
  it('is never smaller than the page needs', () => expect(fitBounds({ x: 0, y: 0, width: 10, height: 10 }, [display])).toMatchObject({ width: 900, height: 640 }));
  it('is no larger than the display, also where the page needs more', () => {
    const small = { x: 0, y: 24, width: 800, height: 450 };
    expect(fitBounds(null, [small])).toEqual({ width: 800, height: 450 });
    expect(fitBounds({ x: 50, y: 100, width: 2400, height: 1300 }, [small])).toEqual(small);
    expect(leastSize([display, small])).toEqual({ width: 800, height: 450 });
    expect(leastSize([display])).toEqual({ width: 900, height: 640 });
  });
  it('is the middle of the primary display where its own has gone, and stays where it can', () => {
    expect(rescueBounds({ x: 2500, y: 50, width: 1000, height: 700 }, [display])).toEqual({ x: 460, y: 190, width: 1000, height: 700 });
    expect(rescueBounds({ x: 2500, y: 50, width: 1000, height: 700 }, [display, beside])).toBeNull();
    expect(rescueBounds({ x: 0, y: 0, width: 1000, height: 700 }, [])).toBeNull();
  });
  it('is kept for each arrangement of displays, by what is seen of them and not by their numbers, the newest eight', () => {
    const here = (bounds: typeof display, scaleFactor = 1) => ({ bounds, workArea: bounds, scaleFactor });
    const placed = (x: number) => ({ bounds: { x, y: 0, width: 1000, height: 700 }, maximized: false });
    const both = withPlace(withPlace({ bounds: null, maximized: false }, [here(display)], placed(1)), [here(display), here(beside)], placed(2));
    expect(placeFor(both, [here(beside), here(display)]).bounds?.x).toBe(2);
    expect(placeFor(both, [here(display)]).bounds?.x).toBe(1);
    expect(placeFor(both, [here(display, 2)]).bounds?.x).toBe(2);
    const many = Array.from({ length: 20 }, (_, scale) => scale + 1).reduce((file, scale) => withPlace(file, [here(display, scale)], placed(scale)), both);
    expect(many.places?.length).toBe(8);
    expect(many.bounds?.x).toBe(20);
  });
});
