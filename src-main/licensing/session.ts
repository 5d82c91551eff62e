import { z } from 'zod';
import type { EndedSession } from '../../src-shared/desktop.ts';
import { account as accountSchema } from '../../src-shared/http/index.ts';
import type { Account } from '../../src-shared/http/index.ts';
import type { Seconds } from '../../src-shared/time.ts';
import type { LicensingPorts } from './ports.ts';
import type { SettingName, StoreReader, StoreWriter } from './store.ts';

/**
 * Who is signed in: the session's token and the account that it belongs to. Both change together, in one moment, in memory
 * and in the database, so that a timer or another process never sees one without the other. What has to wait for a file is done
 * before that moment, and one change waits for the one before.
 */
export type Session = {
  readonly token: () => string | null;
  /** Null also with a token, where this process has not been told yet whose it is. */
  readonly account: () => Account | null;
  readonly begin: (next: { readonly token: string; readonly account: Account; readonly url: string }) => Promise<void>;
  /** Whose session has ended by itself, and why; null while somebody is signed in, and after signing out. */
  readonly ended: () => EndedSession | null;
  /** The organizations that this person belonged to, where they belong to none now. */
  readonly former: () => readonly string[];
  /** Signs out. With `by`: only the session of that token, which the authority has ended; a newer one of another process stays. */
  readonly end: (by?: { readonly token: string; readonly why: EndedSession['why']; readonly at: Seconds }) => Promise<void>;
  /** Reads the session that an earlier run or another process left. */
  readonly load: () => Promise<void>;
  /** Keeps what the authority says of the account now. An answer to a session that is over, here or for another process, is dropped. */
  readonly keep: (account: Account, token: string | null) => void;
  readonly onChange: (listener: (what: 'session' | 'account') => void) => void;
};

export const createSession = ({ store, secrets, log }: Pick<LicensingPorts, 'store' | 'secrets' | 'log'>): Session => {
  let token: string | null = null;
  let account: Account | null = null;
  const listeners: ((what: 'session' | 'account') => void)[] = [];
  const change = (next: { readonly token: string | null; readonly account: Account | null }): void => {
    const isOther = next.token !== token;
    ({ token, account } = next);
    for (const listener of listeners) listener(isOther ? 'session' : 'account');
  };

  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const mine = turn.then(work, work);
    turn = mine.catch(() => undefined);
    return mine;
  };

  const read = async (): Promise<string | null> => {
    try {
      return await secrets.read('session');
    } catch (error) {
      // A session that cannot be opened means signing in again; it is no reason not to start.
      log('session.unreadable', { error: error instanceof Error ? error.message : String(error) });
      return null;
    }
  };
  const readAgain = async (): Promise<void> => {
    const found = await read();
    const stored = found === null ? null : storedAccount(store);
    if (found !== token || !isSame(stored, account)) change({ token: found, account: stored });
  };

  return {
    token: () => token,
    account: () => account,
    begin: ({ token: next, account: whose, url }) => inTurn(async () => {
      // The token first: another process looks at it once it sees that the database has changed.
      await secrets.write('session', next);
      store.write((tx) => {
        tx.setSetting('authority-url', url);
        tx.setSetting('organization', whose.defaultOrganization ?? whose.organizations[0]?.id ?? null);
        tx.setSetting('account', JSON.stringify(whose));
        tx.setSetting('session-ended', null);
        if (storedFormer(tx)?.user !== whose.user.id) tx.setSetting('former', null);
        keepFormer(tx, whose, whose);
      });
      change({ token: next, account: whose });
    }),
    ended: () => storedEnd(store),
    former: () => (account === null ? [] : (storedFormer(store)?.names ?? [])),
    end: (by) => inTurn(async () => {
      if (by !== undefined && (await read()) !== by.token) return readAgain();
      await secrets.write('session', null);
      const ended: EndedSession | null = by === undefined || account === null ? null : { email: account.user.email, why: by.why, at: by.at };
      try {
        store.write((tx) => {
          tx.setSetting('session-ended', ended === null ? null : JSON.stringify(ended));
          if (tx.setting('account') !== null) tx.setSetting('account', null);
          if (tx.setting('organization') !== null) tx.setSetting('organization', null);
        });
      } finally {
        // Without its token the session is over, also where the database cannot be written.
        change({ token: null, account: null });
      }
    }),
    load: () => inTurn(readAgain),
    keep: (told, used) => {
      if (used === null || used !== token) return;
      const isKept = store.write((tx) => {
        // Another process has signed out, or signed somebody else in: what it wrote counts.
        if (storedAccount(tx)?.user.id !== account?.user.id) return false;
        keepFormer(tx, account, told);
        tx.setSetting('account', JSON.stringify(told));
        return true;
      });
      if (isKept) change({ token, account: told });
    },
    onChange: (listener) => void listeners.push(listener),
  };
};

const isSame = (one: Account | null, other: Account | null): boolean => JSON.stringify(one) === JSON.stringify(other);

/** Who was signed in, as the authority last said; shown while it is away. */
const storedAccount = (store: Pick<StoreReader, 'setting'>): Account | null => stored(store, 'account', accountSchema);

/** Who belongs to no organization any more is to know which one it was. */
const keepFormer = (tx: StoreWriter, before: Account | null, now: Account): void => {
  if (now.organizations.length > 0) tx.setSetting('former', null);
  else if (before !== null && before.organizations.length > 0) tx.setSetting('former', JSON.stringify({ user: now.user.id, names: before.organizations.map(({ name }) => name) }));
};

const formerSchema = z.object({ user: z.string(), names: z.array(z.string()) });
const endedSchema = z.object({ email: z.string(), why: z.enum(['ended', 'expired']).nullable(), at: z.number() });

/** What was written down, or null where it cannot be read. */
const stored = <T>(store: Pick<StoreReader, 'setting'>, name: SettingName, schema: z.ZodType<T>): T | null => {
  const text = store.setting(name);
  if (text === null) return null;
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    return null;
  }
};
const storedFormer = (store: Pick<StoreReader, 'setting'>) => stored(store, 'former', formerSchema);
const storedEnd = (store: Pick<StoreReader, 'setting'>): EndedSession | null => stored(store, 'session-ended', endedSchema);
