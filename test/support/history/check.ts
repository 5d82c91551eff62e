import { checkAnswers, checkFiles } from './check-answers.ts';
import { checkAudit, checkDropped, checkLowering, checkNumbers, checkUsable } from './check-ledger.ts';
import { checkSeats, livesOf } from './check-seats.ts';
import type { History, Violation } from './history.ts';

/** All that must hold of a history, judged from the history alone: the first violation stands first. */
export const checkHistory = (history: History): readonly Violation[] => {
  const lives = livesOf(history);
  return [
    ...checkSeats(history, lives), ...checkAnswers(history), ...checkFiles(history), ...checkNumbers(history, lives), ...checkLowering(history, lives), ...checkAudit(history), ...checkUsable(history), ...checkDropped(history),
  ].toSorted((a, b) => a.n - b.n);
};
