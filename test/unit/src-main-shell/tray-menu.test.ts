import { describe, expect, it } from 'vitest';
import { createWords } from '../../../src-main/shell/messages.ts';
import { trayMenu, trayTip, type TrayItem } from '../../../src-main/shell/tray-menu.ts';
import type { Connection, HeldLease } from '../../../src-shared/desktop.ts';

const words = createWords('en-GB');
const until = Date.UTC(2026, 10, 24, 12, 0) / 1000;
const connection = (state: Connection['state']): Connection => ({ state, url: state === 'none' ? null : 'https://authority.example', lastContact: null, authority: null, stranger: null });

const lease = (changes: Partial<HeldLease> = {}): HeldLease => ({
  id: 'lse_1', license: 'lic_1', product: { id: 'editor', name: 'Editor' }, edition: null, features: [], organization: { id: 'org_1', name: 'Studio' },
  mode: 'online', carrier: 'network', issuedAt: until - 86_400, until, validUntil: null, lastContact: null, offlineDays: 60, standing: { usable: true },
  endsWithinDays: null, unrenewed: null, refusal: null, file: null, fingerprint: { within: true, parts: { os: 'same', board: 'same', cpu: 'same', disk: 'same', net: 'same' }, same: 5, needed: 3 }, ...changes,
});

const flat = (items: readonly TrayItem[]): readonly string[] => items.map((item) => {
  if (item.type === 'separator') return '-';
  if (item.type === 'submenu') return `${item.label} [${flat(item.items).join(' | ')}]`;
  return item.type === 'text' ? `(${item.label})` : item.enabled ? item.label : `${item.label} (off)`;
});
const actionOf = (items: readonly TrayItem[], label: string) => items.find((item) => item.type === 'action' && item.label === label);

describe('the menu of the tray', () => {
  it('leads to a license when none is in use', () => {
    expect(flat(trayMenu({ leases: [], connection: connection('online') }, words))).toEqual(['(No license in use)', 'Choose a license…', '-', 'Open Latchkey', 'Quit Latchkey']);
    expect(trayTip({ leases: [] }, words)).toBe('Latchkey');
  });

  it('shows an online lease with its mode and end, what can be done, and that quitting keeps it', () => {
    const items = trayMenu({ leases: [lease()], connection: connection('online') }, words);
    expect(flat(items)).toEqual([
      'Editor, online', `(until ${words.time(until)})`, 'Switch to offline mode…', 'Release license…', '-', 'Open Latchkey', `(Quitting keeps the license until ${words.time(until)})`, 'Quit Latchkey',
    ]);
    expect(actionOf(items, 'Switch to offline mode…')).toMatchObject({ action: { do: 'switch-offline', lease: 'lse_1' } });
    expect(actionOf(items, 'Release license…')).toMatchObject({ action: { do: 'release', lease: 'lse_1' } });
    expect(trayTip({ leases: [lease()] }, words)).toBe(`Latchkey: Editor, online until ${words.time(until)}`);
  });

  it('offers the way back from an offline lease, and only while the authority can be reached', () => {
    const offline = lease({ mode: 'offline', offlineDays: 0 });
    expect(flat(trayMenu({ leases: [offline], connection: connection('online') }, words))).toContain('Switch to online mode');
    for (const state of ['none', 'connecting', 'unreachable'] as const) {
      const items = flat(trayMenu({ leases: [offline], connection: connection(state) }, words));
      expect(items).toContain('Switch to online mode (off)');
      expect(items).toContain('Release license…');
      expect(items.join()).not.toContain('Quitting keeps');
    }
  });

  it('does not offer to go offline where that is not possible', () => {
    expect(flat(trayMenu({ leases: [lease({ offlineDays: 0 })], connection: connection('online') }, words))).toContain('Switch to offline mode… (off)');
    expect(flat(trayMenu({ leases: [lease()], connection: connection('unreachable') }, words))).toContain('Switch to offline mode… (off)');
  });

  it('says of a lease that is not usable that it is not, and does not name it in the tip', () => {
    const suspended = lease({ standing: { usable: false, code: 'CLOCK_ROLLED_BACK', details: {} } });
    expect(flat(trayMenu({ leases: [suspended], connection: connection('online') }, words))[0]).toBe('Editor: not usable now');
    expect(trayTip({ leases: [suspended] }, words)).toBe('Latchkey');
  });

  it('says of an online lease that nothing renews it, since when, and names it in the tip before others', () => {
    const unrenewed = lease({ id: 'lse_2', product: { id: 'render', name: 'Render' }, unrenewed: { since: until - 86_400, step: 1 } });
    expect(flat(trayMenu({ leases: [unrenewed], connection: connection('unreachable') }, words)).slice(0, 3)).toEqual([
      'Render, online, not renewed', `(until ${words.time(until)})`, `(not renewed since ${words.time(until - 86_400)})`,
    ]);
    expect(trayTip({ leases: [lease(), unrenewed] }, words)).toBe(`Latchkey: Render, online, not renewed until ${words.time(until)}`);
  });

  it('gives each of several leases a menu of its own', () => {
    const items = trayMenu({ leases: [lease(), lease({ id: 'lse_2', mode: 'offline', product: { id: 'render', name: 'Render' } })], connection: connection('online') }, words);
    expect(flat(items).slice(0, 2)).toEqual([
      `Editor, online [(until ${words.time(until)}) | Switch to offline mode… | Release license…]`,
      `Render, offline [(until ${words.time(until)}) | Switch to online mode | Release license…]`,
    ]);
  });
});
