import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { DesktopState, Problem } from '../../src-shared/desktop.ts';
import type { AppSnapshot, IpcChannel, IpcInput, IpcPushes, IpcValue, LatchkeyBridge } from '../../src-shared/ipc.ts';
import { asksAuthority } from '../../src-shared/ipc.ts';
import { fail } from '../../src-shared/result.ts';
import type { Result } from '../../src-shared/result.ts';
import { waitFor } from '../waiting/waits.ts';

export type App = AppSnapshot['app'];

/** The mirror of what main knows. Files that were opened wait for the exchange page. */
export type Mirror =
  | { readonly phase: 'starting' }
  | { readonly phase: 'failed'; readonly problem: Problem }
  | { readonly phase: 'ready'; readonly app: App; readonly revision: number; readonly state: DesktopState; readonly goTo?: IpcPushes['navigate'] };

export type Desktop = {
  readonly mirror: StoreApi<Mirror>;
  /** Takes the snapshot, and follows the pushes from then on. Returns the files that were opened before the page was there. */
  readonly connect: () => Promise<readonly IpcPushes['open-file'][]>;
  /** A person, or the signal, may stop waiting for the authority: `CANCELLED`. */
  readonly call: <C extends IpcChannel>(channel: C, input: IpcInput<C>, options?: { readonly signal?: AbortSignal }) => Promise<Result<IpcValue<C>>>;
  readonly on: LatchkeyBridge['on'];
};

/** One snapshot, then the pushes by revision. A revision left out means that a push was missed: the snapshot is asked again. */
export const createDesktop = (bridge: LatchkeyBridge): Desktop => {
  const mirror = createStore<Mirror>(() => ({ phase: 'starting' }));
  let waiting: IpcPushes['state'][] = [];
  let asking: Promise<readonly IpcPushes['open-file'][]> | null = null;

  // Names of calls are never used again, not by the next page of this window either.
  const page = crypto.randomUUID();
  let named = 0;
  const call: Desktop['call'] = async (channel, input, { signal } = {}) => {
    try {
      if (!asksAuthority[channel]) return await bridge.call(channel, input);
      const id = `${page} ${(named += 1)}`;
      const cancel = (): void => void bridge.call('call.cancel', { call: id });
      signal?.addEventListener('abort', cancel);
      return await waitFor(bridge.call(channel, input, id), cancel);
    } catch {
      return fail('INTERNAL', { correlation: channel });
    }
  };

  const ask = async (): Promise<readonly IpcPushes['open-file'][]> => {
    const snapshot = await call('app.snapshot', null);
    asking = null;
    if (!snapshot.ok) {
      waiting = [];
      mirror.setState({ phase: 'failed', problem: { code: snapshot.code, details: snapshot.details } }, true);
      return [];
    }
    const { app, revision, state, opened, goTo } = snapshot.value;
    mirror.setState({ phase: 'ready', app, revision, state, ...(goTo !== undefined && { goTo }) }, true);
    const late = waiting;
    waiting = [];
    late.forEach(apply);
    return opened;
  };

  const apply = (push: IpcPushes['state']): void => {
    const now = mirror.getState();
    if (asking !== null || now.phase !== 'ready') {
      waiting.push(push);
    } else if (push.revision === now.revision + 1) {
      mirror.setState({ ...now, revision: push.revision, state: { ...now.state, ...push.changes } }, true);
    } else if (push.revision > now.revision) {
      asking = ask();
    }
  };

  let listening = false;
  return {
    mirror,
    call,
    on: bridge.on,
    connect: async () => {
      // Listening comes first, so that no push falls between the snapshot and it.
      if (!listening) bridge.on('state', apply);
      listening = true;
      asking ??= ask();
      return asking;
    },
  };
};
