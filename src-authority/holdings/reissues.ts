import type { holdings } from '../../src-shared/http/holdings.ts';
import type { ValueOf } from '../../src-shared/http/index.ts';
import { ok } from '../../src-shared/result.ts';
import type { Result } from '../../src-shared/result.ts';
import type { Ground } from '../ground.ts';
import { keysetFile } from '../keys/files.ts';
import { reissuesOf } from '../keys/reissues.ts';
import { isFailure, roleFor } from './common.ts';
import type { Acting } from './common.ts';

type Reissues = ValueOf<typeof holdings.reissues>;

export const createReissues = ({ database: { db }, clock, keyring }: Ground) => ({
  /** Whom to issue anew after a key was revoked. Errors: `NOT_FOUND`, `FORBIDDEN`. */
  reissues: async ({ organization, person }: Acting, page: { readonly offset: number; readonly limit: number }): Promise<Result<Reissues>> => {
    const found = await roleFor(db, organization, person.id, 'machine.view');
    if (isFailure(found)) return found;
    const newest = await keyring.document();
    const due = reissuesOf(db, newest, clock.now(), organization);
    const { total, byThemselves, revokedAt } = (await due?.count()) ?? { total: 0, byThemselves: 0, revokedAt: null };
    if (due === null || total === 0) return ok({ total: 0, byThemselves: 0, revokedAt: null, keyset: null, reissues: [] });
    return ok({ total, byThemselves, revokedAt, keyset: keysetFile(newest), reissues: (await due.rows(page)) as Reissues['reissues'] });
  },
});
