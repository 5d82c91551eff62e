import type { Account } from '../../src-shared/http/index.ts';
import { fail, ok } from '../../src-shared/result.ts';
import type { Result } from '../../src-shared/result.ts';
import { recordAudit } from '../audit/audit.ts';
import type { Passwords } from '../adapter/password.ts';
import type { Sealing } from '../adapter/sealing.ts';
import type { Ground } from '../ground.ts';
import { createDeletion } from './deletion.ts';
import { createExport } from './export.ts';
import { createFactors } from './factors.ts';
import { createConfirmPassword, createGuard } from './guard.ts';
import { createKnown } from './known.ts';
import { createMailCodes } from './mail-codes.ts';
import { createPasswordChanges } from './passwords.ts';
import { createPreferences } from './preferences.ts';
import { createProfile } from './profile.ts';
import { createSecondFactors } from './second-factors.ts';
import { createSessions } from './sessions.ts';
import { createSignIn } from './sign-in.ts';
import { accountOf } from './view.ts';

export type { Session } from './sessions.ts';
export type { SignedIn } from './sign-in.ts';
export { normalizeEmail } from './view.ts';

/** Sign-in, sessions, second factors, and a person's own account. */
export const createAccounts = (ground: Ground, passwords: Passwords, sealing: Sealing) => {
  const { database, clock, hub } = ground;
  const { db } = database;
  const guard = createGuard(clock);
  const confirm = createConfirmPassword(db, passwords, guard);
  const known = createKnown(sealing);
  const sessions = createSessions(ground);
  const mailCodes = createMailCodes(sealing, guard);
  const factors = createFactors(sealing, mailCodes);
  const passwordChanges = createPasswordChanges(ground, { passwords, guard, confirm, known });

  return {
    ...createSignIn(ground, { passwords, guard, factors, mailCodes, sessions, known }),
    authenticate: sessions.authenticate,
    signOut: sessions.signOut,
    sessions,
    passwords: passwordChanges,
    confirm,
    secondFactors: createSecondFactors(ground, { sealing, guard, confirm, factors, mailCodes }),
    profile: createProfile(ground, { guard, confirm }),
    preferences: createPreferences(ground),
    export: createExport(ground),
    remove: createDeletion(ground, { confirm }),

    account: (user: string): Promise<Account> => accountOf(db, user),

    organizationsOf: async (user: string): Promise<readonly string[]> =>
      (await db.selectFrom('member').select('organization').where('user', '=', user).execute()).map((row) => row.organization),

    /** Errors: `NOT_FOUND`. */
    setDefaultOrganization: async (user: string, organization: string): Promise<Result<Account>> => {
      const result = await database.transact(async (trx): Promise<Result<null>> => {
        const member = await trx.selectFrom('member').select('role').where('user', '=', user).where('organization', '=', organization).executeTakeFirst();
        if (!member) return fail('NOT_FOUND', { organization });
        await trx.updateTable('user').set({ default_organization: organization }).where('id', '=', user).execute();
        await recordAudit(trx, [{ at: clock.now(), organization, actor: user, action: 'user.default-organization', subject: user, details: {} }]);
        return ok(null);
      });
      if (!result.ok) return result;
      hub.publish({ type: 'account' }, { user });
      return ok(await accountOf(db, user));
    },

    /** Where somebody calls from, as the audit keeps it: the same for the same address, and without the key nobody's. */
    hashAddress: (address: string): string => sealing.mark(address, 'address').slice(0, 16),

    /** When what was answered early is done. */
    idle: passwordChanges.idle,
  };
};

export type Accounts = ReturnType<typeof createAccounts>;
