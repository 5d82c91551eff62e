import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Words } from '../../../src-main/shell/messages.ts';

const electron = vi.hoisted(() => ({
  app: { exit: vi.fn<(status: number) => void>(), on: vi.fn<() => void>(), whenReady: () => Promise.resolve() },
  dialog: { showMessageBox: vi.fn<() => Promise<{ readonly response: number }>>(() => Promise.resolve({ response: 2 })) },
}));
vi.mock('electron', () => electron);
const { watchDefects } = await import('../../../src-main/shell/defects.ts');

/** The listeners that it adds to this process would hear what is not theirs. */
beforeEach(() => {
  vi.useFakeTimers();
  vi.clearAllMocks();
  vi.spyOn(process, 'on').mockImplementation(() => process);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const scene = () => {
  const [log, leave] = [vi.fn<(event: string, facts: object) => void>(), vi.fn<(status: number) => void>()];
  const words: Words = { say: (key) => key, time: String, rest: String };
  const defects = watchDefects({ log, words: () => words, showLog: () => undefined, restart: () => undefined, leave });
  return { log, leave, defects, logged: (kind: string) => log.mock.calls.filter(([event]) => event === kind).length };
};

test('an app that has noted many small defects in weeks still ends in order, in words and with its defect in the log', async () => {
  const { defects, leave, logged } = scene();
  for (let at = 0; at < 200; at += 1) defects.note('page.promise', new Error('of a page'));
  expect(logged('page.promise')).toBe(50);
  defects.end('defect.exception', new Error('of main'));
  await vi.advanceTimersByTimeAsync(0);
  expect([logged('defect.exception'), electron.dialog.showMessageBox.mock.calls.length, leave.mock.calls.length]).toEqual([1, 1, 1]);
  expect(electron.app.exit).not.toHaveBeenCalled();
});

test('a defect that repeats itself without end while the person is told ends the app at once', () => {
  const { defects, logged } = scene();
  for (let at = 0; at < 51; at += 1) defects.end('defect.exception', new Error('again'));
  expect(logged('defect.exception')).toBe(50);
  expect(electron.app.exit).toHaveBeenCalled();
});
