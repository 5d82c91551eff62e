import { claimsOf, fileIn, filesOf, isIssuing, isReturning } from './history.ts';
import type { History, Operation, Violation } from './history.ts';

/** What may be said after a request was answered: that whoever asks is not signed in any more, or that the machine was copied. */
const REFUSED_AFTER = new Set(['NOT_SIGNED_IN', 'MACHINE_CLONED']);

const grouped = (operations: readonly Operation[]): ReadonlyMap<string, readonly Operation[]> => Map.groupBy(operations, ({ sent }) => claimsOf(sent).jti);

/** The same document always gets the same answer; what is not known is known after it was sent again. */
export const checkAnswers = (history: History): readonly Violation[] => {
  const violations: Violation[] = [];
  const issuing = history.operations.filter(isIssuing);
  const returning = history.operations.filter(isReturning);
  const documents: (readonly [string, readonly Operation[]])[] = [...grouped(issuing), ...grouped(returning)];
  const answeredBySeq = new Map<string, string>();

  for (const [jti, operations] of documents) {
    let first: { readonly text: string; readonly at: number; readonly session: string | null } | null = null;
    for (const operation of operations.toSorted((a, b) => a.returned - b.returned)) {
      if (operation.outcome.is === 'done') {
        const text = String(operation.outcome.value[isIssuing(operation) ? 'licenseFile' : 'receipt']);
        const answer = claimsOf(text);
        const sent = claimsOf(operation.sent);
        if (String(answer[isIssuing(operation) ? 'req' : 'proof']) !== jti || answer.aud !== sent.iss) violations.push({ rule: 'same-answer', n: operation.returned, what: `${jti} was answered with a document for something else` });
        if (first !== null && first.text !== text) violations.push({ rule: 'same-answer', n: operation.returned, what: `${jti} was answered twice, differently: ${claimsOf(first.text).jti} and ${answer.jti}` });
        first ??= { text, at: operation.returned, session: operation.session };
        const counter = `${sent.iss} ${sent.seq}`;
        const other = answeredBySeq.get(counter);
        if (other !== undefined && other !== jti) violations.push({ rule: 'counter', n: operation.returned, what: `number ${sent.seq} of ${sent.iss} was used by ${other} and ${jti}` });
        answeredBySeq.set(counter, jti);
      } else if (operation.outcome.is === 'refused' && first !== null && operation.invoked > first.at && operation.session === first.session && !REFUSED_AFTER.has(operation.outcome.code)) {
        violations.push({ rule: 'same-answer', n: operation.returned, what: `${jti} was answered, and then refused with ${operation.outcome.code}` });
      }
    }
    const open = operations.find((operation) => operation.outcome.is === 'unknown' && !operations.some((later) => later.outcome.is !== 'unknown' && later.invoked > operation.invoked));
    if (open) violations.push({ rule: 'resolution', n: open.invoked, what: `what became of ${jti} was never said` });
  }
  for (const operation of history.operations) {
    if (operation.outcome.is === 'refused' && operation.outcome.code === 'INTERNAL') violations.push({ rule: 'defect', n: operation.returned, what: `${operation.kind} ended in a defect` });
  }
  return violations;
};

/** A file is one text; a lease's files are counted, each number once; what was acknowledged is never unknown afterwards. */
export const checkFiles = (history: History): readonly Violation[] => {
  const violations: Violation[] = [];
  const files = filesOf(history);
  const bySeq = new Map<string, string>();
  for (const operation of history.operations) {
    const text = fileIn(operation);
    if (text === null) continue;
    const { jti, sub, seq } = claimsOf(text);
    if (files.get(jti)?.text !== text) violations.push({ rule: 'same-answer', n: operation.returned, what: `${jti} is two different texts` });
    const place = `${sub} ${seq}`;
    const other = bySeq.get(place);
    if (other !== undefined && other !== jti) violations.push({ rule: 'sequence', n: operation.returned, what: `file ${seq} of ${sub} is ${other} and ${jti}` });
    bySeq.set(place, jti);
  }
  for (const operation of history.operations) {
    if (operation.outcome.is !== 'refused' || operation.outcome.code !== 'LEASE_NOT_FOUND') continue;
    if (operation.kind !== 'heartbeat' && !isReturning(operation) && operation.kind !== 'renew') continue;
    const claims = claimsOf(operation.sent);
    const file = operation.kind === 'renew' ? [...files.values()].find((each) => each.lease === claims['lease']) : files.get(String(claims['file']));
    if (file && file.machine === claims.iss && file.surelyFrom < operation.invoked) {
      violations.push({ rule: 'lost-lease', n: operation.returned, what: `lease ${file.lease} was acknowledged and is not known any more` });
    }
  }
  return violations;
};
