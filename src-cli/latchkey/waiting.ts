import type { Licensing } from '../../src-main/licensing/index.ts';
import type { Cancellable } from '../../src-shared/cancel.ts';

const MOMENT_MS = 1000;

/** The same licensing, in which every wait for the authority ends when the signal is raised. */
export const stoppable = (licensing: Licensing, options: Cancellable): Licensing => {
  const { account } = licensing;
  return {
    ...licensing,
    account: {
      ...account,
      signIn: (input, more = options) => account.signIn(input, more),
      signOut: (input, more = options) => account.signOut(input, more),
      chooseOrganization: (organization, more = options) => account.chooseOrganization(organization, more),
      setDefaultOrganization: (organization, more = options) => account.setDefaultOrganization(organization, more),
      call: (route, call, more = options) => account.call(route, call, more),
    },
    refresh: (organization, more = options) => licensing.refresh(organization, more),
    entitlements: (organization, more = options) => licensing.entitlements(organization, more),
    checkClock: (more = options) => licensing.checkClock(more),
    meet: (more = options) => licensing.meet(more),
    checkout: (input, more = options) => licensing.checkout(input, more),
    renew: (input, more = options) => licensing.renew(input, more),
    release: (input, more = options) => licensing.release(input, more),
    heartbeat: (more = options) => licensing.heartbeat(more),
    deliver: (more = options) => licensing.deliver(more),
    mine: (more = options) => licensing.mine(more),
    releaseElsewhere: (lease, more = options) => licensing.releaseElsewhere(lease, more),
    diagnose: (more = options) => licensing.diagnose(more),
  };
};

export type Waiting = {
  /** Raised by Ctrl-C. A second one ends the command at once, the way the system does it. */
  readonly signal: AbortSignal;
  /** Says on a terminal what a long wait is for and how to end it; the last line of a screen, not of a log. */
  readonly fetch: typeof globalThis.fetch;
  /** From here on nothing is said, and Ctrl-C is somebody else's. */
  readonly leave: () => void;
};

/** Ctrl-C stops waiting, and the command ends as it then stands. */
export const startWaiting = (send: typeof globalThis.fetch = (...request) => fetch(...request)): Waiting => {
  const stop = new AbortController();
  const interrupt = (): void => stop.abort();
  let isOurs = true;
  process.once('SIGINT', interrupt);
  return {
    signal: stop.signal,
    fetch: async (...request) => {
      let told = false;
      const timer = setTimeout(() => {
        if (!isOurs || !process.stderr.isTTY) return;
        told = true;
        process.stderr.write('Waiting for the license authority... Ctrl-C stops waiting.');
      }, MOMENT_MS);
      try {
        return await send(...request);
      } finally {
        clearTimeout(timer);
        // Carriage return, and erase to the end of the line (ECMA-48 EL): nothing of it stays.
        if (told) process.stderr.write('\r\u001b[K');
      }
    },
    leave: () => {
      isOurs = false;
      process.off('SIGINT', interrupt);
    },
  };
};
