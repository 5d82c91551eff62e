import { createHash } from 'node:crypto';
import { authenticateHeartbeat, parseDocument } from '../../src-shared/documents/index.ts';
import type { ErrorCode } from '../../src-shared/errors.ts';
import { errorTable } from '../../src-shared/errors.ts';
import type { Result } from '../../src-shared/result.ts';
import type { Ground } from '../ground.ts';
import type { Carrier } from '../licenses/judge.ts';
import { digestOf, knownSigner, machineKey } from './admit.ts';
import type { Bringer } from './take.ts';

/** A document that somebody brought, as it came. */
export type Brought = { readonly kind: 'request' | 'release' | 'heartbeat'; readonly text: string | Uint8Array; readonly carrier: Carrier; readonly actor: Bringer };

/** That no seat is free, or a license is not for this person, is an outcome and no attack. */
const alsoRefused: readonly ErrorCode[] = ['CONFLICT', 'FORBIDDEN', 'LEASE_NOT_FOUND', 'LEASE_EXPIRED', 'LEASE_RELEASED', 'LEASE_REVOKED'];
const isRefusal = (code: ErrorCode): boolean => ['document', 'machine'].includes(errorTable[code].area) || alsoRefused.includes(code);

/** The machine that signed it; null when that is not proven, or nobody knows the machine: names that anybody can make say nothing. */
const provenMachine = async ({ database: { db } }: Ground, { kind, text }: Brought): Promise<string | null> => {
  if (kind === 'heartbeat') {
    const heard = typeof text === 'string' ? await authenticateHeartbeat(text, (machine) => machineKey(db, machine)) : null;
    return heard?.ok ? heard.value.iss : null;
  }
  return knownSigner(db, kind, text);
};

const describe = ({ kind, text }: Brought): { readonly kind: string; readonly digest: string } => {
  const parsed = kind === 'heartbeat' ? null : parseDocument(text);
  return parsed?.ok ? { kind: parsed.value.kind, digest: digestOf(parsed.value.jws) } : { kind, digest: createHash('sha256').update(text).digest('base64url') };
};

/**
 * Leaves a row of the audit for a document that was refused, and passes the result on. Everything that this takes is taken on
 * the way of a refusal: a document that is answered costs nothing more.
 */
export const recordRefused = async <T>(ground: Ground, brought: Brought, result: Result<T>): Promise<Result<T>> => {
  if (result.ok || !isRefusal(result.code)) return result;
  const { actor, carrier } = brought;
  const who = (await provenMachine(ground, brought)) ?? (actor === 'machine' ? 'unknown' : actor.kind === 'operator' ? 'operator' : actor.person.id);
  const { kind, digest } = describe(brought);
  const { why } = result.details;
  await ground.refusals.note({
    action: 'document.refused', actor: who, subject: digest, code: result.code, why: typeof why === 'string' ? why : null,
    details: { kind, digest, carrier, ...(actor !== 'machine' && actor.kind === 'person' && actor.person.id !== who ? { broughtBy: actor.person.id } : {}) },
  });
  return result;
};
