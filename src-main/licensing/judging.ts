import {
  authenticateIssued, authenticateKeyset, authenticateRelease, authenticateRequest, judgeKeyset, judgeLicenseFile, judgeReceipt, judgeTimeTicket,
} from '../../src-shared/documents/index.ts';
import type { Genuine, IssuedKind, MachineView, Parsed, TimeView, TrustedKeys } from '../../src-shared/documents/index.ts';
import { fail } from '../../src-shared/result.ts';
import type { Result } from '../../src-shared/result.ts';
import type { Seconds } from '../../src-shared/time.ts';
import type { Context } from './context.ts';
import { isDamaged, viewOf } from './standing.ts';
import type { StoreReader } from './store.ts';

/**
 * Stages two and three as this machine sees them: the one judgement behind `inspect`, which asks it of what is stored, and
 * `accept`, which asks it again inside the transaction that saves.
 */

/**
 * A key that is not known here may only be newer than the keyset that is: `needed` is the version to bring next, which is
 * always signed by a root known here. What is older than that keyset and yet unknown to it is no matter of a missing step.
 */
const withNeeded = <T>(result: Result<T>, trusted: TrustedKeys, isNewer: boolean): Result<T> =>
  !result.ok && result.code === 'FILE_NOT_GENUINE' && result.details['why'] === 'key-unknown' && isNewer
    ? fail(result.code, { ...result.details, needed: trusted.version + 1, known: trusted.version })
    : result;

/** Errors: `TRUST_MISSING`, those of `authenticateIssued`; `key-unknown` with `needed` where a keyset is missing. */
export const genuineIssued = async <K extends IssuedKind>(trusted: TrustedKeys | null, parsed: Parsed<K>): Promise<Result<Genuine<K>>> => {
  if (!trusted) return fail('TRUST_MISSING');
  const { iat } = parsed.claims as { readonly iat: Seconds };
  return withNeeded(await authenticateIssued(parsed, trusted), trusted, iat >= trusted.iat);
};

/** Errors: `TRUST_MISSING`, those of `authenticateKeyset`; `key-unknown` with `needed` where one in between is missing. */
export const genuineKeyset = async (trusted: TrustedKeys | null, parsed: Parsed<'keyset'>): Promise<Result<Genuine<'keyset'>>> =>
  trusted ? withNeeded(await authenticateKeyset(parsed, trusted), trusted, parsed.claims.version > trusted.version + 1) : fail('TRUST_MISSING');

const timeOf = ({ ports, contact }: Context): TimeView => ({ now: ports.clock.now(), authority: contact.authorityTime() });

const licenseView = (context: Context, store: StoreReader): MachineView => viewOf(store, { ...context.view(), highest: store.machine().highest });

export const judgeLicenseHere = (context: Context, file: Genuine<'license'>, store: StoreReader): Result<'new' | 'again'> =>
  judgeLicenseFile(file, licenseView(context, store));

/**
 * Of a file that stood in `kept/` when the database was damaged: its request is lost with the database, and what the database
 * still says of the lease may be what was damaged. Which file was the newest is known from beside it all the same. Everything
 * else is judged as ever.
 */
export const judgeKeptHere = (context: Context, file: Genuine<'license'>, store: StoreReader): Result<'new' | 'again'> => {
  const view = licenseView(context, store);
  const newest = context.ports.store.kept().newest.get(file.claims.sub) ?? 0;
  const held: typeof view.held = (lease) => (newest > file.claims.seq ? { jti: '', seq: newest } : isDamagedHere(context, lease) ? null : view.held(lease));
  return judgeLicenseFile(file, { ...view, requested: () => true, held });
};

export const isDamagedHere = (context: Context, lease: string): boolean => {
  const held = context.heldLease(lease);
  return held !== null && isDamaged(held);
};

export const judgeReceiptHere = ({ ports }: Context, receipt: Genuine<'receipt'>, store: StoreReader): Result<null> =>
  judgeReceipt(receipt, { machine: ports.machine.id, now: ports.clock.now(), proof: (lease) => store.release(lease)?.proof ?? null });

/** Only a request that still waits has an answer. */
export const judgeTimeHere = (context: Context, ticket: Genuine<'time'>, store: StoreReader): Result<null> =>
  judgeTimeTicket(ticket, {
    machine: context.ports.machine.id,
    ...timeOf(context),
    signed: store.machine().signed,
    purposeOf: (jti) => {
      const request = store.request(jti);
      return request?.state === 'pending' ? request.purpose : null;
    },
  });

/**
 * What a machine writes is for the authority, so none of it is imported here, not even one's own. Of another machine's proof
 * only the authority can say whether it is genuine: `FILE_WRONG_MACHINE` (why: proof).
 */
export const judgeFromMachine = async ({ ports }: Context, parsed: Parsed<'request'> | Parsed<'release'>): Promise<{ readonly genuine: Result<unknown>; readonly acceptable: Result<never> }> => {
  const genuine =
    parsed.kind === 'request' ? await authenticateRequest(parsed)
      : parsed.claims.iss === ports.machine.id ? await authenticateRelease(parsed, ports.machine.key.jwk)
        : fail('FILE_WRONG_MACHINE', { why: 'proof', expected: ports.machine.id, actual: parsed.claims.iss });
  return { genuine, acceptable: genuine.ok ? fail('FILE_WRONG_KIND', { expected: 'license', actual: parsed.kind }) : genuine };
};

/** Both stages of any document, with nothing saved. */
export const judgeHere = async (context: Context, parsed: Parsed): Promise<{ readonly genuine: Result<unknown>; readonly acceptable: Result<unknown> }> => {
  const { store } = context.ports;
  const trusted = context.trusted();
  const both = <K extends Parsed['kind']>(genuine: Result<Genuine<K>>, judge: (document: Genuine<K>) => Result<unknown>) =>
    ({ genuine, acceptable: genuine.ok ? judge(genuine.value) : genuine });
  switch (parsed.kind) {
    case 'license':
      return both(await genuineIssued(trusted, parsed), (file) => judgeLicenseHere(context, file, store));
    case 'receipt':
      return both(await genuineIssued(trusted, parsed), (receipt) => judgeReceiptHere(context, receipt, store));
    case 'time':
      return both(await genuineIssued(trusted, parsed), (ticket) => judgeTimeHere(context, ticket, store));
    case 'keyset':
      return both(await genuineKeyset(trusted, parsed), (keyset) => judgeKeyset(keyset, trusted, timeOf(context)));
    case 'request':
    case 'release':
      return judgeFromMachine(context, parsed);
  }
};
