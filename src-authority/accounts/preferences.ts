import type { Preferences } from '../../src-shared/http/security.ts';
import type { Seconds } from '../../src-shared/time.ts';
import { recordAudit } from '../audit/audit.ts';
import type { Db } from '../adapter/schema.ts';
import type { Ground } from '../ground.ts';

/** As it is until a person says otherwise: letters about one's licenses, and nothing else. */
const byItself: Preferences = { productNews: false, usageStatistics: false, licenseMails: true };
const names = ['productNews', 'usageStatistics', 'licenseMails'] as const satisfies readonly (keyof Preferences)[];

export type PreferenceChange = { readonly at: Seconds; readonly change: string; readonly from: boolean; readonly to: boolean };

/** Also for those who write letters: `licenseMails` says whether a person wants those that nobody asked for. */
export const preferencesOf = async (db: Db, user: string): Promise<Preferences> => {
  const rows = await db.selectFrom('preference').select(['name', 'value']).where('user', '=', user).execute();
  return { ...byItself, ...Object.fromEntries(rows.map(({ name, value }) => [name, value === 1])) };
};

export const preferenceHistory = async (db: Db, user: string): Promise<readonly PreferenceChange[]> =>
  (await db.selectFrom('preference_change').selectAll().where('user', '=', user).orderBy('id', 'desc').execute()).map((row) => ({
    at: row.at, change: row.name, from: row.was === 1, to: row.became === 1,
  }));

export const createPreferences = ({ database, clock, hub }: Ground) => ({
  read: async (user: string) => ({ preferences: await preferencesOf(database.db, user), history: await preferenceHistory(database.db, user) }),

  set: async (user: string, wanted: Preferences): Promise<Preferences> => {
    const changed = await database.transact(async (trx) => {
      const now = clock.now();
      const before = await preferencesOf(trx, user);
      const changes = names.filter((name) => before[name] !== wanted[name]);
      for (const name of changes) {
        const value = Number(wanted[name]);
        await trx.insertInto('preference').values({ user, name, value }).onConflict((on) => on.columns(['user', 'name']).doUpdateSet({ value })).execute();
        await trx.insertInto('preference_change').values({ user, at: now, name, was: Number(before[name]), became: value }).execute();
      }
      if (changes.length > 0) await recordAudit(trx, [{ at: now, organization: null, actor: user, action: 'user.preferences', subject: user, details: Object.fromEntries(changes.map((name) => [name, wanted[name]])) }]);
      return changes.length > 0;
    });
    if (changed) hub.publish({ type: 'account' }, { user });
    return wanted;
  },
});
