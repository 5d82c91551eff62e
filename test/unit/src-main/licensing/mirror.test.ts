import { expect, test } from 'vitest';
import type { DesktopState } from '../../../../src-shared/desktop.ts';
import { createMirror } from '../../../../src-main/licensing/mirror.ts';

const state = { leases: [], requests: [], clock: { ok: true }, notices: [], picker: { loading: false } } as unknown as DesktopState;

test('only what changed is pushed, in full, and only once', () => {
  const mirror = createMirror(state);
  const pushed: Partial<DesktopState>[] = [];
  const stop = mirror.subscribe((changes) => void pushed.push(changes));
  mirror.set({ clock: { ok: true }, leases: [], picker: state.picker });
  expect(pushed).toEqual([]);
  mirror.set({ clock: { ok: false, cause: 'doubt', now: 1, highest: 2, authority: null }, leases: [] });
  expect(pushed).toEqual([{ clock: { ok: false, cause: 'doubt', now: 1, highest: 2, authority: null } }]);
  expect(mirror.state()).toEqual({ ...state, clock: { ok: false, cause: 'doubt', now: 1, highest: 2, authority: null } });
  mirror.set({ clock: { ok: false, cause: 'doubt', now: 1, highest: 2, authority: null } });
  expect(pushed).toHaveLength(1);
  stop();
  mirror.set({ clock: { ok: true } });
  expect(pushed).toHaveLength(1);
});
