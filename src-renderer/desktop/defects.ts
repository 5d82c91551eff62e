import type { Desktop } from './store.ts';

type How = 'drawing' | 'script' | 'promise';

/** Tells main of what nobody caught in the page; main's log is the only place where somebody can look for it later. */
export const tellDefects = (page: Window, { call }: Pick<Desktop, 'call'>): ((how: How, error: unknown) => void) => {
  const tell = (how: How, error: unknown): void => {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    void call('app.defect', { how, error: text.slice(0, 16_000) });
  };
  page.addEventListener('error', ({ error, message }) => tell('script', error ?? message));
  page.addEventListener('unhandledrejection', ({ reason }) => tell('promise', reason));
  return tell;
};
