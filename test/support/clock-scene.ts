import { afterEach, beforeEach, expect } from 'vitest';
import { contract } from '../../src-shared/http/index.ts';
import { unwrap } from '../../src-shared/result.ts';
import { PASSWORD, settableClock, startAuthority } from './authority.ts';
import type { SettableClock, TestAuthority } from './authority.ts';
import { codeOf, startClient } from './client.ts';
import type { TestClient } from './client.ts';
import { answer } from './exchange.ts';

/** A machine whose clock is its own, beside an authority with a clock that is right; made anew for each test. */
export const clockScene = () => {
  const scene = {
    authority: undefined as unknown as TestAuthority,
    own: undefined as unknown as SettableClock,
    client: undefined as unknown as TestClient,
    /** When the test begins, by both clocks. */
    start: 0,
    connected: async (): Promise<void> => {
      scene.client = await startClient({ clock: scene.own, authority: scene.authority.url, keyset: scene.authority.keyset(), name: 'WS-1' });
      unwrap(await scene.client.licensing().account.signIn({ email: 'editor@northlight.example', password: PASSWORD }));
    },
    /** A machine without a network, with an offline lease of 30 days. */
    island: async (days = 30): Promise<string> => {
      scene.client = await startClient({ clock: scene.own, authority: null, keyset: scene.authority.keyset(), name: 'WS-2' });
      const { text } = unwrap(await scene.client.licensing().createRequest({ product: 'stage', days }));
      const accepted = unwrap(await scene.client.licensing().accept(await answer(scene.authority, text, 'lic_stage', days)));
      return accepted.kind === 'license' ? accepted.lease : '';
    },
    /** What a running program does every few seconds. */
    look: async (): Promise<void> => void (await scene.client.licensing().checkClock()),
    standing: () => scene.client.licensing().current().map((lease) => (lease.standing.usable ? 'usable' : lease.standing.code)),
    seats: async (): Promise<number> => unwrap(await scene.authority.call(await scene.authority.signIn('editor@northlight.example'))(contract.leases.mine, {})).leases.length,
    ticketFor: async (request: string): Promise<string> => unwrap(await scene.authority.authority().tellTime(request)).ticket,
    everything: () => {
      const { store } = scene.client.ports();
      return structuredClone({ machine: store.machine(), leases: store.leases(), releases: store.releases(), keysets: store.keysets(), pending: store.pendingRequests() });
    },
    /** The code of a refusal that changes nothing. */
    refused: async (file: string): Promise<string> => {
      const before = scene.everything();
      const code = codeOf(await scene.client.licensing().accept(file));
      expect(scene.everything()).toEqual(before);
      return code;
    },
  };
  beforeEach(async () => {
    scene.authority = await startAuthority();
    scene.start = scene.authority.clock.now();
    scene.own = settableClock(scene.start);
  });
  afterEach(async () => {
    await scene.client.close();
    await scene.authority.close();
  });
  return scene;
};
