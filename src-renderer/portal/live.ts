import { createParser } from 'eventsource-parser';
import { create } from 'zustand';
import type { AuthorityEvent, EVENTS_PATH as EventsPath } from '../../src-shared/http/index.ts';
import { portalHeaders } from '../authority/over-http.ts';
import { bindingKept } from './session/binding.ts';

// Not imported as a value: the contract's module would bring its schemas (see routes.ts).
const EVENTS_PATH: typeof EventsPath = '/v1/events';
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 30_000;
/** The authority sends something every 15 s: a stream that is silent for longer is dead. */
const SILENCE_MS = 45_000;

/** Whether changes made elsewhere are heard of right now. */
export const useLive = create<{ readonly isLive: boolean | null }>()(() => ({ isLive: null }));

/**
 * Listens to the authority's events. Each says what to look at again; `hello` opens every stream, so that what was missed
 * while it was down is looked at too. An EventSource could not carry the session's binding. Returns the function that stops it.
 */
export const listen = (onEvent: (event: AuthorityEvent) => void): (() => void) => {
  let isStopped = false;
  let failures = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let abort = new AbortController();

  const hear = (data: string): void => {
    try {
      onEvent(JSON.parse(data) as AuthorityEvent);
    } catch {
      // A line that is not ours says nothing.
    }
  };
  const read = async (): Promise<void> => {
    const own = new AbortController();
    abort = own;
    let silence = setTimeout(() => own.abort(), SILENCE_MS);
    try {
      const response = await fetch(EVENTS_PATH, { headers: { accept: 'text/event-stream', ...portalHeaders(bindingKept()) }, credentials: 'same-origin', cache: 'no-store', signal: own.signal });
      if (!response.ok || response.body === null) return;
      useLive.setState({ isLive: true });
      failures = 0;
      const parser = createParser({ onEvent: ({ data }) => hear(data) });
      const decoder = new TextDecoder();
      const reader = response.body.getReader();
      for (;;) {
        const { done, value } = await reader.read();
        if (done || isStopped) return;
        clearTimeout(silence);
        silence = setTimeout(() => own.abort(), SILENCE_MS);
        parser.feed(decoder.decode(value, { stream: true }));
      }
    } catch {
      // Ended or never begun: it is opened again.
    } finally {
      clearTimeout(silence);
    }
  };
  const keep = async (): Promise<void> => {
    await read();
    if (isStopped) return;
    useLive.setState({ isLive: false });
    const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(failures, 10));
    failures += 1;
    // Not all pages at once, when the authority is there again.
    timer = setTimeout(() => void keep(), wait * (0.75 + Math.random() / 2));
  };
  void keep();
  return () => {
    isStopped = true;
    clearTimeout(timer);
    abort.abort();
    useLive.setState({ isLive: null });
  };
};
