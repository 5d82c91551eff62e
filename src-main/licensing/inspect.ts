import {
  authenticateIssued, authenticateKeyset, authenticateRelease, authenticateRequest, describeDocument, judgeKeyset, judgeLicenseFile, judgeReceipt, parseDocument,
} from '../../src-shared/documents/index.ts';
import type { Parsed } from '../../src-shared/documents/index.ts';
import { nextStepOf } from '../../src-shared/inspection.ts';
import type { Inspection, Verdict } from '../../src-shared/inspection.ts';
import { fail, ok } from '../../src-shared/result.ts';
import type { Result } from '../../src-shared/result.ts';
import type { Context } from './context.ts';
import { viewOf } from './standing.ts';

const verdictOf = (result: Result<unknown>): Verdict => (result.ok ? { ok: true } : { ok: false, code: result.code, details: result.details });

/** Runs the stages of acceptance without saving: what a file is, and what this machine would say to it. */
export const inspect = async (context: Context, file: Uint8Array | string): Promise<Result<Inspection>> => {
  await context.sync();
  const parsed = parseDocument(file);
  if (!parsed.ok) return parsed;
  const [genuine, acceptable] = await judge(context, parsed.value);
  const facts = { ...describeDocument(parsed.value), genuine: verdictOf(genuine), acceptable: verdictOf(genuine.ok ? acceptable() : genuine) };
  return ok({ ...facts, next: nextStepOf('machine', facts) });
};

type Judged = readonly [genuine: Result<unknown>, acceptable: () => Result<unknown>];

const judge = async (context: Context, parsed: Parsed): Promise<Judged> => {
  const { ports } = context;
  const trusted = context.trusted();
  const never = (): Result<never> => fail('FILE_WRONG_KIND', { expected: 'license', actual: parsed.kind });
  switch (parsed.kind) {
    case 'license': {
      const genuine = trusted ? await authenticateIssued(parsed, trusted) : fail('TRUST_MISSING');
      return [genuine, () => (genuine.ok ? judgeLicenseFile(genuine.value, viewOf(ports.store, context.view())) : genuine)];
    }
    case 'receipt': {
      const genuine = trusted ? await authenticateIssued(parsed, trusted) : fail('TRUST_MISSING');
      const view = { machine: ports.machine.id, proof: (lease: string) => ports.store.release(lease)?.proof ?? null };
      return [genuine, () => (genuine.ok ? judgeReceipt(genuine.value, view) : genuine)];
    }
    case 'time':
      return [trusted ? await authenticateIssued(parsed, trusted) : fail('TRUST_MISSING'), never];
    case 'keyset': {
      const genuine = trusted ? await authenticateKeyset(parsed, trusted) : fail('TRUST_MISSING');
      return [genuine, () => (genuine.ok ? judgeKeyset(genuine.value, trusted, ports.clock.now()) : genuine)];
    }
    // What a machine writes is for the authority: even its own are not for importing here.
    case 'request':
      return [await authenticateRequest(parsed), never];
    case 'release':
      // The key of another machine is the authority's to know; only our own proofs can be checked here.
      return parsed.claims.iss === ports.machine.id
        ? [await authenticateRelease(parsed, ports.machine.key.jwk), never]
        : [fail('FILE_WRONG_MACHINE', { expected: ports.machine.id, actual: parsed.claims.iss }), never];
  }
};
