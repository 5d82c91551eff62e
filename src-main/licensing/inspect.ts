import {
  authenticateIssued, authenticateKeyset, authenticateRelease, authenticateRequest, judgeKeyset, judgeLicenseFile, judgeReceipt, parseDocument,
} from '../../src-shared/documents/index.ts';
import type { Parsed } from '../../src-shared/documents/index.ts';
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
  return ok({ ...factsOf(parsed.value), genuine: verdictOf(genuine), acceptable: verdictOf(genuine.ok ? acceptable() : genuine) });
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

type Facts = Omit<Inspection, 'genuine' | 'acceptable'>;

const nothing = { machine: null, lease: null, want: null, grant: null, fingerprint: [], expiresAt: null } as const;
const nameless = (id: string) => ({ id, name: null, os: null });

const factsOf = (parsed: Parsed): Facts => {
  switch (parsed.kind) {
    case 'request': {
      const { claims } = parsed;
      return {
        ...nothing, kind: 'request', id: claims.jti, issuedAt: claims.iat, expiresAt: claims.exp, authority: claims.aud,
        machine: { id: claims.iss, name: claims.machine.name, os: claims.machine.os }, lease: claims.lease ?? null,
        want: { license: claims.want.license ?? null, product: claims.want.product ?? null, mode: claims.want.mode, days: claims.want.days ?? null },
        fingerprint: Object.keys(claims.fp.parts),
      };
    }
    case 'license': {
      const { claims } = parsed;
      const { id, product, edition, organization } = claims.license;
      return {
        ...nothing, kind: 'license', id: claims.jti, issuedAt: claims.iat, expiresAt: claims.exp, authority: claims.iss, machine: nameless(claims.aud),
        lease: claims.sub, grant: { license: id, product, edition, organization, mode: claims.mode }, fingerprint: Object.keys(claims.fp.parts),
      };
    }
    case 'release': {
      const { claims } = parsed;
      return { ...nothing, kind: 'release', id: claims.jti, issuedAt: claims.iat, authority: claims.aud, machine: nameless(claims.iss), lease: claims.sub };
    }
    case 'receipt': {
      const { claims } = parsed;
      return { ...nothing, kind: 'receipt', id: claims.jti, issuedAt: claims.iat, authority: claims.iss, machine: nameless(claims.aud), lease: claims.sub };
    }
    case 'keyset': {
      const { claims } = parsed;
      return { ...nothing, kind: 'keyset', id: `keyset-${claims.version}`, issuedAt: claims.iat, expiresAt: claims.exp, authority: claims.iss };
    }
  }
};
