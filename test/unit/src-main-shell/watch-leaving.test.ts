import { EventEmitter } from 'node:events';
import { beforeEach, expect, test, vi } from 'vitest';

const electron = vi.hoisted(() => ({ app: { on: vi.fn<(name: string, listener: (event: object) => void) => void>(), exit: vi.fn<(status: number) => void>(), quit: vi.fn<() => void>() }, powerMonitor: {} }));
vi.mock('electron', () => electron);
const { watchLeaving } = await import('../../../src-main/shell/leaving.ts');

beforeEach(() => vi.clearAllMocks());

const broken = (): never => {
  throw new Error('ESTALE');
};

test.each(['closeDesktop', 'closeHome'] as const)('an app whose %s fails still ends, and what can be closed is closed', async (what) => {
  const app = new EventEmitter();
  electron.app.on.mockImplementation((name, listener) => void app.on(name, listener));
  const log = vi.fn<(event: string, facts: object) => void>();
  const ends = { closeDesktop: vi.fn<() => void>(), stop: () => Promise.resolve(), closeHome: vi.fn<() => void>() };
  ends[what].mockImplementation(broken);
  const leaving = watchLeaving(log);
  leaving.listen(ends);
  const preventDefault = vi.fn<() => void>();
  app.emit('will-quit', { preventDefault });
  await vi.waitFor(() => expect(electron.app.exit).toHaveBeenCalledExactlyOnceWith(0));
  expect([preventDefault, ends.closeDesktop, ends.closeHome].map(({ mock }) => mock.calls.length)).toEqual([1, 1, 1]);
  expect(log.mock.calls.map(([event]) => event)).toEqual(['quit.defect']);
});

test.each(['closeDesktop', 'closeHome'] as const)('at the end of a Windows session a %s that fails throws at nobody', (what) => {
  const ends = { closeDesktop: vi.fn<() => void>(), stop: () => Promise.resolve(), closeHome: vi.fn<() => void>() };
  ends[what].mockImplementation(broken);
  const leaving = watchLeaving(() => undefined);
  leaving.listen(ends);
  leaving.endNow();
  expect(ends.closeHome).toHaveBeenCalledOnce();
});
