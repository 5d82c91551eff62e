import { expect, test } from 'vitest';
import { windowArguments, windowBrowser } from '../../support/start/page-window.ts';

const found = () => '/usr/bin/chromium';

test('a window of its own needs Linux, a display and a Chromium, and can be refused', () => {
  expect(windowBrowser('linux', { DISPLAY: ':0' }, found)).toBe('/usr/bin/chromium');
  expect(windowBrowser('linux', { WAYLAND_DISPLAY: 'wayland-0' }, found)).toBe('/usr/bin/chromium');
  expect(windowBrowser('linux', { DISPLAY: '' }, found)).toBeNull();
  expect(windowBrowser('linux', { DISPLAY: ':0' }, () => null)).toBeNull();
  expect(windowBrowser('linux', { DISPLAY: ':0', LATCHKEY_WINDOW: 'none' }, found)).toBeNull();
  expect([windowBrowser('darwin', { DISPLAY: ':0' }, found), windowBrowser('win32', {}, found)]).toEqual([null, null]);
});

test('its browser shows one page and talks to nobody else; without its sandbox only as root', () => {
  const args = windowArguments('http://127.0.0.1:1/?token=x', '/tmp/profile', false);
  expect(args).toEqual(expect.arrayContaining(['--app=http://127.0.0.1:1/?token=x', '--user-data-dir=/tmp/profile', '--disable-background-networking', '--disable-component-update', '--disable-sync']));
  expect(args).not.toContain('--no-sandbox');
  expect(windowArguments('http://127.0.0.1:1/', '/tmp/profile', true)).toContain('--no-sandbox');
});
