import {
  authenticateIssued, authenticateKeyset, authenticateRelease, authenticateRequest, describeDocument, judgeRelease, judgeRequest, parseDocument,
} from '../../src-shared/documents/index.ts';
import type { Parsed, TrustedKeys } from '../../src-shared/documents/index.ts';
import { nextStepOf } from '../../src-shared/inspection.ts';
import type { Inspection, Verdict } from '../../src-shared/inspection.ts';
import type { Lease } from '../../src-shared/lease.ts';
import type { Entitlement } from '../../src-shared/license.ts';
import { fail, ok } from '../../src-shared/result.ts';
import type { Result } from '../../src-shared/result.ts';
import { may } from '../../src-shared/role.ts';
import type { Seconds } from '../../src-shared/time.ts';
import type { Db } from '../adapter/schema.ts';
import type { Actor, Ground, Person } from '../ground.ts';
import { digestOf, machineKey } from '../leases/admit.ts';
import { leaseOf, leaseRow } from '../leases/view.ts';
import { entitlementsOf } from '../licenses/entitlements.ts';
import { membershipsOf, roleOf } from '../organizations/membership.ts';

export type Inspected = {
  readonly inspection: Inspection;
  readonly options: readonly Entitlement[];
  readonly lease: Lease | null;
  readonly answered: boolean;
};

const verdictOf = (result: Result<unknown>): Verdict => (result.ok ? { ok: true } : { ok: false, code: result.code, details: result.details });

const genuineOf = async (db: Db, document: Parsed, trusted: TrustedKeys): Promise<Result<unknown>> => {
  switch (document.kind) {
    case 'request':
      return authenticateRequest(document);
    case 'release': {
      const jwk = await machineKey(db, document.claims.iss);
      return jwk ? authenticateRelease(document, jwk) : fail('LEASE_NOT_FOUND', { lease: document.claims.sub });
    }
    case 'license':
    case 'receipt':
    case 'time':
      return authenticateIssued(document, trusted);
    case 'keyset':
      return authenticateKeyset(document, trusted);
  }
};

/** Whether the authority would act on it now; nothing is written, also when a copied machine shows. */
const acceptableOf = async (ground: Ground, document: Parsed, now: Seconds): Promise<Result<unknown>> => {
  const { db } = ground.database;
  const view = { authority: ground.authority, now };
  switch (document.kind) {
    case 'request':
    case 'release': {
      const { jti, iss, seq } = document.claims;
      const seen = await db.selectFrom('machine_document').select(['jti', 'digest']).where('machine', '=', iss).where('seq', '=', seq).executeTakeFirst();
      if (seen?.jti === jti) return seen.digest === digestOf(document.jws) ? ok(null) : fail('CONFLICT', { why: 'jti', document: jti });
      const judged =
        document.kind === 'request'
          ? judgeRequest(document as Parameters<typeof judgeRequest>[0], view)
          : judgeRelease(document as Parameters<typeof judgeRelease>[0], view);
      if (!judged.ok) return judged;
      const told = await db.selectFrom('time_ticket').select(['request', 'digest']).where('machine', '=', iss).where('seq', '=', seq).executeTakeFirst();
      if (told?.request === jti) return told.digest === digestOf(document.jws) ? ok(null) : fail('CONFLICT', { why: 'jti', document: jti });
      if (seen ?? told) return fail('MACHINE_CLONED', { machine: iss, seq });
      if (document.kind === 'request') return ok(null);
      const lease = await leaseRow(db, document.claims.sub);
      if (!lease || lease.machine !== iss) return fail('LEASE_NOT_FOUND', { lease: document.claims.sub });
      const newest = await db.selectFrom('license_file').select(['request_seq', 'seq']).where('lease', '=', lease.id).orderBy('seq', 'desc').executeTakeFirst();
      return newest && seq <= newest.request_seq ? fail('FILE_STALE', { lease: lease.id, newest: newest.seq }) : ok(null);
    }
    case 'license':
    case 'time':
      return document.claims.exp <= now ? fail('FILE_EXPIRED', { at: document.claims.exp }) : ok(null);
    case 'keyset':
      return document.claims.exp <= now ? fail('FILE_EXPIRED', { at: document.claims.exp }) : ok(null);
    case 'receipt':
      return ok(null);
  }
};

export const createInspecting = (ground: Ground, trusted: () => TrustedKeys) => {
  const { database, clock } = ground;

  const visibleLease = async (actor: Actor, id: string | null): Promise<Lease | null> => {
    const row = id === null ? undefined : await leaseRow(database.db, id);
    if (!row) return null;
    if (actor.kind === 'operator' || row.holder === actor.person.id) return leaseOf(row);
    return (await roleOf(database.db, row.organization, actor.person.id)) === null ? null : leaseOf(row);
  };

  /** The licenses that a person may answer with, those that fit first. */
  const optionsFor = async (person: Person, document: Parsed<'request'>, lease: Lease | null, now: Seconds): Promise<readonly Entitlement[]> => {
    const { want } = document.claims;
    const wanted = lease?.license ?? want.license;
    const options: Entitlement[] = [];
    for (const { organization, role } of await membershipsOf(database.db, person.id)) {
      if (!may(role, 'exchange.answer')) continue;
      const counted = !may(role, 'lease.release-any');
      const all = await entitlementsOf(database.db, { organization, user: person.id, machine: document.claims.iss, carrier: 'file', counted, now });
      options.push(
        ...all.filter(
          (each) =>
            each.modes.includes('offline') &&
            (wanted === undefined || each.license === wanted) &&
            (want.product === undefined || each.product.id === want.product) &&
            // One that is not theirs to use is not theirs to answer with.
            !each.reasons.some(({ code }) => code === 'LICENSE_NOT_ASSIGNED' || code === 'ROLE_NOT_ALLOWED'),
        ),
      );
    }
    return [...options.filter((each) => each.available), ...options.filter((each) => !each.available)];
  };

  /** What a document is, and what could be done with it; changes nothing. Errors: `FILE_MALFORMED`, `FILE_NOT_GENUINE`, `FILE_WRONG_KIND`. */
  return async (actor: Actor, file: string | Uint8Array): Promise<Result<Inspected>> => {
    const parsed = parseDocument(file);
    if (!parsed.ok) return parsed;
    const document = parsed.value;
    const now = clock.now();
    const genuine = await genuineOf(database.db, document, trusted());
    const acceptable = genuine.ok ? await acceptableOf(ground, document, now) : genuine;
    const facts = { ...describeDocument(document), genuine: verdictOf(genuine), acceptable: verdictOf(acceptable) };
    const answer =
      genuine.ok && (document.kind === 'request' || document.kind === 'release')
        ? await database.db.selectFrom('machine_document').select('lease').where('jti', '=', document.claims.jti).where('digest', '=', digestOf(document.jws)).executeTakeFirst()
        : undefined;
    const told =
      genuine.ok && document.kind === 'request'
        ? await database.db.selectFrom('time_ticket').select('request').where('request', '=', document.claims.jti).where('digest', '=', digestOf(document.jws)).executeTakeFirst()
        : undefined;
    const lease = genuine.ok ? await visibleLease(actor, answer?.lease ?? facts.lease) : null;
    const options = genuine.ok && actor.kind === 'person' && document.kind === 'request' && document.claims.purpose !== 'time' ? await optionsFor(actor.person, document, document.claims.lease ? lease : null, now) : [];
    // A proof and a receipt do not name the machine; the lease does, to those who may see it.
    const machine = facts.machine && facts.machine.name === null && lease?.machine.id === facts.machine.id ? lease.machine : facts.machine;
    return ok({
      inspection: { ...facts, machine, next: nextStepOf('authority', facts) },
      options,
      lease,
      answered: (answer ?? told) !== undefined,
    });
  };
};
