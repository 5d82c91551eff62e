import { create } from 'zustand';
import type { AuthorityEvent } from '../../src-shared/http/index.ts';
import { openStream } from './stream.ts';

/** A page that holds the stream says something at least every minute and a half; one that is silent for longer was put to sleep. */
const SLEEP_MS = 120_000;

/** Whether changes made elsewhere are heard of right now. */
export const useLive = create<{ readonly isLive: boolean | null }>()(() => ({ isLive: null }));

type Hear = (event: AuthorityEvent) => void;
type Word = { readonly kind: 'event'; readonly event: AuthorityEvent } | { readonly kind: 'state'; readonly isLive: boolean | null } | { readonly kind: 'ask' };

const show = (isLive: boolean | null): void => useLive.setState({ isLive });

/**
 * Listens to the authority's events for this person; each says what to look at again. All their pages in this browser share one
 * stream, as HTTP/1.1 leaves a browser six connections to a host. Returns the function that stops it.
 */
export const listen = (person: string, onEvent: Hear): (() => void) => {
  const begin = 'locks' in navigator ? share : whileSeen;
  let end: (() => void) | null = begin(person, onEvent);
  const stop = (): void => {
    end?.();
    end = null;
    show(null);
  };
  // A page that was left may be kept, and its stream with it.
  const onShown = (): void => void (end ??= begin(person, onEvent));
  addEventListener('pagehide', stop);
  addEventListener('pageshow', onShown);
  return () => {
    removeEventListener('pagehide', stop);
    removeEventListener('pageshow', onShown);
    stop();
  };
};

/** The page that holds the lock has the stream and passes on what it hears; when it goes, the next one opens its own. */
const share = (person: string, onEvent: Hear): (() => void) => {
  const name = `latchkey.events.${person}`;
  const channel = new BroadcastChannel(name);
  let isStopped = false;
  let isAsleep = false;
  let isLive: boolean | null = null;
  let letGo: (() => void) | null = null;
  let waiting = new AbortController();
  let asleep: ReturnType<typeof setTimeout> | undefined;

  const say = (word: Word): void => channel.postMessage(word);
  const hold = (): Promise<void> => new Promise((resolve) => {
    if (isStopped) return resolve();
    clearTimeout(asleep);
    const close = openStream(person, {
      onEvent: (event) => {
        say({ kind: 'event', event });
        onEvent(event);
      },
      onState: (next) => {
        isLive = next;
        say({ kind: 'state', isLive });
        show(isLive);
      },
    });
    letGo = () => {
      letGo = null;
      close();
      resolve();
    };
  });
  const queue = async (): Promise<void> => {
    while (!isStopped) {
      const steal = isAsleep;
      isAsleep = false;
      waiting = new AbortController();
      // It is refused when we no longer wait for it, and when another page takes it from this one.
      await navigator.locks.request(name, steal ? { steal } : { signal: waiting.signal }, hold).catch(() => undefined);
      letGo?.();
    }
  };
  const watch = (): void => {
    clearTimeout(asleep);
    asleep = setTimeout(() => {
      isAsleep = true;
      waiting.abort();
    }, SLEEP_MS * (1 + Math.random() / 2));
  };
  channel.addEventListener('message', ({ data }: MessageEvent<Word>) => {
    if (data.kind === 'ask') {
      if (letGo !== null) say({ kind: 'state', isLive });
      return;
    }
    if (letGo === null) watch();
    if (data.kind === 'event') onEvent(data.event);
    else show(data.isLive);
  });
  watch();
  say({ kind: 'ask' });
  void queue();
  return () => {
    isStopped = true;
    waiting.abort();
    clearTimeout(asleep);
    letGo?.();
    channel.close();
  };
};

/** Without locks (plain http from another computer) a page has a stream of its own, as long as one sees the page. */
const whileSeen = (person: string, onEvent: Hear): (() => void) => {
  let close: (() => void) | null = null;
  const follow = (): void => {
    if (document.visibilityState === 'visible') close ??= openStream(person, { onEvent, onState: show });
    else {
      close?.();
      close = null;
    }
  };
  follow();
  document.addEventListener('visibilitychange', follow);
  return () => {
    document.removeEventListener('visibilitychange', follow);
    close?.();
  };
};
