import type { Genuine } from '../../src-shared/documents/index.ts';
import type { Lease, LeaseMode } from '../../src-shared/lease.ts';
import { fail, ok } from '../../src-shared/result.ts';
import type { Result } from '../../src-shared/result.ts';
import type { Seconds } from '../../src-shared/time.ts';
import { recordAudit } from '../audit/audit.ts';
import type { AuditEntry } from '../audit/audit.ts';
import { prepared } from '../adapter/prepared.ts';
import type { Db, Row, Trx } from '../adapter/schema.ts';
import type { Ground } from '../ground.ts';
import type { Keyset } from '../keys/keysets.ts';
import type { LicenseFacts } from '../licenses/facts.ts';
import type { Carrier } from '../licenses/judge.ts';
import { digestOf } from './admit.ts';
import { knowMachineOf } from './own-machines.ts';
import { claimAndCount, claimSeat, countUnconfirmed } from './seats.ts';
import type { LeaseRow } from './view.ts';

/** What has been judged and may be issued, if there is a seat. */
export type Grant = {
  readonly request: Genuine<'request'>;
  readonly facts: LicenseFacts;
  readonly mode: LeaseMode;
  readonly until: Seconds;
  readonly carrier: Carrier;
  readonly now: Seconds;
  readonly actor: string;
  readonly action: Extract<AuditEntry['action'], 'lease.checked-out' | 'lease.answered' | 'lease.renewed'>;
} & (
  | { readonly renews: LeaseRow }
  /** `answeredBefore`: the request has an answer of another organization. */
  | { readonly renews: null; readonly holder: { readonly id: string; readonly name: string } | null; readonly counted: boolean; readonly answeredBefore?: boolean }
);

export type Issued = {
  readonly licenseFile: string;
  readonly lease: Lease;
  /** The keysets that the machine must take in before it can read the file, in this order; mostly none. */
  readonly first: readonly Keyset[];
};

type MachineNow = Pick<Row<'machine'>, 'id' | 'name' | 'os' | 'app' | 'fingerprint' | 'last_seq' | 'last_contact'>;
const broughtUpToDate = (db: Db, p: MachineNow) =>
  db
    .updateTable('machine')
    .set((eb) => ({ name: p.name, os: p.os, app: p.app, fingerprint: p.fingerprint, last_seq: eb.fn<number>('max', ['last_seq', eb.val(p.last_seq)]), last_contact: p.last_contact }))
    .where('id', '=', p.id)
    .returning('id');
/** Most come again as they were: for them it is one statement. */
const comeAgain = prepared((db, p: MachineNow) => broughtUpToDate(db, p).where('fingerprint', '=', p.fingerprint));
const comeChanged = prepared((db, p: MachineNow) => broughtUpToDate(db, p));
const othersOnSeat = prepared((db, p: { seat: number; lease: string }) =>
  db.selectFrom('lease').select(['id', 'state', 'busy_until']).where('seat', '=', p.seat).where('id', '<>', p.lease),
);
const insertLease = prepared((db, p: Row<'lease'>) =>
  db.insertInto('lease').values({
    id: p.id, license: p.license, machine: p.machine, seat: p.seat, holder: p.holder, counted: p.counted, carrier: p.carrier, mode: p.mode, state: p.state,
    issued_at: p.issued_at, until: p.until, busy_until: p.busy_until, file: p.file, file_seq: p.file_seq, confirmed: p.confirmed,
    fingerprint: p.fingerprint, last_contact: p.last_contact, ended_at: p.ended_at, ended_by: p.ended_by, ended_why: p.ended_why, freed_at: p.freed_at,
  }),
);
const insertFile = prepared((db, p: Row<'license_file'>) =>
  db.insertInto('license_file').values({
    lease: p.lease, seq: p.seq, jti: p.jti, request: p.request, request_seq: p.request_seq, issued_at: p.issued_at, exp: p.exp, text: p.text,
  }),
);
const insertDocument = prepared((db, p: Row<'machine_document'>) =>
  db.insertInto('machine_document').values({
    machine: p.machine, seq: p.seq, jti: p.jti, kind: p.kind, digest: p.digest, lease: p.lease, received_at: p.received_at,
  }),
);


/** Makes a machine known by its key, at its first request that gets an answer: one whose wish is refused leaves no row, or anybody could fill the records with machines. Later ones bring its name and fingerprint up to date. */
export const knowMachine = async (trx: Trx, { claims }: Genuine<'request'>, now: Seconds): Promise<readonly AuditEntry[]> => {
  const fingerprint = JSON.stringify(claims.fp);
  const { name, os, app } = claims.machine;
  const is = { id: claims.iss, name, os, app, fingerprint, last_seq: claims.seq, last_contact: now };
  if ((await comeAgain(trx, is)).length > 0) return [];
  const entry = { at: now, organization: null, actor: claims.iss, subject: claims.iss };
  const wasKnown = (await comeChanged(trx, is)).length > 0;
  if (!wasKnown) await trx.insertInto('machine').values({ ...is, jwk: JSON.stringify(claims.cnf.jwk), first_seen: now }).execute();
  await trx.insertInto('machine_fingerprint').values({ machine: claims.iss, at: now, fingerprint }).execute();
  return [wasKnown ? { ...entry, action: 'machine.fingerprint-changed', details: {} } : { ...entry, action: 'machine.registered', details: { name, os, app } }];
};

/** The leases that kept a seat busy until another one took it over. */
const endOthers = async (trx: Trx, seat: number, lease: string, machine: string, now: Seconds): Promise<readonly AuditEntry[]> => {
  const others = await othersOnSeat(trx, { seat, lease });
  const entries: AuditEntry[] = [];
  for (const other of others) {
    const over = other.busy_until <= now;
    await trx
      .updateTable('lease')
      .set({
        // While its file may still be used, a replaced lease goes on keeping the seat busy, for the same machine.
        seat: over ? null : seat,
        ...(other.state === 'active'
          ? { state: over ? ('expired' as const) : ('released' as const), ended_at: now, ended_why: over ? 'expired' : 'replaced', ended_by: over ? null : machine }
          : {}),
      })
      .where('id', '=', other.id)
      .execute();
    if (other.state === 'active') {
      entries.push({
        at: now, organization: null, actor: machine, action: over ? 'lease.expired' : 'lease.replaced', subject: other.id,
        details: { by: lease, busyUntil: other.busy_until },
      });
    }
  }
  return entries;
};

/**
 * The one claim and the one way a license file comes into being: checkout, renewal and answer all end here. Claims the
 * seat, writes lease, file, request and audit row; all in the caller's transaction. Errors: `SEAT_LIMIT_EXCEEDED`, `STORE_UNUSABLE` (why: key, no-license-key).
 */
export const issue = async (trx: Trx, ground: Ground, grant: Grant): Promise<Result<Issued>> => {
  const { request, facts, mode, until, now, renews } = grant;
  const { claims } = request;
  const signing = await ground.keyring.signing(trx, { keyset: claims.keyset });
  if (!signing.ok) return signing;
  const lease = renews?.id ?? ground.random.id('lse');
  const seat = await (renews ? claimSeat : claimAndCount)(trx, { license: facts.id, machine: claims.iss, lease, until, now });
  if (seat === null) {
    const next = await trx.selectFrom('seat').select((eb) => eb.fn.min('busy_until').as('at')).where('license', '=', facts.id).executeTakeFirst();
    return fail('SEAT_LIMIT_EXCEEDED', { license: facts.id, owned: facts.seats, freeAt: next?.at ?? null, unconfirmed: await countUnconfirmed(trx, facts.id, now) });
  }
  await ground.time.signed(trx, now);
  // An older request that another organization answered first says nothing new of the machine.
  const machineEntries = grant.renews === null && grant.answeredBefore === true ? [] : await knowMachine(trx, request, now);
  // Its own signature names this license, or extends a lease of it: no file that somebody found does.
  await knowMachineOf(trx, { organization: facts.organization.id, request, isConfirmed: renews !== null || claims.want.license === facts.id, now });
  const file = ground.random.id('fil');
  const fileSeq = (renews?.file_seq ?? 0) + 1;
  const busyUntil = Math.max(renews?.busy_until ?? 0, until);
  const newest = {
    mode, until, file, busy_until: busyUntil, file_seq: fileSeq, confirmed: 0, fingerprint: JSON.stringify(claims.fp), last_contact: grant.carrier === 'network' ? now : (renews?.last_contact ?? null),
  } as const;
  const holder = renews ? (renews.holder === null ? null : { id: renews.holder, name: renews.holder_name ?? '' }) : grant.holder;
  let ended: readonly AuditEntry[] = [];
  if (renews) {
    await trx.updateTable('lease').set(newest).where('id', '=', lease).execute();
  } else {
    await insertLease(trx, {
      ...newest, id: lease, license: facts.id, machine: claims.iss, seat, holder: holder?.id ?? null, counted: grant.counted ? 1 : 0,
      carrier: grant.carrier, state: 'active', issued_at: now, ended_at: null, ended_by: null, ended_why: null, freed_at: null,
    });
    ended = await endOthers(trx, seat, lease, claims.iss, now);
  }
  const licenseFile = await signing.value.signer.licenseFile({
    iss: ground.authority, aud: claims.iss, sub: lease, jti: file, iat: now, nbf: now, exp: until, cnf: { jkt: request.kid }, fp: claims.fp,
    req: claims.jti, seq: fileSeq, mode,
    license: {
      id: facts.id, product: { id: facts.product.id, name: facts.product.name }, edition: facts.edition, features: [...facts.features],
      organization: facts.organization, validUntil: facts.validUntil,
    },
  });
  await insertFile(trx, { lease, seq: fileSeq, jti: file, request: claims.jti, request_seq: claims.seq, issued_at: now, exp: until, text: licenseFile });
  if (grant.renews === null && grant.answeredBefore === true) await trx.insertInto('request_answer').values({ request: claims.jti, lease }).execute();
  else await insertDocument(trx, { machine: claims.iss, seq: claims.seq, jti: claims.jti, kind: 'request', digest: digestOf(request.jws), lease, received_at: now });
  const organization = facts.organization.id;
  await recordAudit(trx, [
    ...machineEntries,
    ...ended.map((entry) => ({ ...entry, organization })),
    {
      at: now, organization, actor: grant.actor, action: grant.action, subject: lease,
      details: { license: facts.id, machine: claims.iss, request: claims.jti, file, mode, until, carrier: grant.carrier },
    },
  ]);
  return ok({
    licenseFile,
    first: signing.value.first,
    lease: {
      id: lease, license: facts.id, product: facts.product, edition: facts.edition, organization: facts.organization,
      machine: { id: claims.iss, name: claims.machine.name, os: claims.machine.os }, holder, mode, state: 'active',
      issuedAt: renews?.issued_at ?? now, until, busyUntil, lastContact: newest.last_contact, confirmed: false, validUntil: facts.validUntil, ended: null,
    },
  });
};
