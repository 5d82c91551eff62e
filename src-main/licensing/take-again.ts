import type { HeldLease } from '../../src-shared/desktop.ts';
import { DAY } from '../../src-shared/time.ts';
import type { Seconds } from '../../src-shared/time.ts';
import { checkout } from './checkout.ts';
import type { Context } from './context.ts';
import { isDefinite } from './context.ts';
import { refresh } from './picker.ts';
import { isTaker } from './takers.ts';

/** A license that ended longer ago was not in use, and is left to its person. */
const WITHIN: Seconds = 14 * DAY;
/** As many are named; the page of the license shows them all. */
const MOST_NAMED = 3;

/** Online, taken over the network, and ended because nothing renewed it: the computer slept, or the authority was away. */
const endedAsleep = ({ mode, carrier, standing, until, validUntil }: HeldLease, now: Seconds): boolean =>
  mode === 'online' && carrier === 'network' && !standing.usable && standing.code === 'LEASE_EXPIRED' && now - until <= WITHIN && (validUntil === null || validUntil > now);

/**
 * Takes the license of a lease that ended asleep again, and says so; where that is refused, says who has it. `product`: for a
 * command that runs; else those that the person who is signed in took, and not what was taken for a command. `refused`: leases that were refused
 * already, and are not asked for again until the computer wakes anew.
 */
export const takeAgain = async (context: Context, { product, refused }: { readonly product: string | null; readonly refused: Set<string> }): Promise<void> => {
  const { ports } = context;
  for (const lease of context.current(product ?? undefined)) {
    const isOfRun = ports.store.runLeases().includes(lease.id);
    if (!endedAsleep(lease, ports.clock.now()) || refused.has(lease.id) || (product === null && isOfRun) || !isTaker(context, lease.id)) continue;
    if (context.current().some(({ license, standing }) => license === lease.license && standing.usable)) continue;
    const taken = await checkout(context, { license: lease.license, run: isOfRun });
    if (taken.ok) {
      const { until } = context.current().find(({ id }) => id === taken.value.lease) ?? lease;
      context.notify({ kind: 'taken-again', lease: taken.value.lease, productName: lease.product.name, details: { until, at: lease.until } });
    } else if (isDefinite(taken)) {
      refused.add(lease.id);
      await refresh(context, lease.organization.id);
      // It is said here that it has ended, with the reason: not once more.
      ports.store.write((tx) => tx.markWarned(lease.id, 0));
      context.notify({ kind: 'expired', lease: lease.id, productName: lease.product.name, details: { at: lease.until, code: taken.code, holders: holdersOf(context, lease) } });
    }
  }
};

/** Who has the seats, as the picker shows it; empty where nobody is named. */
const holdersOf = ({ ports: { store }, mirror }: Context, { license, organization }: HeldLease): string => {
  const { account } = mirror.state();
  const row = account === null ? undefined : store.entitlements(account.user.id, organization.id)?.entitlements.find((each) => each.license === license);
  return (row?.holders ?? []).filter(({ yours }) => !yours).slice(0, MOST_NAMED).map(({ person, machine }) => (person === null ? machine.name : `${person} (${machine.name})`)).join(', ');
};
