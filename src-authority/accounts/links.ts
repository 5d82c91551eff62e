import { fail, ok } from '../../src-shared/result.ts';
import type { Result } from '../../src-shared/result.ts';
import type { Seconds } from '../../src-shared/time.ts';
import type { Db, Row, Trx } from '../adapter/schema.ts';
import { hashToken, newToken } from './tokens.ts';

/** Links in mails: each works once, until it expires or another takes its place. */
type Purpose = Row<'account_link'>['purpose'];

/** Ends the links of a purpose that still work. */
export const endLinks = async (trx: Trx, user: string, purposes: readonly Purpose[], now: Seconds): Promise<void> => {
  await trx.updateTable('account_link').set({ ended_at: now }).where('user', '=', user).where('purpose', 'in', purposes).where('used_at', 'is', null).where('ended_at', 'is', null).execute();
};

/** A new link, in the place of those before it. Returns its token. */
export const makeLink = async (
  trx: Trx,
  link: { readonly user: string; readonly purpose: Purpose; readonly email: string | null; readonly now: Seconds; readonly expiresAt: Seconds },
): Promise<string> => {
  const { user, purpose, email, now, expiresAt } = link;
  await endLinks(trx, user, [purpose], now);
  const token = newToken();
  await trx.insertInto('account_link').values({ token_hash: hashToken(token), user, purpose, email, created_at: now, expires_at: expiresAt, used_at: null, ended_at: null }).execute();
  return token;
};

/** The link of a token, while it works. Errors: `NOT_FOUND`, `LINK_ENDED` (why: used, replaced, expired). */
export const readLink = async (db: Db, token: string, purpose: Purpose, now: Seconds): Promise<Result<Row<'account_link'>>> => {
  const row = await db.selectFrom('account_link').selectAll().where('token_hash', '=', hashToken(token)).where('purpose', '=', purpose).executeTakeFirst();
  if (!row) return fail('NOT_FOUND', { what: 'link' });
  if (row.used_at !== null) return fail('LINK_ENDED', { why: 'used' });
  if (row.ended_at !== null) return fail('LINK_ENDED', { why: 'replaced' });
  return row.expires_at <= now ? fail('LINK_ENDED', { why: 'expired', at: row.expires_at }) : ok(row);
};

/** Uses a link up, once. Errors: those of `readLink`. */
export const useLink = async (trx: Trx, token: string, purpose: Purpose, now: Seconds): Promise<Result<Row<'account_link'>>> => {
  const used = await trx
    .updateTable('account_link')
    .set({ used_at: now })
    .where('token_hash', '=', hashToken(token)).where('purpose', '=', purpose).where('used_at', 'is', null).where('ended_at', 'is', null).where('expires_at', '>', now)
    .returningAll()
    .executeTakeFirst();
  return used ? ok(used) : readLink(trx, token, purpose, now);
};
