import type { Genuine } from '../../src-shared/documents/index.ts';
import type { Lease, LeaseMode } from '../../src-shared/lease.ts';
import { fail, ok } from '../../src-shared/result.ts';
import type { Result } from '../../src-shared/result.ts';
import type { Seconds } from '../../src-shared/time.ts';
import { recordAudit } from '../audit/audit.ts';
import type { AuditEntry } from '../audit/audit.ts';
import type { Trx } from '../adapter/schema.ts';
import type { Ground } from '../ground.ts';
import type { LicenseFacts } from '../licenses/facts.ts';
import type { Carrier } from '../licenses/judge.ts';
import { digestOf } from './admit.ts';
import { claimSeat } from './seats.ts';
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
  | { readonly renews: null; readonly holder: { readonly id: string; readonly name: string } | null; readonly counted: boolean }
);

export type Issued = { readonly licenseFile: string; readonly lease: Lease };

/** Makes a machine known by its key, at its first genuine request; later ones bring its name and fingerprint up to date. */
export const knowMachine = async (trx: Trx, { claims }: Genuine<'request'>, now: Seconds, answering: boolean): Promise<readonly AuditEntry[]> => {
  const known = await trx.selectFrom('machine').select(['fingerprint', 'last_seq']).where('id', '=', claims.iss).executeTakeFirst();
  const fingerprint = JSON.stringify(claims.fp);
  const { name, os, app } = claims.machine;
  const entry = { at: now, organization: null, actor: claims.iss, subject: claims.iss };
  if (!known) {
    await trx
      .insertInto('machine')
      .values({ id: claims.iss, jwk: JSON.stringify(claims.cnf.jwk), name, os, app, fingerprint, last_seq: claims.seq, first_seen: now, last_contact: now })
      .execute();
    await trx.insertInto('machine_fingerprint').values({ machine: claims.iss, at: now, fingerprint }).execute();
    return [{ ...entry, action: 'machine.registered', details: { name, os, app } }];
  }
  if (!answering) return [];
  const changed = known.fingerprint !== fingerprint;
  await trx
    .updateTable('machine')
    .set({ name, os, app, fingerprint, last_seq: Math.max(known.last_seq, claims.seq), last_contact: now })
    .where('id', '=', claims.iss)
    .execute();
  if (!changed) return [];
  await trx.insertInto('machine_fingerprint').values({ machine: claims.iss, at: now, fingerprint }).execute();
  return [{ ...entry, action: 'machine.fingerprint-changed', details: {} }];
};

/** The leases that kept a seat busy until another one took it over. */
const endOthers = async (trx: Trx, seat: number, lease: string, machine: string, now: Seconds): Promise<readonly AuditEntry[]> => {
  const others = await trx.selectFrom('lease').select(['id', 'machine', 'state', 'busy_until']).where('seat', '=', seat).where('id', '<>', lease).execute();
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
 * seat, writes lease, file, request and audit row; all in the caller's transaction. Errors: `SEAT_LIMIT_EXCEEDED`.
 */
export const issue = async (trx: Trx, ground: Ground, grant: Grant): Promise<Result<Issued>> => {
  const { request, facts, mode, until, now, renews } = grant;
  const { claims } = request;
  const lease = renews?.id ?? ground.random.id('lse');
  const seat = await claimSeat(trx, { license: facts.id, machine: claims.iss, lease, until, now });
  if (seat === null) {
    const next = await trx.selectFrom('seat').select((eb) => eb.fn.min('busy_until').as('at')).where('license', '=', facts.id).executeTakeFirst();
    return fail('SEAT_LIMIT_EXCEEDED', { license: facts.id, owned: facts.seats, freeAt: next?.at ?? null });
  }
  const machineEntries = await knowMachine(trx, request, now, true);
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
    await trx
      .insertInto('lease')
      .values({
        ...newest, id: lease, license: facts.id, machine: claims.iss, seat, holder: holder?.id ?? null, counted: grant.counted ? 1 : 0,
        carrier: grant.carrier, state: 'active', issued_at: now, ended_at: null, ended_by: null, ended_why: null,
      })
      .execute();
    ended = await endOthers(trx, seat, lease, claims.iss, now);
  }
  const licenseFile = await ground.signer.licenseFile({
    iss: ground.authority, aud: claims.iss, sub: lease, jti: file, iat: now, nbf: now, exp: until, cnf: { jkt: request.kid }, fp: claims.fp,
    req: claims.jti, seq: fileSeq, mode,
    license: {
      id: facts.id, product: { id: facts.product.id, name: facts.product.name }, edition: facts.edition, features: [...facts.features],
      organization: facts.organization, validUntil: facts.validUntil,
    },
  });
  await trx
    .insertInto('license_file')
    .values({ jti: file, lease, seq: fileSeq, request: claims.jti, request_seq: claims.seq, issued_at: now, exp: until, text: licenseFile })
    .execute();
  await trx
    .insertInto('machine_document')
    .values({ jti: claims.jti, kind: 'request', machine: claims.iss, seq: claims.seq, digest: digestOf(request.jws), lease, received_at: now })
    .execute();
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
    lease: {
      id: lease, license: facts.id, product: facts.product, edition: facts.edition, organization: facts.organization,
      machine: { id: claims.iss, name: claims.machine.name, os: claims.machine.os }, holder, mode, state: 'active',
      issuedAt: renews?.issued_at ?? now, until, busyUntil, lastContact: newest.last_contact, confirmed: false, validUntil: facts.validUntil,
    },
  });
};
