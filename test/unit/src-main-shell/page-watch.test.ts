import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { watchPage } from '../../../src-main/shell/page-watch.ts';

/** A window as far as the watch looks at it, and a person who is asked. */
beforeEach(() => { vi.useFakeTimers(); });
afterEach(() => { vi.useRealTimers(); });

const scene = (hidden = false) => {
  const webContents = new EventEmitter();
  const window = Object.assign(new EventEmitter(), { webContents, isDestroyed: () => false, isVisible: () => !hidden, isMinimized: () => minimized, isFocused: () => focused });
  let [minimized, focused] = [false, true];
  const cover = (on: boolean) => { focused = !on; window.emit(on ? 'blur' : 'focus'); };
  const minimize = (on: boolean) => { minimized = on; window.emit(on ? 'minimize' : 'restore'); };
  const [load, log, ask] = [vi.fn<() => void>(), vi.fn<() => void>(), vi.fn<() => Promise<'retry' | null>>(() => Promise.resolve('retry'))];
  let time = 0;
  watchPage(window as never, { load, log, ask, hidden, now: () => time });
  const fail = (code: number, isMainFrame = true) => webContents.emit('did-fail-load', {}, code, 'ERR_X', 'app://latchkey/', isMainFrame);
  const die = (reason: string, at: number) => { time = at; webContents.emit('render-process-gone', {}, { reason }); };
  return { window, webContents, load, log, ask, fail, die, minimize, cover };
};

test('a page that is loaded and paints nothing is asked about, and one that paints is not', async () => {
  const empty = scene();
  empty.webContents.emit('did-finish-load');
  await vi.advanceTimersByTimeAsync(60_000);
  expect([empty.ask.mock.calls.length, empty.load.mock.calls.length, empty.log.mock.calls]).toEqual([1, 2, [['page.empty', {}]]]);

  const painted = scene();
  painted.webContents.emit('did-finish-load');
  painted.window.emit('ready-to-show');
  await vi.advanceTimersByTimeAsync(60_000);
  // "Loaded" may also come after the first paint.
  painted.webContents.emit('did-finish-load');
  await vi.advanceTimersByTimeAsync(60_000);
  expect([painted.ask.mock.calls.length, painted.load.mock.calls.length]).toEqual([0, 1]);
});

test('a load that another one took the place of, and one of a frame within, is no trouble', async () => {
  const { ask, fail } = scene();
  fail(-3);
  fail(-2, false);
  await vi.advanceTimersByTimeAsync(0);
  expect(ask).not.toHaveBeenCalled();
  fail(-2);
  expect(ask).toHaveBeenCalledOnce();
});

test('the person is asked once at a time, and not while the window is hidden but when it shows again', async () => {
  const { window, ask, fail } = scene();
  fail(-2);
  fail(-2);
  expect(ask).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(0);
  window.emit('show');
  window.emit('hide');
  fail(-2);
  expect(ask).toHaveBeenCalledTimes(1);
  window.emit('show');
  expect(ask).toHaveBeenCalledTimes(2);
});

test('a page that was painted in the meantime is not asked about when the window shows', () => {
  const { window, ask, fail } = scene(true);
  fail(-2);
  window.emit('ready-to-show');
  window.emit('show');
  expect(ask).not.toHaveBeenCalled();
});

test('a page that dies is loaded anew, also after a long time, but not twice in a minute', async () => {
  const { load, ask, die } = scene();
  die('crashed', 0);
  die('oom', 60_000);
  expect([load.mock.calls.length, ask.mock.calls.length]).toEqual([3, 0]);
  die('crashed', 119_999);
  expect([load.mock.calls.length, ask.mock.calls.length]).toEqual([3, 1]);
  await vi.advanceTimersByTimeAsync(0);
  expect(load).toHaveBeenCalledTimes(4);
});

test('a page that is loaded anew while nobody can see it is not asked about before it had time to paint in sight', async () => {
  const scenes = [
    { of: scene(), away: (it: ReturnType<typeof scene>) => it.window.emit('hide'), back: (it: ReturnType<typeof scene>) => it.window.emit('show') },
    { of: scene(), away: (it: ReturnType<typeof scene>) => it.minimize(true), back: (it: ReturnType<typeof scene>) => it.minimize(false) },
    // On macOS a window that others cover is not painted either.
    { of: scene(), away: (it: ReturnType<typeof scene>) => it.cover(true), back: (it: ReturnType<typeof scene>) => it.cover(false) },
  ];
  for (const { of, away, back } of scenes) {
    of.webContents.emit('did-finish-load');
    of.window.emit('ready-to-show');
    away(of);
    of.die('crashed', 0);
    of.webContents.emit('did-finish-load');
    await vi.advanceTimersByTimeAsync(3_600_000);
    back(of);
    of.window.emit('ready-to-show');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(of.ask).not.toHaveBeenCalled();
    // One that is empty all the same is asked about once it can be seen.
    away(of);
    of.die('crashed', 3_700_000);
    of.webContents.emit('did-finish-load');
    await vi.advanceTimersByTimeAsync(60_000);
    back(of);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(of.ask).toHaveBeenCalledOnce();
  }
});
