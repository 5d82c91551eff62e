import type { Notice } from './desktop.ts';

/** Two things can happen in one second; the same thing comes again with each state. */
const keyOf = ({ at, kind, lease }: Notice): string => `${at} ${kind} ${lease}`;

/**
 * Tells each notice once, and withdraws it when it is no longer true. `tell` gives what withdraws it. `before`: those that are not
 * told, because they happened before anybody was there to be told.
 */
export const createNoticeTeller = (tell: (notice: Notice) => () => void, before: readonly Notice[] = []) => {
  const told = new Map<string, () => void>(before.map((notice) => [keyOf(notice), () => undefined]));
  return (notices: readonly Notice[]): void => {
    const now = new Set(notices.map(keyOf));
    for (const [key, withdraw] of told) {
      if (now.has(key)) continue;
      told.delete(key);
      withdraw();
    }
    for (const notice of notices) if (!told.has(keyOf(notice))) told.set(keyOf(notice), tell(notice));
  };
};
