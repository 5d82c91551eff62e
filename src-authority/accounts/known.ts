import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { Sealing } from '../adapter/sealing.ts';

/**
 * Tokens by which a browser or an app shows that somebody has signed in with it before. A token opens nothing: guesses that
 * come with one are counted apart, so that the guesses of strangers do not make its owner wait. Good for one account until its
 * password changes.
 */
export type Known = {
  /** `found`: what `find` gave; the same token again. */
  readonly issue: (user: Owner, found?: string | null) => string;
  /** What guesses with the first of these tokens that is good for the account are counted by; null when none is. */
  readonly find: (user: Owner, tokens: readonly string[]) => string | null;
};
type Owner = { readonly id: string; readonly password: string };

const TOKEN = /^([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{43})$/;

export const createKnown = (sealing: Sealing): Known => {
  const mark = (user: Owner, id: string): string => sealing.mark(id, `known/${user.id}/${user.password}`);
  return {
    issue: (user, found = null) => {
      const id = found ?? randomBytes(16).toString('base64url');
      return `${id}.${mark(user, id)}`;
    },
    find: (user, tokens) => {
      for (const token of tokens) {
        const [, id, given] = TOKEN.exec(token) ?? [];
        if (id !== undefined && given !== undefined && timingSafeEqual(Buffer.from(given), Buffer.from(mark(user, id)))) return id;
      }
      return null;
    },
  };
};
