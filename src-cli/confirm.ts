import { createInterface } from 'node:readline/promises';
import { fail, ok } from '../src-shared/result.ts';
import type { Result } from '../src-shared/result.ts';
import { printable, wantsJson } from './command.ts';

/** Whether there is a person to be asked: a script has no terminal, and goes on without a question. */
export const canAsk = (): boolean => process.stdin.isTTY === true && process.stderr.isTTY === true && !wantsJson();

/** Asks a person before something that cannot be undone. Errors: `CANCELLED` (why: not-confirmed). */
export const ask = async (question: string): Promise<Result<null>> => {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    // The end of the input and Ctrl-C close the terminal, and leave the question without an answer.
    const closed = new Promise<string>((resolve) => terminal.once('close', () => resolve('')));
    const answer = await Promise.race([terminal.question(printable(`${question} Type yes: `)).catch(() => ''), closed]);
    return answer.trim().toLowerCase() === 'yes' ? ok(null) : fail('CANCELLED', { why: 'not-confirmed' });
  } finally {
    terminal.close();
  }
};
