import type { Cancellable } from '../../src-shared/cancel.ts';
import { EVENTS_PATH } from '../../src-shared/http/index.ts';
import type { AuthorityEvent } from '../../src-shared/http/index.ts';
import { defaultPolicy, RENEW_WHEN_LEFT } from '../../src-shared/policy.ts';
import type { Result } from '../../src-shared/result.ts';
import { MINUTE } from '../../src-shared/time.ts';
import type { Seconds } from '../../src-shared/time.ts';
import { meet, refreshAccount } from './account.ts';
import { createSignal, within } from './cancel.ts';
import { finishChanges } from './change.ts';
import type { StartOptions } from './api.ts';
import { extend } from './checkout.ts';
import type { Context } from './context.ts';
import { heartbeat } from './heartbeat.ts';
import { warn } from './notices.ts';
import { refresh } from './picker.ts';
import { recover } from './recover.ts';
import { deliverProofs } from './release.ts';
import { isReissueDue, isRenewalDue } from './standing.ts';
import type { Held } from './standing.ts';
import { takeAgain } from './take-again.ts';
import { settleUnanswered } from './unanswered.ts';

/** How often the local state is looked at: another process's changes, a clock put right, a lease that has ended. */
const LOOK: Seconds = 5;
const RETRY_FIRST: Seconds = 5;
/** Between two looks goes so much time only when the computer slept or its clock was set. */
const JUMP: Seconds = MINUTE;
/** Events come in bursts: one refresh answers them. */
const GATHER: Seconds = 0.3;

export type Upkeep = {
  readonly start: (options?: StartOptions) => void;
  /** Waits for what is under way; a signal ends the waits for the authority that are left. */
  readonly stop: (options?: Cancellable) => Promise<void>;
  /** Everything again, now: a computer that slept knows neither how late it is nor what has changed meanwhile. */
  readonly wake: () => void;
  /** Something was asked whose answer did not come: what became of it is settled as soon as the authority answers again. */
  readonly soon: () => void;
  readonly onEvent: (listener: (event: AuthorityEvent) => void) => () => void;
};

/** What goes on by itself while the app or `latchkey run` stands. `leftChanges`: changes of a license that an earlier process did not finish. */
export const createUpkeep = (whole: Context, leftChanges: readonly string[]): Upkeep => {
  const { ports, contact, mirror } = whole;
  const ending = createSignal();
  /** Everything below waits for the authority until `stop` is in a hurry. */
  const context = within(whole, { signal: ending.signal });
  let running = false;
  let warns = true;
  let product: string | null = null;
  const refused = new Set<string>();
  let failures = 0;
  let cancelLook = (): void => undefined;
  let cancelRound = (): void => undefined;
  let cancelGather = (): void => undefined;
  let closeEvents = (): void => undefined;
  const under = new Set<Promise<void>>();

  /** Work nobody waits for, except `stop`. */
  const go = (name: string, work: () => Promise<unknown>): void => {
    const done = work().then(
      () => undefined,
      (error: unknown) => ports.log('upkeep.failed', { name, error: error instanceof Error ? error.message : String(error) }),
    );
    under.add(done);
    void done.finally(() => under.delete(done));
  };

  let lookedAt: Seconds | null = null;
  /** The computer slept, or its clock was set. */
  const hasJumped = (): boolean => {
    const now = ports.clock.now();
    const gap = lookedAt === null ? 0 : now - lookedAt;
    lookedAt = now;
    return gap < 0 || gap > JUMP;
  };
  const looks = { running: false, wanted: false };
  /** One at a time: a look that waits for the authority is followed by another, for what was asked meanwhile. */
  const look = async (): Promise<void> => {
    if (running) ports.presence.beat();
    looks.wanted = true;
    if (looks.running) return;
    looks.running = true;
    try {
      while (looks.wanted) {
        looks.wanted = false;
        await lookOnce();
      }
    } finally {
      looks.running = false;
    }
  };
  const lookOnce = async (): Promise<void> => {
    await context.sync();
    // What time it is at the authority is heard before anything is said to have ended.
    if (hasJumped() && running && ports.authority.url !== null) {
      refused.clear();
      if ((await meet(context)).ok) await takeAgain(context, { product, refused });
      roundNow();
    }
    // What could not be read back then may be now: the clock is right again, the keys are known.
    if (ports.store.setting('recover') !== null) await recover(context);
    context.publish();
    if (warns) warn(context);
  };
  const lookAgain = (): void => {
    cancelLook = ports.schedule.after(LOOK, () => {
      go('look', look);
      if (running) lookAgain();
    });
  };

  /** Everything that needs the authority. It ends early when nobody answers. */
  const round = async (): Promise<boolean> => {
    if (ports.authority.url === null) return true;
    const met = await meet(context);
    if (!met.ok) {
      ports.log('authority.not-met', { code: met.code });
      // Another authority is none: nothing is said to it, and the right one may be back soon.
      if (met.code === 'AUTHORITY_UNREACHABLE' || met.code === 'FILE_WRONG_AUTHORITY') {
        const { picker } = mirror.state();
        if (picker.organization) mirror.set({ picker: { ...picker, problem: { code: met.code, details: met.details } } });
        return false;
      }
    }
    await finishChanges(context, leftChanges);
    await context.inTurn(() => deliverProofs(context));
    await settleUnanswered(context);
    if (contact.signedIn()) {
      await refreshAccount(context);
      await refresh(context);
    }
    // It was another authority that refused it.
    if (streamEnded && contact.signedIn()) listen();
    await heartbeat(context);
    await context.inTurn(() => renewDue(context));
    await takeAgain(context, { product, refused });
    return mirror.state().connection.state !== 'unreachable';
  };
  const roundNow = (): void => {
    cancelRound();
    go('round', async () => {
      let isDone = false;
      try {
        isDone = await round();
      } finally {
        // Also when it threw: a disk that is full now may have room for the next one.
        failures = isDone ? 0 : failures + 1;
        planRound();
      }
    });
  };
  const planRound = (): void => {
    if (!running) return;
    const due = nextRound(context);
    const wait = failures === 0 ? due : Math.min(due, RETRY_FIRST * 2 ** (failures - 1));
    cancelRound();
    cancelRound = ports.schedule.after(wait, roundNow);
  };

  const listeners = new Set<(event: AuthorityEvent) => void>();
  const hear = (event: AuthorityEvent): void => {
    for (const listener of listeners) listener(event);
    switch (event.type) {
      case 'hello':
        return;
      case 'lease':
        if (event.machine === ports.machine.id && context.heldLease(event.lease)) go('heartbeat', () => heartbeat(context));
        return;
      case 'entitlements':
        // Somebody has decided about this machine: what was refused may be given now, and what it holds may have ended.
        if (event.machine === ports.machine.id) roundNow();
        if (event.organization !== mirror.state().picker.organization?.id) return;
        cancelGather();
        cancelGather = ports.schedule.after(GATHER, () => go('refresh', () => refresh(context)));
        return;
      case 'keys':
        // What a revoked key signed is believed no longer from now on, and leases that rest on it are renewed in the same round.
        roundNow();
        return;
      case 'account':
        go('account', () => refreshAccount(context));
    }
  };
  let wasDown = false;
  /** The stream was refused for the session's sake: by another authority, or by ours, which then ends the session at the next call. */
  let streamEnded = false;
  const listen = (): void => {
    closeEvents();
    closeEvents = () => undefined;
    streamEnded = false;
    const token = contact.token();
    if (!running || token === null || ports.authority.url === null) return;
    closeEvents = ports.authority.events(token, {
      event: hear,
      up: () => {
        if (wasDown || mirror.state().connection.state !== 'online') roundNow();
        wasDown = false;
      },
      refused: () => {
        streamEnded = true;
      },
      down: () => {
        if (wasDown || !running) return;
        wasDown = true;
        ports.log('events.down', { path: EVENTS_PATH });
        roundNow();
      },
    });
  };
  context.session.onChange((what) => {
    if (what === 'session') listen();
  });
  contact.onKnown(listen);

  return {
    onEvent: (listener: (event: AuthorityEvent) => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    start: ({ notices = true, product: only } = {}) => {
      if (running) return;
      product = only ?? null;
      warns = notices;
      running = true;
      failures = 0;
      wasDown = false;
      lookAgain();
      listen();
      roundNow();
      go('look', look);
    },
    soon: () => {
      if (!running) return;
      cancelRound();
      cancelRound = ports.schedule.after(RETRY_FIRST, roundNow);
    },
    wake: () => {
      if (!running) return;
      refused.clear();
      go('look', look);
      roundNow();
    },
    stop: async ({ signal } = {}) => {
      if (running) ports.presence.leave();
      running = false;
      cancelLook();
      cancelRound();
      cancelGather();
      closeEvents();
      signal?.addEventListener('abort', ending.raise);
      if (signal?.aborted) ending.raise();
      while (under.size > 0) await Promise.all(under);
      signal?.removeEventListener('abort', ending.raise);
      cancelRound();
    },
  };
};

/** How long until the authority is needed again: by the shortest of what the held online leases ask for. */
const nextRound = (context: Context): Seconds => {
  const now = context.ports.clock.now();
  const needs = context.held().flatMap(({ row, claims }) => {
    if (claims?.mode !== 'online' || claims.exp <= now) return [];
    const left = claims.exp - now;
    const untilHalf = left - (claims.exp - Math.max(claims.iat, claims.nbf)) * RENEW_WHEN_LEFT + 1;
    // Half of the term has passed: it was asked for and not given, and is asked for more often as the end comes.
    return [context.terms(row.id)?.heartbeat ?? defaultPolicy.heartbeat, untilHalf > 0 ? untilHalf : left / 4];
  });
  return Math.max(RETRY_FIRST, Math.min(defaultPolicy.heartbeat, ...needs));
};

/** The vendor moved the end of the license: the file says another one. */
const isLicenseChanged = (context: Context, { row, claims }: Held): boolean => {
  const told = context.terms(row.id)?.validUntil;
  return told !== undefined && claims !== null && told !== claims.license.validUntil;
};

/** Extends every online lease of whose term less than half is left, and every lease whose file's key was revoked. */
export const renewDue = async (context: Context): Promise<void> => {
  const now = context.ports.clock.now();
  for (const held of context.held()) {
    const { row, claims } = held;
    if (!claims) continue;
    // One that was refused is tried again: whoever could change that may have.
    const isDue = (isRenewalDue(claims, now) || (claims.mode === 'online' && (row.refusal !== null || isLicenseChanged(context, held)))) && context.current().some(({ id, standing }) => id === row.id && standing.usable);
    if (!isDue && !isReissueDue(held, now)) continue;
    const renewed = await context.alone(() => renewOne(context, row.id));
    if (renewed.ok || !context.heldLease(row.id)?.row.refusal || row.refusal?.code === renewed.code) continue;
    context.notify({
      kind: 'renew-refused', lease: row.id, productName: claims.license.product.name, details: { ...renewed.details, code: renewed.code, until: claims.exp },
    });
  }
};

/** A file that came by file may run longer than one that comes over the network may: then as long as that may. */
const renewOne = async (context: Context, lease: string): Promise<Result<null>> => {
  const renewed = await extend(context, { lease });
  const most = !renewed.ok && renewed.code === 'PERIOD_NOT_ALLOWED' ? renewed.details['most'] : undefined;
  return typeof most === 'number' && most >= 1 ? extend(context, { lease, days: most }) : renewed;
};
