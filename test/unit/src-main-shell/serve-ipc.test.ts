import { expect, test, vi } from 'vitest';

type Handler = (event: { readonly senderFrame: object }, input: unknown) => Promise<{ readonly value: { readonly opened: readonly { readonly name: string }[]; readonly goTo?: unknown } }>;
const electron = vi.hoisted(() => ({ handlers: new Map<string, unknown>(), ipcMain: { handle: (channel: string, handler: unknown) => void electron.handlers.set(channel, handler) } }));
vi.mock('electron', () => electron);
const { serveIpc } = await import('../../../src-main/shell/ipc.ts');

test('a file that is opened, and a page to go to, while the page is loaded again are there for the page that comes', async () => {
  const send = vi.fn<(push: string) => void>();
  const licensing = { subscribe: () => () => undefined, state: () => ({}), account: { onEvent: () => () => undefined } };
  const ipc = serveIpc({ licensing, app: {}, language: { locale: () => 'en' }, log: () => undefined, newId: String, contents: () => ({ isDestroyed: () => false, send }), endedUnexpectedly: false } as never);
  const snapshot = async () => (await (electron.handlers.get('app.snapshot') as Handler)({ senderFrame: { origin: 'app://latchkey', parent: null } }, null)).value;
  await snapshot();
  ipc.push('open-file', { name: 'a.lklic', bytes: new Uint8Array() });
  expect(send.mock.calls.map(([push]) => push)).toEqual(['open-file']);

  ipc.pageGone();
  ipc.push('open-file', { name: 'b.lklic', bytes: new Uint8Array() });
  ipc.push('navigate', { page: 'exchange' });
  expect(send).toHaveBeenCalledOnce();
  const next = await snapshot();
  expect([next.opened.map(({ name }) => name), next.goTo]).toEqual([['b.lklic'], { page: 'exchange' }]);
});
