import type { Imported } from '../../src-shared/desktop.ts';
import { parseDocument } from '../../src-shared/documents/index.ts';
import type { DocumentKind, Parsed } from '../../src-shared/documents/index.ts';
import { CLOCK_TOLERANCE } from '../../src-shared/policy.ts';
import { ok } from '../../src-shared/result.ts';
import type { Failure, Result } from '../../src-shared/result.ts';
import type { Context } from './context.ts';
import { buryLease, issueNumbered, signRelease } from './issue.ts';
import { genuineIssued, judgeFromMachine, judgeKeptHere, judgeLicenseHere, judgeReceiptHere, judgeTimeHere } from './judging.ts';
import { isDamaged, isReadable } from './standing.ts';
import type { Held } from './standing.ts';
import type { LeaseRow, StoreReader } from './store.ts';
import { acceptKeyset } from './trust.ts';

/**
 * The one door: parse, authenticate, judge, save in one transaction. It does not matter how the file came. A refused file
 * changes nothing; a file that is held already changes nothing either.
 */
export const accept = async (context: Context, file: Uint8Array | string): Promise<Result<Imported>> => {
  await context.sync();
  const parsed = parseDocument(file);
  const accepted = parsed.ok ? await acceptParsed(context, parsed.value, file) : parsed;
  if (!accepted.ok) recordRefusal(context, accepted, parsed.ok ? parsed.value.kind : null, file);
  return accepted;
};

/**
 * What was refused here is remembered: code, kind and digest, never the text. `file` null: it was not even read. That it
 * cannot be remembered (a full disk) does not change what is answered.
 */
export const recordRefusal = ({ ports }: Context, { code, details }: Failure, kind: DocumentKind | null, file: Uint8Array | string | null): void => {
  try {
    const why = typeof details['why'] === 'string' ? details['why'].slice(0, 64) : null;
    ports.store.write((tx) => tx.saveRefusal({ at: ports.clock.now(), code, why, kind, file }));
  } catch (error) {
    ports.log('refusal.unrecorded', { code, error: error instanceof Error ? error.message : String(error) });
  }
};

const acceptParsed = async (context: Context, document: Parsed, file: Uint8Array | string): Promise<Result<Imported>> => {
  switch (document.kind) {
    case 'license':
      return acceptLicenseFile(context, document);
    case 'receipt':
      return acceptReceipt(context, document);
    case 'keyset': {
      const accepted = await acceptKeyset(context.ports, context.trusted(), file, context.contact.authorityTime());
      if (!accepted.ok) return accepted;
      await context.reload();
      return ok({ kind: 'keyset', version: accepted.value.trusted.version, again: accepted.value.again });
    }
    case 'time':
      return acceptTimeTicket(context, document);
    case 'request':
    case 'release':
      return (await judgeFromMachine(context, document)).acceptable;
  }
};

/** `kept`: the file stood in `kept/` when the database was damaged (`judgeKeptHere`). */
export const acceptLicenseFile = async (
  context: Context,
  parsed: Parsed<'license'>,
  kept: { readonly carrier: LeaseRow['carrier'] } | null = null,
): Promise<Result<Imported>> => {
  const { ports } = context;
  const genuine = await genuineIssued(context.trusted(), parsed);
  if (!genuine.ok) return genuine;
  const { claims } = genuine.value;
  const judge = (store: StoreReader) => (kept ? judgeKeptHere : judgeLicenseHere)(context, genuine.value, store);

  // Judged before anything is signed, and again inside the transaction, where nobody can come between.
  const first = judge(ports.store);
  if (!first.ok) return first;
  if (first.value === 'again') return ok({ kind: 'license', lease: claims.sub, again: true });

  /** A machine holds one seat of a license: the new lease takes it over, and the old one is released. */
  const replacedIn = (store: StoreReader): readonly LeaseRow[] => store.leases().filter(({ id, license }) => license === claims.license.id && id !== claims.sub);
  /** The leases as they were when their proofs were signed. Another process of this home may take or renew one meanwhile. */
  let read: readonly Held[] = [];
  const asRead = (row: LeaseRow): Held | undefined => read.find((held) => held.row.id === row.id && held.row.file === row.file && held.row.text === row.text);

  const judged = await issueNumbered(
    context,
    async (seq) => {
      const replaced = replacedIn(ports.store);
      read = context.held();
      if (!replaced.every(asRead)) {
        await context.reload();
        read = context.held();
      }
      const provable = replaced.flatMap((row) => asRead(row) ?? []).filter(isReadable).filter((held) => !isDamaged(held));
      return Promise.all(provable.map((held, index) => signRelease(context, held, 'moved', seq + index)));
    },
    (tx, releases) => {
      const now = judge(tx);
      if (!now.ok || now.value === 'again') return now;
      const replaced = replacedIn(tx);
      // No lease goes without its proof, and a proof names the newest file. Only a row whose file was read and proves nothing goes without.
      if (!replaced.every(asRead)) return 'again';
      for (const { id } of replaced) {
        const release = releases.find(({ lease }) => lease === id);
        if (release) buryLease(tx, release);
        else tx.removeLease(id);
      }
      const request = tx.request(claims.req);
      const held = tx.lease(claims.sub);
      tx.saveLease({
        id: claims.sub, license: claims.license.id, product: claims.license.product.id, file: claims.jti, seq: claims.seq, text: parsed.text,
        carrier: request?.carrier ?? kept?.carrier ?? 'network', acceptedAt: ports.clock.now(), lastContact: held?.lastContact ?? null, warned: null, unrenewed: null, refusal: null,
      });
      tx.answerRun(claims.req, claims.sub);
      if (request?.state === 'pending') tx.setRequestState(request.id, 'answered', claims.sub);
      tx.seeSigned(claims.iat);
      return now;
    },
  );
  if (!judged.ok) return judged;
  await context.reload();
  return ok({ kind: 'license', lease: claims.sub, again: judged.value === 'again' });
};

const acceptReceipt = async (context: Context, parsed: Parsed<'receipt'>): Promise<Result<Imported>> => {
  const { ports } = context;
  const genuine = await genuineIssued(context.trusted(), parsed);
  if (!genuine.ok) return genuine;
  const { claims } = genuine.value;
  const judged = judgeReceiptHere(context, genuine.value, ports.store);
  if (!judged.ok) return judged;
  if (ports.store.release(claims.sub)?.receiptText === null) {
    ports.store.write((tx) => {
      tx.saveReceipt(claims.sub, parsed.text, ports.clock.now());
      tx.seeSigned(claims.iat);
    });
  }
  context.publish();
  return ok({ kind: 'receipt', lease: claims.sub });
};

/** What the own clock once showed is forgotten, and the request is used up, in one transaction: docs/adr/0010-time-tickets.md. */
const acceptTimeTicket = async (context: Context, parsed: Parsed<'time'>): Promise<Result<Imported>> => {
  const { ports } = context;
  const genuine = await genuineIssued(context.trusted(), parsed);
  if (!genuine.ok) return genuine;
  const { claims } = genuine.value;
  const judge = (store: StoreReader) => judgeTimeHere(context, genuine.value, store);
  const first = judge(ports.store);
  if (!first.ok) return first;
  const judged = ports.store.write((tx) => {
    const now = judge(tx);
    if (!now.ok) return now;
    tx.setRequestState(claims.req, 'answered');
    tx.seeSigned(claims.iat);
    tx.forgetOwnTime();
    // Dated by the clock that was ahead: nobody answers them, and later they would look like a copy's.
    for (const { id, carrier, createdAt } of tx.pendingRequests()) if (carrier === 'network' && createdAt > ports.clock.now() + CLOCK_TOLERANCE) tx.removeRequest(id);
    tx.see(ports.clock.now());
    return now;
  });
  if (!judged.ok) return judged;
  await context.reload();
  return ok({ kind: 'time', at: claims.iat });
};
