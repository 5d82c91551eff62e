import { EventEmitter } from 'node:events';
import { expect, test, vi } from 'vitest';

const electron = vi.hoisted(() => ({ app: { isPackaged: false, on: vi.fn<(name: string, listener: (...args: unknown[]) => void) => void>(), quit: vi.fn<() => void>() } }));
vi.mock('electron', () => electron);
const { collectOpenedPaths } = await import('../../../src-main/shell/opened-paths.ts');

const scene = () => {
  const app = new EventEmitter();
  electron.app.on.mockImplementation((name, listener) => void app.on(name, listener));
  const opened = collectOpenedPaths(() => false, () => undefined);
  const second = (...args: readonly string[]) => app.emit('second-instance', {}, ['latchkey', ...args], '/');
  return { app, second, listen: () => opened.listen(() => undefined, () => undefined) };
};

test('a start that asks for the window while the app is still starting in the tray is not forgotten', () => {
  const asked = scene();
  asked.second();
  expect(asked.listen()).toBe(true);
});

test('nobody has asked for the window by a hidden start, an address that is none of ours, or macOS\' own event at the launch', () => {
  const { app, second, listen } = scene();
  second('--hidden');
  second('latchkey://nothing');
  app.emit('activate');
  expect(listen()).toBe(false);
});
