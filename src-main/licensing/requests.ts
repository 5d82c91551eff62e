import type { DocumentFile } from '../../src-shared/desktop.ts';
import { judgeClock, label, signDocument } from '../../src-shared/documents/index.ts';
import type { ClaimsOf } from '../../src-shared/documents/index.ts';
import type { LeaseMode } from '../../src-shared/lease.ts';
import { REQUEST_TERM } from '../../src-shared/policy.ts';
import { fail, ok, Refusal } from '../../src-shared/result.ts';
import type { Result } from '../../src-shared/result.ts';
import type { Context } from './context.ts';
import { issueNumbered, slug, stamp } from './issue.ts';
import { judgeSigned } from './standing.ts';
import type { RequestRow } from './store.ts';

export type RequestInput = {
  readonly purpose: 'checkout' | 'renew' | 'time';
  readonly carrier: 'network' | 'file';
  readonly mode: LeaseMode;
  readonly license?: string;
  readonly product?: string;
  readonly lease?: string;
  readonly days?: number;
  /** For a command only. */
  readonly run?: boolean;
};

/** Writes and keeps an activation request. Throws the refusals `TRUST_MISSING` and `STORE_ROLLED_BACK`. */
export const writeRequest = async (context: Context, input: RequestInput): Promise<RequestRow> => {
  const { ports } = context;
  const trusted = context.trusted();
  if (!trusted) throw new Refusal('TRUST_MISSING');
  // Nothing is bound to a request for the time.
  const { v, parts } = input.purpose === 'time' ? context.view().fingerprint : await context.wholeFingerprint();
  const { license, product, lease, days, mode } = input;
  const machineName = ports.store.machine().name;
  const sign = async (seq: number): Promise<readonly RequestRow[]> => {
    // With the number, so that a later number never has an earlier time: that is how the authority knows a copy.
    const createdAt = ports.clock.now();
    const claims: ClaimsOf<'request'> = {
      iss: ports.machine.id,
      aud: trusted.iss,
      jti: ports.random.id('req'),
      iat: createdAt,
      exp: createdAt + REQUEST_TERM,
      seq,
      cnf: { jwk: ports.machine.key.jwk },
      fp: { v, parts } as ClaimsOf<'request'>['fp'],
      purpose: input.purpose,
      ...(lease === undefined ? {} : { lease }),
      want: {
        ...(license === undefined ? {} : { license }),
        ...(product === undefined ? {} : { product }),
        mode,
        ...(days === undefined ? {} : { days }),
      },
      machine: { name: machineName, os: ports.machine.os, app: ports.machine.app },
      keyset: trusted.version,
    };
    return [requestRow(claims, input.carrier, await signDocument('request', claims, ports.machine.key))];
  };
  return issueNumbered(context, sign, (tx, [row]) => {
    if (!row) return 'again';
    // One ticket at a time can be used: what is kept of an earlier one is worth nothing.
    if (row.purpose === 'time') tx.discardTimeRequests();
    tx.saveRequest(row);
    if (input.run) tx.saveRun(row.id);
    return row;
  });
};

/** What is kept of a request that waits. */
export const requestRow = ({ jti, purpose, want, lease, iat, exp, machine }: ClaimsOf<'request'>, carrier: RequestRow['carrier'], text: string): RequestRow => ({
  id: jti, purpose, carrier, state: 'pending', license: want.license ?? null, product: want.product ?? null, lease: lease ?? null,
  mode: want.mode, days: want.days ?? null, createdAt: iat, expiresAt: exp, machineName: machine.name,
  fileName: `latchkey-${purpose === 'time' ? 'time-request' : 'request'}-${slug(machine.name)}-${stamp(iat)}.lkreq`,
  text,
});

/** A request sent earlier whose answer never came: the same one is sent again, so that it cannot take a second seat. */
export const outstanding = ({ ports }: Context, input: RequestInput, except: readonly string[] = []): RequestRow | null =>
  ports.store.pendingRequests().find((row) =>
    !except.includes(row.id) && row.carrier === 'network' && row.purpose === input.purpose && row.mode === input.mode && row.license === (input.license ?? null) &&
    row.lease === (input.lease ?? null) && row.days === (input.days ?? null) && row.expiresAt > ports.clock.now()) ?? null;

const word = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;
/** What a signed document can name (`claims.ts`): nothing else is the id of anything. */
export const isId = (text: string): boolean => word.test(text);

export const renameMachine = (context: Context, name: string): Result<null> => {
  const trimmed = name.trim();
  if (!label.safeParse(trimmed).success) return fail('INPUT_INVALID', { field: 'name' });
  if (trimmed !== context.ports.store.machine().name) context.ports.store.write((tx) => tx.rename(trimmed));
  context.publish();
  return ok(null);
};

export const createRequest = async (
  context: Context,
  input: { readonly name?: string; readonly product?: string; readonly license?: string; readonly lease?: string; readonly days?: number },
): Promise<Result<DocumentFile>> => {
  await context.sync();
  for (const field of ['product', 'license', 'lease'] as const) {
    if (input[field] !== undefined && !isId(input[field])) return fail('INPUT_INVALID', { field });
  }
  if (input.days !== undefined && !(Number.isInteger(input.days) && input.days >= 1 && input.days <= 3660)) return fail('INPUT_INVALID', { field: 'days' });
  if (!context.trusted()) return fail('TRUST_MISSING');
  // It would be carried all the way for nothing.
  const clock = judgeSigned(context.ports.clock.now(), context.signedTime());
  if (!clock.ok) return clock;
  const renewed = input.lease === undefined ? null : context.heldLease(input.lease);
  if (input.lease !== undefined && !renewed) return fail(context.ports.store.released(input.lease) ? 'LEASE_RELEASED' : 'LEASE_NOT_FOUND', { lease: input.lease });
  // Its seat is another's by now, or nobody's: the authority would refuse the request. The same license can be asked for anew.
  const ended = renewed === null ? null : context.show(renewed).standing;
  if (renewed && ended?.usable === false && ended.code === 'LEASE_EXPIRED') {
    return fail('LEASE_EXPIRED', { why: 'renewal', lease: renewed.row.id, license: renewed.row.license, at: renewed.claims?.exp ?? null });
  }
  if (input.name !== undefined) {
    const renamed = renameMachine(context, input.name);
    if (!renamed.ok) return renamed;
  }
  const license = renewed?.row.license ?? input.license;
  const row = await writeRequest(context, {
    purpose: renewed ? 'renew' : 'checkout',
    carrier: 'file',
    mode: 'offline',
    ...(license === undefined ? {} : { license }),
    ...(input.product === undefined ? {} : { product: input.product }),
    ...(input.lease === undefined ? {} : { lease: input.lease }),
    ...(input.days === undefined ? {} : { days: input.days }),
  });
  context.publish();
  return ok({ name: row.fileName, text: row.text });
};

/**
 * A request file for the time. Only while the clock is judged to be behind: until its ticket is used the leases are then
 * suspended, and what a ticket that was kept back can bring is bounded by that (docs/adr/0010-time-tickets.md).
 */
export const createTimeRequest = async (context: Context): Promise<Result<DocumentFile>> => {
  await context.sync();
  if (!context.trusted()) return fail('TRUST_MISSING');
  if (judgeClock(context.ports.clock.now(), context.ports.store.machine().highest).ok) return fail('CONFLICT', { why: 'clock-right' });
  const row = await writeRequest(context, { purpose: 'time', carrier: 'file', mode: 'offline' });
  context.publish();
  return ok({ name: row.fileName, text: row.text });
};

const pendingByFile = ({ ports }: Context, id: string): RequestRow | null => {
  const row = ports.store.request(id);
  return row?.carrier === 'file' && row.state === 'pending' ? row : null;
};

export const requestFile = (context: Context, id: string): Result<DocumentFile> => {
  const row = pendingByFile(context, id);
  return row ? ok({ name: row.fileName, text: row.text }) : fail('REQUEST_UNKNOWN', { request: id });
};

export const discardRequest = (context: Context, id: string): Result<null> => {
  if (!pendingByFile(context, id)) return fail('REQUEST_UNKNOWN', { request: id });
  context.ports.store.write((tx) => tx.setRequestState(id, 'discarded'));
  context.publish();
  return ok(null);
};
