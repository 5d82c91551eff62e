import { randomBytes } from 'node:crypto';
import type { Locale, Trx } from '../adapter/schema.ts';
import type { Seconds } from '../../src-shared/time.ts';
import { writeLetter } from './letter.ts';
import type { Letter } from './letter.ts';

/**
 * Puts a letter in the outbox, in the transaction of the change that it tells of: it is sent if and only if that happened.
 * `serve` sends it soon after.
 */
export const queueMail = async <Facts>(
  trx: Trx,
  mail: { readonly to: string; readonly locale: Locale; readonly letter: Letter<Facts>; readonly facts: Facts; readonly at: Seconds },
): Promise<void> => {
  const written = writeLetter(mail.letter, mail.locale, mail.facts);
  await trx
    .insertInto('mail')
    .values({ id: `mai_${randomBytes(16).toString('base64url')}`, recipient: mail.to, ...written, queued_at: mail.at, next_at: mail.at })
    .execute();
};

/**
 * The address of a portal page that a letter leads to. SECURITY: the token stands in the fragment, which a browser sends to
 * no server: it is in no log.
 */
export const portalLink = (ground: { readonly publicUrl: () => string }, path: `/${string}`, token?: string): string =>
  `${ground.publicUrl()}${path}${token === undefined ? '' : `#${token}`}`;
