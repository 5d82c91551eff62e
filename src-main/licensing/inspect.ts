import { describeDocument, parseDocument } from '../../src-shared/documents/index.ts';
import { nextStepOf } from '../../src-shared/inspection.ts';
import type { Inspection, Verdict } from '../../src-shared/inspection.ts';
import { ok } from '../../src-shared/result.ts';
import type { Result } from '../../src-shared/result.ts';
import { recordRefusal } from './accept.ts';
import type { Context } from './context.ts';
import { judgeHere } from './judging.ts';

const verdictOf = (result: Result<unknown>): Verdict =>
  (!result.ok ? { ok: false, code: result.code, details: result.details } : result.value === 'again' ? { ok: true, again: true } : { ok: true });

/**
 * Runs the stages of acceptance without saving: what a file is, and what this machine would say to it. One that is damaged or
 * forged is remembered as refused, because nobody is offered to import it.
 */
export const inspect = async (context: Context, file: Uint8Array | string): Promise<Result<Inspection>> => {
  await context.sync();
  const parsed = parseDocument(file);
  if (!parsed.ok) {
    recordRefusal(context, parsed, null, file);
    return parsed;
  }
  const { genuine, acceptable } = await judgeHere(context, parsed.value);
  // A key that is not known yet is no forgery.
  if (!genuine.ok && genuine.code === 'FILE_NOT_GENUINE' && genuine.details['needed'] === undefined) recordRefusal(context, genuine, parsed.value.kind, file);
  const facts = { ...describeDocument(parsed.value), genuine: verdictOf(genuine), acceptable: verdictOf(acceptable) };
  return ok({ ...facts, next: nextStepOf('machine', facts) });
};
