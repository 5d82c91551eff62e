import { expect, test } from 'vitest';
import type { DesktopState } from '../../../src-shared/desktop.ts';
import type { IpcPush, LatchkeyBridge } from '../../../src-shared/ipc.ts';
import { fail, ok } from '../../../src-shared/result.ts';
import { createDesktop } from '../../../src-renderer/desktop/store.ts';
import { scenarios } from '../../support/desktop-double/scenarios.ts';

const NOW = 1_790_000_000;
const start: DesktopState = scenarios.picker(NOW).state;
const named = (name: string): Partial<DesktopState> => ({ machine: { ...start.machine, name } });

/** A bridge whose snapshots are given out by hand. */
const bridge = () => {
  const asked: ((answer: unknown) => void)[] = [];
  const listeners: ((value: never) => void)[] = [];
  const door = {
    call: () => new Promise((resolve) => asked.push(resolve)),
    on: (push: IpcPush, listener: (value: never) => void) => {
      expect(push).toBe('state');
      listeners.push(listener);
      return () => undefined;
    },
  } as unknown as LatchkeyBridge;
  return {
    door,
    asked,
    answer: (revision: number, changes: Partial<DesktopState> = {}) => asked.shift()?.(ok({ revision, app: { version: '1', platform: 'linux', locale: 'en', catalog: [] }, state: { ...start, ...changes }, opened: [] })),
    refuse: () => asked.shift()?.(fail('STORE_UNUSABLE')),
    push: (revision: number, changes: Partial<DesktopState>) => listeners.forEach((listener) => listener({ revision, changes } as never)),
  };
};
const nameIn = (desktop: ReturnType<typeof createDesktop>): string | null => {
  const mirror = desktop.mirror.getState();
  return mirror.phase === 'ready' ? `${mirror.revision} ${mirror.state.machine.name}` : null;
};
const settled = () => new Promise((resolve) => setImmediate(resolve));

test('pushes are applied in the order of their revisions', async () => {
  const main = bridge();
  const desktop = createDesktop(main.door);
  const connected = desktop.connect();
  main.answer(4);
  await connected;
  main.push(5, named('five'));
  main.push(6, named('six'));
  expect(nameIn(desktop)).toBe('6 six');
});

test('a push that came while the snapshot was on its way is applied after it, and one that the snapshot has is not', async () => {
  const main = bridge();
  const desktop = createDesktop(main.door);
  const connected = desktop.connect();
  main.push(4, named('older than the snapshot'));
  main.push(5, named('newer'));
  expect(nameIn(desktop)).toBeNull();
  main.answer(4, named('four'));
  await connected;
  expect(nameIn(desktop)).toBe('5 newer');
});

test('a push left out makes the snapshot be asked again, once', async () => {
  const main = bridge();
  const desktop = createDesktop(main.door);
  const connected = desktop.connect();
  main.answer(1);
  await connected;
  main.push(3, named('three'));
  main.push(4, named('four'));
  expect(main.asked.length).toBe(1);
  main.answer(3, named('three, by snapshot'));
  await settled();
  expect(nameIn(desktop)).toBe('4 four');
});

test('a push that is already known changes nothing', async () => {
  const main = bridge();
  const desktop = createDesktop(main.door);
  const connected = desktop.connect();
  main.answer(7, named('seven'));
  await connected;
  main.push(7, named('again'));
  main.push(2, named('long ago'));
  expect(nameIn(desktop)).toBe('7 seven');
  expect(main.asked.length).toBe(0);
});

test('a refused snapshot is shown as its problem, and connecting again recovers', async () => {
  const main = bridge();
  const desktop = createDesktop(main.door);
  const connected = desktop.connect();
  main.refuse();
  await connected;
  expect(desktop.mirror.getState()).toEqual({ phase: 'failed', problem: { code: 'STORE_UNUSABLE', details: {} } });
  const again = desktop.connect();
  main.answer(1, named('back'));
  await again;
  expect(nameIn(desktop)).toBe('1 back');
});

test('a bridge that breaks is a defect told as data', async () => {
  const desktop = createDesktop({ call: () => Promise.reject(new Error('gone')), on: () => () => undefined });
  expect(await desktop.call('picker.refresh', null)).toMatchObject({ ok: false, code: 'INTERNAL' });
});
