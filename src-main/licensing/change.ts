import type { Problem } from '../../src-shared/desktop.ts';
import type { LeaseMode } from '../../src-shared/lease.ts';
import { fail, ok, settle, unwrap } from '../../src-shared/result.ts';
import type { Result } from '../../src-shared/result.ts';
import { checkout } from './checkout.ts';
import type { Context } from './context.ts';
import { isDefinite } from './context.ts';
import { giveUp, release } from './release.ts';
import { intentionsIn } from './intentions.ts';
import type { Intention } from './intentions.ts';
import type { StoreWriter } from './store.ts';

/**
 * Changing the license in use for another one (docs/adr/0019-changing-a-license.md): the new one is taken, then the old one is
 * released. What is intended is written down before anything is asked, and removed when the caller is answered, so that only
 * an operation that was cut off leaves a record. The next start finishes it.
 */

export type Change = { readonly lease: string; readonly license: string; readonly mode?: LeaseMode; readonly days?: number };
/** `unreleased`: why the old lease is still in use too; null when it is released. */
export type Changed = { readonly lease: string; readonly unreleased: Problem | null };

const save = (tx: StoreWriter, intentions: readonly Intention[]): void =>
  tx.setSetting('changes', intentions.length === 0 ? null : JSON.stringify(intentions));

const begin = (context: Context, { lease, license }: Change): Intention => {
  const person = context.mirror.state().account?.user.id ?? null;
  const intention = { id: context.ports.random.id('chg'), lease, license, person };
  context.ports.store.write((tx) => save(tx, [...intentionsIn(tx), intention]));
  return intention;
};

const end = ({ ports }: Context, { id }: Intention): void => {
  if (intentionsIn(ports.store).some((each) => each.id === id)) ports.store.write((tx) => save(tx, intentionsIn(tx).filter((each) => each.id !== id)));
};

/** Another process, or the authority's word, was quicker. */
const isGone = (result: Result<unknown>): boolean => !result.ok && (result.code === 'LEASE_RELEASED' || result.code === 'LEASE_NOT_FOUND');

export const change = async (context: Context, { lease, ...wish }: Change): Promise<Result<Changed>> => {
  await context.sync();
  if (!context.heldLease(lease)) return fail(context.ports.store.release(lease) ? 'LEASE_RELEASED' : 'LEASE_NOT_FOUND', { lease });
  const intention = begin(context, { lease, ...wish });
  const taken = await settle(async () => unwrap(await checkout(context, wish)));
  if (!taken.ok) {
    end(context, intention);
    return taken;
  }
  const released = taken.value.lease === lease ? ok(null) : await settle(async () => unwrap(await release(context, { lease, reason: 'change' })));
  end(context, intention);
  return ok({ lease: taken.value.lease, unreleased: released.ok || isGone(released) ? null : { code: released.code, details: released.details } });
};

/** The request for the new license whose answer is not known yet. */
const outstandingOf = ({ ports }: Context, { license }: Intention) =>
  ports.store.pendingRequests().find((row) =>
    row.carrier === 'network' && row.purpose === 'checkout' && row.license === license && row.expiresAt > ports.clock.now());

const isHeld = (context: Context, { lease, license }: Intention): 'usable' | 'held' | null => {
  const leases = context.current().filter((each) => each.license === license && each.id !== lease);
  return leases.some(({ standing }) => standing.usable) ? 'usable' : leases.length > 0 ? 'held' : null;
};

const leftOf = ({ ports }: Context, left: readonly string[]): readonly Intention[] => intentionsIn(ports.store).filter(({ id }) => left.includes(id));

/**
 * What a process that ended in the middle of a change left behind. Where the new license is here, an old online lease is released
 * at once, which needs no network; the rest is for `finishChanges`. A change of which nothing was asked is forgotten.
 * `left`: the changes that were not finished when this process began.
 */
export const finishChangesHere = async (context: Context, left: readonly string[]): Promise<void> => {
  for (const intention of leftOf(context, left)) {
    const old = context.heldLease(intention.lease);
    const taken = isHeld(context, intention);
    if (old === null || (taken === null && outstandingOf(context, intention) === undefined)) end(context, intention);
    else if (taken === 'usable' && old.claims?.mode !== 'offline') {
      await giveUp(context, intention.lease, 'change');
      end(context, intention);
    }
  }
};

/** What needs the authority: takes the new license by the request that was sent already, and releases an old offline lease. */
export const finishChanges = async (context: Context, left: readonly string[]): Promise<void> => {
  await finishChangesHere(context, left);
  for (const intention of leftOf(context, left)) {
    const request = outstandingOf(context, intention);
    if (isHeld(context, intention) === null && request) {
      // Another person who has signed in since has not asked for it.
      if (context.mirror.state().account?.user.id !== intention.person) continue;
      const { license } = intention;
      const taken = await checkout(context, { license, mode: request.mode, ...(request.days === null ? {} : { days: request.days }) });
      if (!taken.ok && isDefinite(taken)) end(context, intention);
      if (!taken.ok) continue;
    }
    if (isHeld(context, intention) !== 'usable') continue;
    const released = await release(context, { lease: intention.lease, reason: 'change' });
    if (released.ok || isGone(released)) end(context, intention);
  }
};

/** The changes that are not finished, by their ids. */
export const leftChanges = ({ ports }: Context): readonly string[] => intentionsIn(ports.store).map(({ id }) => id);
