import type { HeldLease, Notice } from '../../src-shared/desktop.ts';
import { endOf } from '../../src-shared/desktop.ts';
import type { Context } from './context.ts';
import { writeIfPossible } from './write.ts';

/** The oldest of more are dropped. */
const MOST = 20;

/** What a new notice of the same lease says anew. What is no longer true is withdrawn in any case. */
const replaces = (next: Notice, earlier: Notice): boolean =>
  next.lease === earlier.lease && (next.kind === earlier.kind || (next.kind === 'unrenewed' && earlier.kind === 'renew-refused'));

export const withNotice = (notices: readonly Notice[], next: Notice): readonly Notice[] =>
  [...notices.filter((each) => !replaces(next, each)), next].slice(-MOST);

/** Those that are still true of the leases held now. */
export const trueNotices = (notices: readonly Notice[], leases: readonly HeldLease[], hasRecovery: boolean): readonly Notice[] =>
  notices.filter((notice) => {
    const lease = leases.find(({ id }) => id === notice.lease);
    switch (notice.kind) {
      case 'expired': return lease !== undefined && !lease.standing.usable && lease.standing.code === 'LEASE_EXPIRED';
      case 'expiring': return lease?.standing.usable === true && lease.endsWithinDays !== null && lease.endsWithinDays <= Number(notice.details['days']);
      case 'unrenewed': return lease?.standing.usable === true && lease.unrenewed !== null;
      case 'renew-refused': return lease !== undefined && lease.refusal !== null;
      // Another lease of the same license is in use: what happened to the one before is past.
      case 'released-elsewhere':
      case 'revoked': return !leases.some(({ license, standing }) => standing.usable && license === notice.details['license']);
      case 'taken-again': return lease?.standing.usable === true;
      case 'store-recovered': return hasRecovery;
      // For ever.
      case 'retired': return true;
    }
  });

/** Says once each that a lease ends within so many days, that it has ended, and that it is not renewed. */
export const warn = (context: Context): void => {
  for (const lease of context.current()) {
    warnOfEnd(context, lease);
    warnUnrenewed(context, lease);
  }
};

/** Where it could not be written down that it was told, the notice itself says so. */
const isTold = (context: Context, lease: string, kind: Notice['kind'], fact: 'days' | 'step', step: number): boolean =>
  context.mirror.state().notices.some((notice) => notice.lease === lease && notice.kind === kind && (notice.details[fact] ?? step) === step);

const warnOfEnd = (context: Context, lease: HeldLease): void => {
  const { store } = context.ports;
  const stored = store.lease(lease.id)?.warned ?? null;
  // That it had ended was said while the clock was ahead.
  const warned = stored === 0 && lease.standing.usable ? null : stored;
  const ended = !lease.standing.usable && lease.standing.code === 'LEASE_EXPIRED';
  const step = ended ? 0 : lease.endsWithinDays;
  if (step === null || (warned !== null && warned <= step) || isTold(context, lease.id, ended ? 'expired' : 'expiring', 'days', step)) return;
  writeIfPossible(context.ports, 'warning.unrecorded', (tx) => tx.markWarned(lease.id, step));
  const { at, withLicense } = endOf(lease);
  context.notify({
    kind: ended ? 'expired' : 'expiring', lease: lease.id, productName: lease.product.name,
    details: ended ? { at: lease.until } : { days: step, until: at ?? lease.until, withLicense },
  });
};

const warnUnrenewed = (context: Context, { id, product, until, unrenewed }: HeldLease): void => {
  const { store } = context.ports;
  if (unrenewed === null || unrenewed.step <= (store.lease(id)?.unrenewed ?? 0) || isTold(context, id, 'unrenewed', 'step', unrenewed.step)) return;
  writeIfPossible(context.ports, 'warning.unrecorded', (tx) => tx.markUnrenewed(id, unrenewed.step));
  context.notify({ kind: 'unrenewed', lease: id, productName: product.name, details: { since: unrenewed.since, until, step: unrenewed.step } });
};
