import { claimsOf, filesOf, isReturning } from './history.ts';
import type { History, Operation, Violation } from './history.ts';
import { maybeBusy, surelyBusy, unseenOf } from './check-seats.ts';
import type { Life } from './check-seats.ts';

type Shown = { readonly license: string; readonly seats: { readonly owned: number; readonly free: number; readonly inUse: number; readonly inTransit: number; readonly atRisk: number } };

/** The numbers that people are shown add up to what is owned, and lie between what is surely busy and what may be. */
export const checkNumbers = (history: History, lives: readonly Life[]): readonly Violation[] => {
  const violations: Violation[] = [];
  const unseen = unseenOf(history, lives);
  for (const operation of history.operations) {
    if (operation.kind !== 'look' || operation.outcome.is !== 'done') continue;
    for (const { license, seats } of operation.outcome.value['entitlements'] as readonly Shown[]) {
      const owned = history.seats[license];
      if (owned === undefined) continue;
      const busy = seats.inUse + seats.inTransit + seats.atRisk;
      if (seats.owned !== owned || busy + seats.free !== owned || seats.free < 0) {
        violations.push({ rule: 'numbers', n: operation.returned, what: `${license}: ${JSON.stringify(seats)} does not add up to ${owned}` });
        continue;
      }
      const instants = Array.from({ length: operation.returned - operation.invoked + 1 }, (_, at) => operation.invoked + at);
      const least = Math.min(...instants.map((n) => surelyBusy(lives, license, n).size));
      const most = Math.max(...instants.map((n) => new Set([...maybeBusy(lives, license, n), ...unseen]).size));
      if (busy < least || busy > most) violations.push({ rule: 'numbers', n: operation.returned, what: `${license}: ${busy} seats are shown as busy, ${least} surely are and ${most} may be` });
    }
  }
  return violations;
};

type Told = { readonly lease: string; readonly busyUntil: number; readonly from: number; readonly to: number };

const told = (operation: Operation): Told | null => {
  if (operation.outcome.is !== 'done') return null;
  const value = operation.kind === 'decide' || operation.kind === 'free' ? operation.outcome.value : (operation.outcome.value['lease'] as Readonly<Record<string, unknown>> | undefined);
  return value === undefined || typeof value['id'] !== 'string' ? null : { lease: value['id'], busyUntil: Number(value['busyUntil']), from: operation.invoked, to: operation.returned };
};

/**
 * The time until which a lease keeps its seat is never told as earlier than the end of a file that nothing has ended: it goes
 * down only by a document of the machine, or by a decision.
 */
export const checkLowering = (history: History, lives: readonly Life[]): readonly Violation[] =>
  history.operations.map(told).filter((each) => each !== null).flatMap(({ lease, busyUntil, from, to }) => {
    const longer = lives.find(({ file, mayEnd }) => file.lease === lease && file.surelyFrom < from && to < mayEnd && file.exp > busyUntil);
    return longer ? [{ rule: 'lowered' as const, n: to, what: `lease ${lease} is said to keep its seat until ${busyUntil}; its file ${longer.file.seq} runs until ${longer.file.exp}, and nobody gave it up` }] : [];
  });

/** The chain of the audit holds, and each decision that took effect is in it. */
export const checkAudit = (history: History): readonly Violation[] => {
  const audits = history.marks.filter((mark) => mark.kind === 'audit');
  const violations: Violation[] = audits.filter(({ intact }) => !intact).map(({ n }) => ({ rule: 'audit', n, what: 'the chain of the audit is broken' }));
  const last = audits.at(-1);
  if (last) {
    const recorded = { decide: new Set(last.decisions), free: new Set(last.freed) };
    for (const operation of history.operations) {
      if ((operation.kind !== 'decide' && operation.kind !== 'free') || operation.outcome.is !== 'done' || operation.returned > last.n || recorded[operation.kind].has(operation.sent)) continue;
      // Its seat was free already: nothing was decided.
      if (operation.kind === 'free' && typeof (operation.outcome.value['ended'] as { readonly freedAt: number | null } | null)?.freedAt !== 'number') continue;
      violations.push({ rule: 'audit', n: operation.returned, what: `the decision about ${operation.sent} is not in the audit` });
    }
  }
  return violations;
};

/** A lease leaves a machine with its proof, or its seat waits for the end of its file. */
export const checkDropped = (history: History): readonly Violation[] =>
  history.marks.flatMap((mark): readonly Violation[] =>
    mark.kind === 'dropped' ? [{ rule: 'dropped', n: mark.n, what: `${mark.machine} has neither lease ${mark.lease}, which it accepted, nor its proof` }] : []);

/**
 * A client never uses a lease whose return it has proven. One whose home was replaced by an older copy has forgotten that it
 * did, and may use the lease until it is answered about it.
 */
export const checkUsable = (history: History): readonly Violation[] => {
  const files = [...filesOf(history).values()];
  return history.marks.flatMap((mark): readonly Violation[] => {
    if (mark.kind !== 'usable') return [];
    const about = history.operations.filter((operation) => isAboutLease(operation, mark.lease) && operation.returned < mark.n);
    const given = about.filter((operation) => isReturning(operation) && operation.outcome.is === 'done');
    const restored = history.marks.findLast((other) => other.kind === 'restore' && other.machine === mark.machine && other.n < mark.n)?.n ?? 0;
    const knows = given.some(({ returned }) => returned > restored) || (given.length > 0 && about.some((operation) => operation.invoked > restored && tellsOfLease(operation)));
    if (knows) return [{ rule: 'released-and-usable', n: mark.n, what: `${mark.machine} uses lease ${mark.lease} after it was given back` }];
    return files.some((file) => file.lease === mark.lease && file.machine === mark.machine) ? [] : [{ rule: 'released-and-usable', n: mark.n, what: `${mark.machine} uses lease ${mark.lease}, of which it was never given a file` }];
  });
};

/** Whether the answer says what has become of the lease: a machine that was found to be a copy is told nothing else. */
const tellsOfLease = ({ outcome }: Operation): boolean => outcome.is === 'done' || (outcome.is === 'refused' && outcome.code !== 'MACHINE_CLONED');

/** Whether a machine asked about this lease, or gave it back. */
const isAboutLease = (operation: Operation, lease: string): boolean => {
  if (operation.kind !== 'heartbeat' && operation.kind !== 'renew' && !isReturning(operation)) return false;
  const claims = claimsOf(operation.sent);
  return (operation.kind === 'renew' ? claims['lease'] : claims.sub) === lease;
};
