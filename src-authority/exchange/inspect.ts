import {
  authenticateIssued, authenticateKeyset, describeDocument, judgeKeyset, parseDocument,
} from '../../src-shared/documents/index.ts';
import type { Parsed } from '../../src-shared/documents/index.ts';
import { partsIn } from '../../src-shared/fingerprint.ts';
import { nextStepOf } from '../../src-shared/inspection.ts';
import type { Inspection, Verdict } from '../../src-shared/inspection.ts';
import type { Lease } from '../../src-shared/lease.ts';
import type { Entitlement } from '../../src-shared/license.ts';
import { fail, ok, unwrap } from '../../src-shared/result.ts';
import type { Failure, Result } from '../../src-shared/result.ts';
import { may } from '../../src-shared/role.ts';
import type { Seconds } from '../../src-shared/time.ts';
import type { Db } from '../adapter/schema.ts';
import type { Actor, Ground, Person } from '../ground.ts';
import { genuineProof, genuineRequest, lookFor } from '../leases/admit.ts';
import { judgeProof } from '../leases/give-back.ts';
import { judgeAsked, judgeRenewed } from '../leases/take.ts';
import { judgeTold } from '../leases/time.ts';
import { leaseOf, leaseRow } from '../leases/view.ts';
import { entitlementsOf } from '../licenses/entitlements.ts';
import { membershipsOf, roleOf } from '../organizations/membership.ts';

export type Inspected = {
  readonly inspection: Inspection;
  readonly options: readonly Entitlement[];
  readonly lease: Lease | null;
  readonly answered: boolean;
  readonly machineAt: string | null;
};

const verdictOf = (result: Result<unknown>): Verdict => (result.ok ? { ok: true } : { ok: false, code: result.code, details: result.details });

type Judged = { readonly genuine: Result<unknown>; readonly acceptable: Result<unknown>; readonly answered: boolean; readonly lease: string | null };

/** What `answer` and `accept` would say before anybody chooses a license; nothing is written, also when a copied machine shows. */
const judge = async (db: Db, { ground, document, actor, now }: {
  readonly ground: Ground; readonly document: Parsed; readonly actor: Actor; readonly now: Seconds;
}): Promise<Judged> => {
  const { authority, keyring } = ground;
  const keysets = unwrap(await keyring.keysets(db));
  const trusted = keysets.newest.claims;
  const refused = (failure: Failure): Judged => ({ genuine: failure, acceptable: failure, answered: false, lease: null });
  switch (document.kind) {
    case 'request': {
      const genuine = await genuineRequest(db, document);
      if (!genuine.ok) return refused(genuine);
      const request = genuine.value;
      const seen = await lookFor(db, request);
      if (request.claims.purpose === 'time') {
        const told = await judgeTold(db, { ground, request, actor, now, look: async () => seen });
        return { genuine, acceptable: told, answered: told.ok && told.value !== null, lease: null };
      }
      const asked = await judgeAsked(db, { ground, request, seen, actor, now });
      const isRenewal = asked.ok && asked.value === null && request.claims.purpose === 'renew';
      const acceptable = isRenewal ? await judgeRenewed(db, request, actor, now) : asked;
      return { genuine, acceptable, answered: asked.ok && asked.value !== null, lease: asked.ok && asked.value !== null ? asked.value.lease.id : null };
    }
    case 'release': {
      const genuine = await genuineProof(db, document);
      if (!genuine.ok) return refused(genuine);
      const acceptable = await judgeProof(db, { authority, proof: genuine.value, actor, now, look: () => lookFor(db, genuine.value) });
      return { genuine, acceptable, answered: acceptable.ok && acceptable.value.kind === 'answered', lease: null };
    }
    case 'license':
    case 'receipt':
    case 'time': {
      const genuine = byOurKeys(await authenticateIssued<'license' | 'receipt' | 'time'>(document, trusted));
      if (!genuine.ok) return refused(genuine);
      const isOver = document.kind !== 'receipt' && document.claims.exp <= now;
      return { genuine, acceptable: isOver ? fail('FILE_EXPIRED', { at: document.claims.exp }) : ok(null), answered: false, lease: null };
    }
    case 'keyset': {
      // One of our own is genuine and of use also when a newer one, or one without its root, has followed: machines go from one to the next.
      if (keysets.all.some((keyset) => keyset.document === document.text)) return { genuine: ok(null), acceptable: ok(null), answered: false, lease: null };
      const genuine = byOurKeys(await authenticateKeyset(document, trusted));
      return genuine.ok ? { genuine, acceptable: judgeKeyset(genuine.value, trusted, { now, authority: now }), answered: false, lease: null } : refused(genuine);
    }
  }
};

/** A machine may lack a newer key; here are all that there are, and one that is not among them is a stranger's. */
const byOurKeys = <T>(genuine: Result<T>): Result<T> =>
  !genuine.ok && genuine.code === 'FILE_NOT_GENUINE' && genuine.details['why'] === 'key-unknown' ? fail('FILE_NOT_GENUINE', { why: 'key-not-ours' }) : genuine;

export const createInspecting = (ground: Ground) => {
  const { database, clock } = ground;

  const visibleLease = async (actor: Actor, id: string | null): Promise<Lease | null> => {
    const row = id === null ? undefined : await leaseRow(database.db, id);
    if (!row) return null;
    if (actor.kind === 'operator' || row.holder === actor.person.id) return leaseOf(row);
    return (await roleOf(database.db, row.organization, actor.person.id)) === null ? null : leaseOf(row);
  };

  /** Where a person finds the machine: an organization that knows it, and lets them look at its machines. */
  const machineAt = async (person: Person, machine: string): Promise<string | null> => {
    const known = await database.db.selectFrom('organization_machine').select('organization').where('machine', '=', machine).execute();
    const memberships = await membershipsOf(database.db, person.id);
    return memberships.find(({ organization, role }) => may(role, 'machine.view') && known.some((row) => row.organization === organization))?.organization ?? null;
  };

  /** The licenses that a person may answer with, those that fit first. */
  const optionsFor = async (person: Person, document: Parsed<'request'>, lease: Lease | null, now: Seconds): Promise<readonly Entitlement[]> => {
    const { want } = document.claims;
    const wanted = lease?.license ?? want.license;
    const options: Entitlement[] = [];
    for (const { organization, role } of await membershipsOf(database.db, person.id)) {
      if (!may(role, 'exchange.answer')) continue;
      const counted = !may(role, 'lease.release-any');
      const all = await entitlementsOf(database.db, { organization, user: person.id, machine: document.claims.iss, carrier: 'file', counted, now, ...(lease === null ? { shown: partsIn(document.claims.fp) } : {}) });
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
    const { genuine, acceptable, answered, lease: of } = await judge(database.db, { ground, document, actor, now });
    const facts = { ...describeDocument(document), genuine: verdictOf(genuine), acceptable: verdictOf(acceptable) };
    const lease = genuine.ok ? await visibleLease(actor, of ?? facts.lease) : null;
    const options = genuine.ok && actor.kind === 'person' && document.kind === 'request' && document.claims.purpose !== 'time' ? await optionsFor(actor.person, document, document.claims.lease ? lease : null, now) : [];
    // A proof and a receipt do not name the machine; the lease does, to those who may see it.
    const machine = facts.machine && facts.machine.name === null && lease?.machine.id === facts.machine.id ? lease.machine : facts.machine;
    return ok({
      inspection: { ...facts, machine, next: nextStepOf('authority', facts) },
      options,
      lease,
      answered,
      machineAt: genuine.ok && actor.kind === 'person' && machine !== null ? await machineAt(actor.person, machine.id) : null,
    });
  };
};
