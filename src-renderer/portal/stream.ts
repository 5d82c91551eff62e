import { createParser } from 'eventsource-parser';
import type { AuthorityEvent, EVENTS_PATH as EventsPath } from '../../src-shared/http/index.ts';
import { portalHeaders } from '../authority/over-http.ts';
import { bindingKept } from './session/binding.ts';

// Not imported as a value: the contract's module would bring its schemas (see routes.ts).
const EVENTS_PATH: typeof EventsPath = '/v1/events';
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 30_000;
/** The authority sends something every 15 s: a stream that is silent for longer is dead. */
const SILENCE_MS = 45_000;

export type StreamEar = {
  readonly onEvent: (event: AuthorityEvent) => void;
  /** Whether the stream stands; true again with all that comes, also where that is no event. */
  readonly onState: (isLive: boolean) => void;
};

/**
 * The authority's events for this person, opened again as often as it ends. `hello` opens every stream, so that what was missed
 * while it was down is looked at too. One of another person, who has signed in beside this page, is not listened to: `account`
 * comes in its place. An EventSource could not carry the session's binding. Returns the function that stops it.
 */
export const openStream = (person: string, { onEvent, onState }: StreamEar): (() => void) => {
  let isStopped = false;
  let failures = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let abort = new AbortController();

  const hear = (data: string, own: AbortController): void => {
    let event: AuthorityEvent;
    try {
      event = JSON.parse(data) as AuthorityEvent;
    } catch {
      // A line that is not ours says nothing.
      return;
    }
    if (isStopped || own.signal.aborted) return;
    if (event.type !== 'hello' || event.user === person) return onEvent(event);
    own.abort();
    onEvent({ type: 'account' });
  };
  const read = async (): Promise<void> => {
    const own = new AbortController();
    abort = own;
    let silence = setTimeout(() => own.abort(), SILENCE_MS);
    try {
      const response = await fetch(EVENTS_PATH, { headers: { accept: 'text/event-stream', ...portalHeaders(bindingKept()) }, credentials: 'same-origin', cache: 'no-store', signal: own.signal });
      if (response.status === 401 && !isStopped) onEvent({ type: 'account' });
      if (!response.ok || response.body === null) return;
      failures = 0;
      const parser = createParser({ onEvent: ({ data }) => hear(data, own) });
      const decoder = new TextDecoder();
      const reader = response.body.getReader();
      for (;;) {
        const { done, value } = await reader.read();
        if (done || isStopped) return;
        clearTimeout(silence);
        silence = setTimeout(() => own.abort(), SILENCE_MS);
        parser.feed(decoder.decode(value, { stream: true }));
        if (own.signal.aborted) return;
        onState(true);
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
    onState(false);
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
  };
};
