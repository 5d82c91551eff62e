import type { Json } from '../../src-shared/errors.ts';
import { recordAudit } from '../audit/audit.ts';
import type { Db } from '../adapter/schema.ts';
import type { Ground, Person } from '../ground.ts';
import { leaseOf, selectLeases } from '../leases/view.ts';
import { preferenceHistory, preferencesOf } from './preferences.ts';
import { secondFactorsOf } from './second-factors.ts';

/** Rows looked at in one go: the audit can be long, and others wait. */
export const AUDIT_STEP = 10_000;

const auditAbout = async (db: Db, user: string) => {
  const { last } = await db.selectFrom('audit').select((eb) => eb.fn.max('seq').as('last')).executeTakeFirstOrThrow();
  const rows: Json[] = [];
  for (let from = 0; from < (last ?? 0); from += AUDIT_STEP) {
    const some = await db
      .selectFrom('audit').select(['seq', 'at', 'organization', 'actor', 'action', 'subject', 'details']).where('seq', '>', from).where('seq', '<=', from + AUDIT_STEP)
      .where((eb) => eb.or([eb('actor', '=', user), eb('subject', '=', user)])).orderBy('seq').execute();
    rows.push(...some.map((row) => ({ ...row, details: JSON.parse(row.details) as Json })));
    await new Promise((resolve) => setImmediate(resolve));
  }
  return rows;
};

/** Everything that is kept about a person, as one JSON value. Hashes of passwords and codes, and secrets, are not data about them. */
export const createExport = ({ database, clock }: Ground) => {
  const { db } = database;

  const gather = async (user: string): Promise<Record<string, Json>> => {
    const account = await db
      .selectFrom('user').select(['id', 'email', 'name', 'first_name as firstName', 'last_name as lastName', 'locale', 'cluster', 'default_organization as defaultOrganization', 'created_at as createdAt'])
      .where('id', '=', user).executeTakeFirstOrThrow();
    const memberships = await db
      .selectFrom('member').innerJoin('organization', 'organization.id', 'member.organization').where('member.user', '=', user).orderBy('organization.name')
      .select(['organization.id as organization', 'organization.name', 'member.role', 'member.joined_at as joinedAt']).execute();
    const assignments = await db.selectFrom('assignment').select('license').where('user', '=', user).execute();
    const acceptances = await db.selectFrom('acceptance').select(['document', 'version', 'at']).where('user', '=', user).orderBy('at').execute();
    const leases = (await selectLeases(db).where('lease.holder', '=', user).orderBy('lease.issued_at', 'desc').execute()).map(leaseOf);
    const machines = await db
      .selectFrom('machine').where('id', 'in', db.selectFrom('lease').select('machine').where('holder', '=', user))
      .select(['id', 'name', 'os', 'app', 'first_seen as firstSeen', 'last_contact as lastContact']).execute();
    const sessions = await db
      .selectFrom('session').where('user', '=', user).orderBy('created_at')
      .select(['id', 'agent', 'created_at as createdAt', 'last_used_at as lastUsedAt', 'expires_at as expiresAt', 'revoked_at as endedAt']).execute();
    const tasks = await db
      .selectFrom('task').where((eb) => eb.or([eb('asked_by', '=', user), eb('asked_of', '=', user)])).orderBy('created_at')
      .select(['id', 'kind', 'license', 'lease', 'note', 'state', 'created_at as createdAt', 'answered_at as answeredAt']).execute();
    return {
      account, memberships, assignments: assignments.map(({ license }) => license), acceptances, leases, machines, sessions, tasks,
      secondFactors: await secondFactorsOf(db, user),
      preferences: await preferencesOf(db, user),
      preferenceChanges: [...(await preferenceHistory(db, user))],
    } as unknown as Record<string, Json>;
  };

  return async (person: Person): Promise<Record<string, Json>> => {
    const at = clock.now();
    await database.transact((trx) => recordAudit(trx, [{ at, organization: null, actor: person.id, action: 'user.exported', subject: person.id, details: {} }]));
    return { exportedAt: at, ...(await gather(person.id)), audit: await auditAbout(db, person.id) };
  };
};
