import { claimsOf, filesOf, isIssuing, isReturning } from './history.ts';
import type { FileSeen, History, Operation, Violation } from './history.ts';

/**
 * Rule 4 over a history: a seat is busy from the issue of a file until a proof of its return is accepted, a later file of the
 * lease is confirmed, a named person frees it early (online only; that they end the lease frees nothing), or the file ends. What is not known is taken the way that accuses
 * nobody: a file surely exists from the first reply that shows it, and may have ended from the moment on at which anything
 * was sent that could end it.
 */
export type Life = {
  readonly file: FileSeen;
  readonly mayEnd: number;
  readonly surelyEnds: number;
};

const requestSeqs = (history: History): ReadonlyMap<string, number> => {
  const seqs = new Map<string, number>();
  for (const operation of history.operations) {
    if (!isIssuing(operation)) continue;
    const { jti, seq } = claimsOf(operation.sent);
    seqs.set(jti, seq);
  }
  return seqs;
};

/** Whether this operation ends that file, if it took effect. */
const ends = (operation: Operation, file: FileSeen, files: ReadonlyMap<string, FileSeen>, requestSeq: number): boolean => {
  // A decision ends what is online, and what ends no later than that: the audit tells until when, and nothing outlasts it.
  if (operation.kind === 'free') {
    return operation.sent === file.lease && [...files.values()].some((other) => other.lease === file.lease && other.mode === 'online' && other.exp >= file.exp && other.mayFrom < operation.returned);
  }
  if (operation.kind === 'heartbeat') {
    const claims = claimsOf(operation.sent);
    if (claims.sub !== file.lease) return false;
    const held = files.get(String(claims['file']));
    return held === undefined || held.seq > file.seq;
  }
  if (!isReturning(operation)) return false;
  const claims = claimsOf(operation.sent);
  // A proof ends what the machine had asked for before it wrote the proof, and nothing that it asked for later.
  return claims.sub === file.lease && claims.seq > requestSeq;
};

export const livesOf = (history: History): readonly Life[] => {
  const files = filesOf(history);
  const seqs = requestSeqs(history);
  const enders = history.operations.filter((operation) => (operation.kind === 'free' || operation.kind === 'heartbeat' || isReturning(operation)) && operation.outcome.is !== 'refused');
  const clocks = history.marks.filter((mark) => mark.kind === 'clock');
  return [...files.values()].map((file) => {
    const byTime = clocks.find((mark) => mark.now >= file.exp)?.n ?? Number.POSITIVE_INFINITY;
    let [mayEnd, surelyEnds] = [byTime, byTime];
    for (const operation of enders) {
      if (!ends(operation, file, files, seqs.get(file.request) ?? 0)) continue;
      mayEnd = Math.min(mayEnd, operation.invoked);
      if (operation.outcome.is === 'done') surelyEnds = Math.min(surelyEnds, operation.returned);
    }
    return { file, mayEnd, surelyEnds: Math.max(surelyEnds, file.mayFrom) };
  });
};

/** The machines that surely keep a seat of a license busy at an instant. */
export const surelyBusy = (lives: readonly Life[], license: string, n: number): ReadonlySet<string> =>
  new Set(lives.filter(({ file, mayEnd }) => file.license === license && file.surelyFrom <= n && n < mayEnd).map(({ file }) => file.machine));

/** Those that may. */
export const maybeBusy = (lives: readonly Life[], license: string, n: number): ReadonlySet<string> =>
  new Set(lives.filter(({ file, surelyEnds }) => file.license === license && file.mayFrom <= n && n <= surelyEnds).map(({ file }) => file.machine));

/** Machines whose request may have been answered without anybody ever seeing the file: they were found to be copies before they could ask again. */
export const unseenOf = ({ operations }: History, lives: readonly Life[]): ReadonlySet<string> => {
  const seen = new Set(lives.map(({ file }) => file.request));
  const stopped = operations.filter((operation) => isIssuing(operation) && operation.outcome.is === 'refused' && operation.outcome.code === 'MACHINE_CLONED').map(({ sent }) => claimsOf(sent).jti);
  const again = new Set(stopped);
  return new Set(operations.filter((operation) => isIssuing(operation) && operation.outcome.is === 'unknown').map(({ sent }) => claimsOf(sent)).filter(({ jti }) => again.has(jti) && !seen.has(jti)).map(({ iss }) => iss));
};

export const checkSeats = (history: History, lives: readonly Life[]): readonly Violation[] => {
  const violations: Violation[] = [];
  for (const [license, seats] of Object.entries(history.seats)) {
    // The number only rises where a file comes to be.
    for (const { file } of lives.filter((life) => life.file.license === license)) {
      const busy = surelyBusy(lives, license, file.surelyFrom);
      if (busy.size <= seats) continue;
      violations.push({ rule: 'seats', n: file.surelyFrom, what: `${busy.size} machines hold leases of ${license}, which has ${seats} seats: ${[...busy].map((machine) => machine.slice(-6)).join(', ')}` });
      break;
    }
  }
  return violations;
};
