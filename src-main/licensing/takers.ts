import type { Context } from './context.ts';
import type { StoreReader } from './store.ts';

/** For whom each lease in hand was taken: a license that ended is taken again for that person only. */
const takersIn = (store: Pick<StoreReader, 'setting'>): Readonly<Record<string, unknown>> => {
  try {
    const takers: unknown = JSON.parse(store.setting('takers') ?? '{}');
    return typeof takers === 'object' && takers !== null ? (takers as Readonly<Record<string, unknown>>) : {};
  } catch {
    return {};
  }
};

/** Remembers the person who is signed in as the one who took this lease. What is remembered of leases that are gone is dropped. */
export const rememberTaker = ({ ports: { store }, session }: Context, lease: string): void => {
  const person = session.account()?.user.id;
  if (person === undefined || takersIn(store)[lease] === person) return;
  store.write((tx) => {
    const held = new Set(tx.leases().map(({ id }) => id));
    const takers = { ...takersIn(tx), [lease]: person };
    tx.setSetting('takers', JSON.stringify(Object.fromEntries(Object.entries(takers).filter(([id]) => held.has(id)))));
  });
};

/** Whether the person who is signed in took this lease. False where it is not known. */
export const isTaker = ({ ports: { store }, session }: Context, lease: string): boolean => {
  const person = session.account()?.user.id;
  return person !== undefined && takersIn(store)[lease] === person;
};
