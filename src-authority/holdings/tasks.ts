import { sql } from 'kysely';
import type { Task } from '../../src-shared/http/holdings.ts';
import type { Lease } from '../../src-shared/lease.ts';
import { fail, ok } from '../../src-shared/result.ts';
import type { Result } from '../../src-shared/result.ts';
import { judgeAccess, may, roles } from '../../src-shared/role.ts';
import type { Role } from '../../src-shared/role.ts';
import { HOUR } from '../../src-shared/time.ts';
import type { Seconds } from '../../src-shared/time.ts';
import { recordAudit } from '../audit/audit.ts';
import type { Db, Trx } from '../adapter/schema.ts';
import type { Ground } from '../ground.ts';
import { endOnline, tellOfLease } from '../leases/give-back.ts';
import { leaseRow } from '../leases/view.ts';
import { licenseFacts } from '../licenses/facts.ts';
import { assignmentRequestedLetter, releaseAskedLetter, taskAnsweredLetter } from '../mail/letters/holdings.ts';
import { roleOf } from '../organizations/membership.ts';
import { assignIn } from './assignments.ts';
import { containing, isFailure, licenseName, memberOf, pageLink, roleFor, write } from './common.ts';
import type { Acting, Paging, Reader } from './common.ts';
import { openTasks } from './open-tasks.ts';

/** What a person may ask in an hour: more than anybody needs, less than annoys everybody. */
const ASKS_AN_HOUR = 10;

const tasksOf = (db: Db, organization: string, now: Seconds) =>
  db
    .selectFrom('task')
    .innerJoin('license', 'license.id', 'task.license')
    .innerJoin('product', 'product.id', 'license.product')
    .innerJoin('organization', 'organization.id', 'task.organization')
    .innerJoin('user as asking', 'asking.id', 'task.asked_by')
    .leftJoin('user as asked', 'asked.id', 'task.asked_of')
    .leftJoin('user as answering', 'answering.id', 'task.answered_by')
    .leftJoin('lease', 'lease.id', 'task.lease')
    .leftJoin('organization_machine as machine', (on) => on.onRef('machine.organization', '=', 'task.organization').onRef('machine.machine', '=', 'lease.machine'))
    .leftJoin('member as standing', (on) => on.onRef('standing.organization', '=', 'task.organization').onRef('standing.user', '=', 'task.asked_by'))
    .where('task.organization', '=', organization)
    .selectAll('task')
    .select([
      'product.name as product_name', 'license.edition', 'organization.name as organization_name', 'asking.name as asking_name', 'asking.email as asking_email',
      'asking.locale as asking_locale', 'asked.name as asked_name', 'asked.email as asked_email', 'answering.name as answering_name', 'lease.ended_at', 'lease.busy_until', 'machine.machine as machine_id', 'machine.name as machine_name',
      isOpen(now).as('is_open'), sql<number>`standing.user IS NOT NULL`.as('is_member'),
    ]);

/** A lease that has ended in any way has done what was asked; whoever has left asks no more. */
const isOpen = (now: Seconds) => sql<number>`
  (task.state = 'open' AND standing.user IS NOT NULL AND (task.kind = 'assignment' OR (lease.state = 'active' AND lease.busy_until > ${now})))`;

type TaskRow = Awaited<ReturnType<ReturnType<typeof tasksOf>['execute']>>[number];

const operationOf = { assignment: 'license.assign', release: 'lease.release-any' } as const;
const mayAnswer = (row: Pick<TaskRow, 'kind' | 'asked_of'>, person: string, role: Role): boolean => row.asked_of === person || may(role, operationOf[row.kind]);
const seesAll = (role: Role): boolean => may(role, 'license.assign') || may(role, 'lease.release-any');

const stateOf = (row: TaskRow): Pick<Task, 'state' | 'answeredAt' | 'answeredBy'> => {
  if (row.state !== 'open') return { state: row.state, answeredBy: row.answering_name, answeredAt: row.answered_at };
  if (row.is_open === 1) return { state: 'open', answeredBy: null, answeredAt: null };
  if (row.is_member === 0) return { state: 'withdrawn', answeredBy: null, answeredAt: null };
  return { state: 'granted', answeredBy: null, answeredAt: row.ended_at ?? row.busy_until };
};

const taskOf = (row: TaskRow, person: string, role: Role): Task => ({
  id: row.id, kind: row.kind, license: row.license, productName: row.product_name, edition: row.edition,
  from: { id: row.asked_by, name: row.asking_name, email: row.asking_email },
  to: row.asked_of === null ? null : { id: row.asked_of, name: row.asked_name ?? '', email: row.asked_email ?? '' },
  lease: row.lease, machine: row.machine_id === null || row.machine_name === null ? null : { id: row.machine_id, name: row.machine_name }, note: row.note, createdAt: row.created_at, ...stateOf(row), yours: row.is_open === 1 && mayAnswer(row, person, role),
});

const taskRow = (db: Db, organization: string, task: string, now: Seconds): Promise<TaskRow | undefined> =>
  tasksOf(db, organization, now).where('task.id', '=', task).executeTakeFirst();

/** Everybody in the organization whose role allows it, owners first. */
const whoMay = (trx: Trx, organization: string, operation: 'license.assign' | 'lease.release-any'): Promise<readonly Reader[]> =>
  trx
    .selectFrom('member').innerJoin('user', 'user.id', 'member.user').where('member.organization', '=', organization)
    .where('member.role', 'in', roles.filter((role) => may(role, operation)))
    .orderBy(sql`member.role = 'owner'`, 'desc').orderBy('user.name').select(['user.id', 'user.email', 'user.locale']).execute();

type Ask = { readonly note: string } & ({ readonly kind: 'assignment'; readonly license: string } | { readonly kind: 'release'; readonly lease: string });
type Asked = { readonly kind: Ask['kind']; readonly license: string; readonly lease: string | null; readonly of: string | null };

/** Asking for a license makes sense for whoever cannot use it. Errors: `LICENSE_NOT_FOUND`, `CONFLICT` (why: usable). */
const judgeAssignmentAsk = async (trx: Trx, organization: string, person: string, license: string): Promise<Result<Asked>> => {
  const facts = await licenseFacts(trx, license, person);
  if (!facts || facts.role === null || facts.organization.id !== organization) return fail('LICENSE_NOT_FOUND', { license });
  const refused = judgeAccess({ role: facts.role, access: facts.access, assigned: facts.assigned, kind: facts.product.kind });
  return refused === null ? fail('CONFLICT', { why: 'usable', license }) : ok({ kind: 'assignment', license, lease: null, of: null });
};

/** Errors: `LEASE_NOT_FOUND` (also one that has ended), `CONFLICT` (why: yours). */
const judgeReleaseAsk = async (trx: Trx, organization: string, person: string, id: string, now: Seconds): Promise<Result<Asked>> => {
  const lease = await leaseRow(trx, id);
  if (!lease || lease.organization !== organization || lease.state !== 'active' || lease.busy_until <= now) return fail('LEASE_NOT_FOUND', { lease: id });
  if (lease.holder === person) return fail('CONFLICT', { why: 'yours', lease: id });
  const holder = lease.holder === null ? null : await roleOf(trx, organization, lease.holder);
  return ok({ kind: 'release', license: lease.license, lease: id, of: holder === null ? null : lease.holder });
};

const seatOf = (lease: Lease | null): { readonly machine: string; readonly until: Seconds } | null => (lease === null ? null : { machine: lease.machine.name, until: lease.busyUntil });

export const createTasks = (ground: Ground) => {
  const { database, clock, random, hub } = ground;

  const tellOfTasks = (organization: string): void => hub.publish({ type: 'entitlements', organization }, { organization });

  const writeOfAsk = async (trx: Trx, row: TaskRow, now: Seconds): Promise<void> => {
    const link = pageLink(ground, row.organization, 'tasks');
    const facts = { organization: row.organization_name, from: row.asking_name, email: row.asking_email, product: licenseName(row), note: row.note, link };
    const notSelf = (readers: readonly Reader[]): readonly Reader[] => readers.filter(({ id }) => id !== row.asked_by);
    if (row.lease === null) return write(trx, assignmentRequestedLetter, notSelf(await whoMay(trx, row.organization, 'license.assign')), facts, now);
    const holder = row.asked_of === null ? undefined : await memberOf(trx, row.organization, row.asked_of);
    const lease = await leaseRow(trx, row.lease);
    const readers = holder ? [holder] : notSelf(await whoMay(trx, row.organization, 'lease.release-any'));
    return write(trx, releaseAskedLetter, readers, { ...facts, machine: lease?.machine_name ?? '' }, now);
  };

  /** What granting does; the lease that it ended. Errors: `LEASE_OFFLINE`. */
  const grant = async (trx: Trx, row: TaskRow, person: Acting['person'], now: Seconds): Promise<Result<Lease | null>> => {
    if (row.lease === null) {
      await assignIn(trx, { organization: row.organization, by: person, person: row.asked_by, licenses: [row.license], now });
      return ok(null);
    }
    const lease = await leaseRow(trx, row.lease);
    if (!lease) return ok(null);
    const ended = await endOnline(trx, { lease, person, now });
    if (ended.ok || ended.code !== 'LEASE_OFFLINE') return ended;
    // What can be done: its machine switches to online mode or releases, or its proof is brought here.
    return fail('LEASE_OFFLINE', {
      ...ended.details, license: row.license, machine: { id: lease.machine, name: lease.machine_name },
      next: lease.carrier === 'network' ? ['switch-online', 'release-proof'] : ['release-proof'],
    });
  };

  return {
    /** Owners and managers see all; others what they asked, and what they are asked. Newest first. Errors: `NOT_FOUND`. */
    tasks: async ({ organization, person }: Acting, { offset, limit, search, state }: Paging & { readonly state: 'open' | 'all' }): Promise<Result<{ total: number; waiting: number; tasks: Task[] }>> => {
      const { db } = database;
      const found = await roleFor(db, organization, person.id, 'organization.view');
      if (isFailure(found)) return found;
      const now = clock.now();
      const matching = tasksOf(db, organization, now)
        .$if(!seesAll(found.role), (query) => query.where((eb) => eb.or([eb('task.asked_by', '=', person.id), eb('task.asked_of', '=', person.id)])))
        .$if(state === 'open', (query) => query.where(sql<boolean>`${isOpen(now)}`))
        .$if(search.trim() !== '', (query) => query.where(containing(search, ["product.name || ' ' || coalesce(license.edition, '')", 'asking.name', 'asking.email'])));
      const { total } = await matching.clearSelect().select((eb) => eb.fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
      const rows = await matching.orderBy('task.created_at', 'desc').orderBy('task.id').limit(limit).offset(offset).execute();
      const operations = (['assignment', 'release'] as const).filter((kind) => may(found.role, operationOf[kind]));
      const { waiting } = await openTasks(db, organization, now)
        .where((eb) => eb.or([eb('task.asked_of', '=', person.id), eb('task.kind', 'in', operations)]))
        .select((eb) => eb.fn.countAll<number>().as('waiting')).executeTakeFirstOrThrow();
      return ok({ total, waiting, tasks: rows.map((row) => taskOf(row, person.id, found.role)) });
    },

    /** Errors: `NOT_FOUND`, `LICENSE_NOT_FOUND`, `LEASE_NOT_FOUND`, `CONFLICT` (why: usable, yours, asked), `RATE_LIMITED`. */
    ask: async ({ organization, person }: Acting, ask: Ask): Promise<Result<Task>> => {
      const result = await database.transact(async (trx): Promise<Result<Task>> => {
        const now = clock.now();
        const found = await roleFor(trx, organization, person.id, 'organization.view');
        if (isFailure(found)) return found;
        const judged = ask.kind === 'assignment'
          ? await judgeAssignmentAsk(trx, organization, person.id, ask.license)
          : await judgeReleaseAsk(trx, organization, person.id, ask.lease, now);
        if (!judged.ok) return judged;
        const { kind, license, lease, of } = judged.value;
        const same = await trx
          .selectFrom('task').select('id').where('organization', '=', organization).where('asked_by', '=', person.id).where('state', '=', 'open')
          .where('kind', '=', kind).where('license', '=', license).where('lease', 'is not distinct from', lease).executeTakeFirst();
        if (same) return fail('CONFLICT', { why: 'asked', task: same.id });
        const recent = await trx
          .selectFrom('task').select('created_at').where('asked_by', '=', person.id).where('created_at', '>', now - HOUR).orderBy('created_at', 'desc').limit(ASKS_AN_HOUR).execute();
        const oldest = recent.at(-1);
        if (recent.length >= ASKS_AN_HOUR && oldest) return fail('RATE_LIMITED', { retryAfter: Math.max(1, oldest.created_at + HOUR - now) });
        const id = random.id('tsk');
        await trx.insertInto('task').values({ id, organization, kind, license, lease, asked_by: person.id, asked_of: of, note: ask.note.trim(), created_at: now }).execute();
        await recordAudit(trx, [{ at: now, organization, actor: person.id, action: 'task.asked', subject: id, details: { kind, license, lease, of } }]);
        const row = await taskRow(trx, organization, id, now);
        if (!row) throw new Error('a task is gone');
        await writeOfAsk(trx, row, now);
        return ok(taskOf(row, person.id, found.role));
      });
      if (result.ok) tellOfTasks(organization);
      return result;
    },

    /**
     * Granting assigns, or ends the lease. Whoever asked may withdraw it by declining. The same answer again changes nothing.
     * Errors: `NOT_FOUND`, `FORBIDDEN`, `CONFLICT` (why: answered), `LEASE_OFFLINE` (`next`: what can be done).
     */
    answer: async ({ organization, person }: Acting, input: { readonly task: string; readonly grant: boolean }): Promise<Result<Task>> => {
      let ended: Lease | null = null;
      const result = await database.transact(async (trx): Promise<Result<Task>> => {
        const now = clock.now();
        const found = await roleFor(trx, organization, person.id, 'organization.view');
        if (isFailure(found)) return found;
        const row = await taskRow(trx, organization, input.task, now);
        const isAsking = row?.asked_by === person.id;
        if (!row || !(isAsking || row.asked_of === person.id || seesAll(found.role))) return fail('NOT_FOUND', { task: input.task });
        if (!mayAnswer(row, person.id, found.role) && !(isAsking && !input.grant)) return fail('FORBIDDEN', { operation: operationOf[row.kind], role: found.role });
        const state = input.grant ? 'granted' : isAsking ? 'withdrawn' : 'declined';
        const is = stateOf(row).state;
        if (is !== 'open') return is === state ? ok(taskOf(row, person.id, found.role)) : fail('CONFLICT', { why: 'answered', task: row.id, state: is });
        if (input.grant) {
          const granted = await grant(trx, row, person, now);
          if (!granted.ok) return granted;
          ended = granted.value;
        }
        await trx.updateTable('task').set({ state, answered_by: person.id, answered_at: now }).where('id', '=', row.id).execute();
        await recordAudit(trx, [{ at: now, organization, actor: person.id, action: 'task.answered', subject: row.id, details: { kind: row.kind, state, license: row.license, lease: row.lease } }]);
        if (!isAsking) {
          const facts = { kind: row.kind, granted: input.grant, by: person.name, organization: row.organization_name, product: licenseName(row), ended: seatOf(ended), link: pageLink(ground, organization, 'tasks') };
          await write(trx, taskAnsweredLetter, [{ id: row.asked_by, email: row.asking_email, locale: row.asking_locale }], facts, now);
        }
        const after = await taskRow(trx, organization, row.id, now);
        if (!after) throw new Error('a task is gone');
        return ok(taskOf(after, person.id, found.role));
      });
      if (result.ok) {
        if (ended !== null) tellOfLease(hub, ended);
        tellOfTasks(organization);
      }
      return result;
    },
  };
};
