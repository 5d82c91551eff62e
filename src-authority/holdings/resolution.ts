import type { Lease } from '../../src-shared/lease.ts';
import type { MachineRow } from '../../src-shared/http/holdings.ts';
import { fail, ok, unwrap } from '../../src-shared/result.ts';
import type { Result } from '../../src-shared/result.ts';
import type { Seconds } from '../../src-shared/time.ts';
import { recordAudit } from '../audit/audit.ts';
import type { Db, Trx } from '../adapter/schema.ts';
import type { Ground, Person } from '../ground.ts';
import { organizationsOf, tellOfMachine } from '../leases/copies.ts';
import { endOnline, isOffline, revokeOffline, tellOfLease } from '../leases/give-back.ts';
import { isConfirmedFor } from '../leases/own-machines.ts';
import { selectLeases } from '../leases/view.ts';
import { isFailure, roleFor } from './common.ts';
import { machineIn, writeOfReleases } from './machines.ts';

export type Decision = { readonly machine: string; readonly decision: 'same-machine' | 'retire'; readonly reason: string };
/** A person decides for an organization that the machine works for; the operator for all of them. */
export type Deciding = { readonly kind: 'person'; readonly person: Person; readonly organization: string } | { readonly kind: 'operator' };
type Retired = { readonly ended: Lease[]; readonly atRisk: Lease[] };

const OPERATOR = { id: 'operator', name: 'operator', email: '' } as const;

/** Ends what a machine holds, of one organization or of all. */
const endLeases = async (trx: Trx, input: { readonly machine: string; readonly organizations: readonly string[]; readonly person: Person; readonly now: Seconds }): Promise<Retired> => {
  const { machine, organizations, person, now } = input;
  if (organizations.length === 0) return { ended: [], atRisk: [] };
  const held = await selectLeases(trx)
    .where('lease.machine', '=', machine)
    .where('lease.state', '=', 'active')
    .where('license.organization', 'in', organizations)
    .where('lease.busy_until', '>', now)
    .orderBy('lease.issued_at').orderBy('lease.id')
    .execute();
  const ended: Lease[] = [];
  const atRisk: Lease[] = [];
  for (const lease of held) {
    if (isOffline(lease)) atRisk.push(await revokeOffline(trx, { lease, person, why: 'retired', now }));
    else ended.push(unwrap(await endOnline(trx, { lease, person, now })));
  }
  for (const organization of organizations) {
    await writeOfReleases(trx, organization, person, ended.filter((lease) => lease.organization.id === organization), now);
  }
  return { ended, atRisk };
};

/**
 * Decides about a machine whose profile is used twice. The operator may retire any machine. Errors: `NOT_FOUND`, `FORBIDDEN`,
 * `CONFLICT` (why: not-cloned, retired).
 */
export const decideOnMachine = async (ground: Ground, by: Deciding, { machine, decision, reason }: Decision): Promise<Result<Retired>> => {
  const { database, clock, hub } = ground;
  const result = await database.transact(async (trx): Promise<Result<Retired>> => {
    const now = clock.now();
    if (by.kind === 'person') {
      const found = await roleFor(trx, by.organization, by.person.id, 'lease.release-any');
      if (isFailure(found)) return found;
    }
    const works = await organizationsOf(trx, machine);
    const row = await trx.selectFrom('machine').where('id', '=', machine).select(['cloned_at', 'retired_at']).executeTakeFirst();
    if (!row || (by.kind === 'person' && !works.includes(by.organization))) return fail('NOT_FOUND', { machine });
    // SECURITY: whoever found a request file and answered it has no say about its machine.
    if (by.kind === 'person' && !(await isConfirmedFor(trx, { organization: by.organization, machine }))) return fail('CONFLICT', { why: 'not-confirmed', machine });
    if (row.retired_at !== null) return fail('CONFLICT', { why: 'retired', machine, at: row.retired_at });
    if (row.cloned_at === null && (by.kind === 'person' || decision === 'same-machine')) return fail('CONFLICT', { why: 'not-cloned', machine });
    await trx.updateTable('machine').set({ cloned_at: null, ...(decision === 'retire' ? { retired_at: now } : {}) }).where('id', '=', machine).execute();
    await recordAudit(trx, [
      {
        at: now, organization: by.kind === 'person' ? by.organization : null, actor: by.kind === 'person' ? by.person.id : 'operator', action: 'machine.resolved', subject: machine,
        details: { decision, reason, since: row.cloned_at, organizations: works },
      },
    ]);
    if (decision === 'same-machine') return ok({ ended: [], atRisk: [] });
    return ok(await endLeases(trx, { machine, organizations: by.kind === 'person' ? [by.organization] : works, person: by.kind === 'person' ? by.person : OPERATOR, now }));
  });
  if (result.ok) {
    for (const lease of [...result.value.ended, ...result.value.atRisk]) tellOfLease(hub, lease);
    await tellOfMachine(ground, machine);
  }
  return result;
};

/** Errors: those of `decideOnMachine`. */
export const createResolution = (ground: Ground) =>
  async (by: Extract<Deciding, { kind: 'person' }>, decision: Decision): Promise<Result<Retired & { readonly machine: MachineRow }>> => {
    const decided = await decideOnMachine(ground, by, decision);
    if (!decided.ok) return decided;
    const machine = await machineIn(ground.database.db, by.organization, decision.machine, ground.clock.now());
    return machine ? ok({ machine, ...decided.value }) : fail('NOT_FOUND', { machine: decision.machine });
  };

export type MachineListing = {
  readonly id: string;
  readonly name: string;
  readonly os: string;
  readonly organizations: readonly string[];
  readonly lastContact: Seconds;
  readonly clonedAt: Seconds | null;
  readonly retiredAt: Seconds | null;
};

/** Every machine, or those that wait for a decision, the last heard of first: for the operator. */
export const listMachines = async (db: Db, onlyCloned: boolean): Promise<readonly MachineListing[]> => {
  const rows = await db
    .selectFrom('machine').$if(onlyCloned, (query) => query.where('cloned_at', 'is not', null)).orderBy('last_contact', 'desc').orderBy('id')
    .select(['id', 'name', 'os', 'last_contact', 'cloned_at', 'retired_at']).execute();
  const works = await db
    .selectFrom('organization_machine').innerJoin('organization', 'organization.id', 'organization_machine.organization')
    .orderBy('organization.name').select(['organization_machine.machine', 'organization.name']).execute();
  const names = Map.groupBy(works, ({ machine }) => machine);
  return rows.map((row) => ({
    id: row.id, name: row.name, os: row.os, organizations: (names.get(row.id) ?? []).map(({ name }) => name), lastContact: row.last_contact,
    clonedAt: row.cloned_at, retiredAt: row.retired_at,
  }));
};
