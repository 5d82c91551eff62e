import { create } from 'zustand';
import type { AuthorityEvent, EVENTS_PATH as EventsPath } from '../../src-shared/http/index.ts';

// Not imported as a value: the contract's module would bring its schemas (see routes.ts).
const EVENTS_PATH: typeof EventsPath = '/v1/events';
const REOPEN_AFTER = 5000;

/** Whether changes made elsewhere are heard of right now. */
export const useLive = create<{ readonly isLive: boolean | null }>()(() => ({ isLive: null }));

/**
 * Listens to the authority's events. Each says what to look at again; `hello` opens every stream, so that what was missed
 * while it was down is looked at too. Returns the function that stops it.
 */
export const listen = (onEvent: (event: AuthorityEvent) => void): (() => void) => {
  let source: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const hear = ({ data }: MessageEvent): void => {
    try {
      onEvent(JSON.parse(String(data)) as AuthorityEvent);
    } catch {
      // A line that is not ours says nothing.
    }
  };
  const open = (): void => {
    source = new EventSource(EVENTS_PATH);
    source.onopen = () => useLive.setState({ isLive: true });
    source.onmessage = hear;
    for (const type of ['hello', 'lease', 'entitlements', 'account'] satisfies AuthorityEvent['type'][]) source.addEventListener(type, hear);
    source.onerror = () => {
      useLive.setState({ isLive: false });
      // The browser itself tries again after a lost connection, but not after a refusal.
      if (source?.readyState === EventSource.CLOSED) timer = setTimeout(open, REOPEN_AFTER);
    };
  };
  open();
  return () => {
    clearTimeout(timer);
    source?.close();
    useLive.setState({ isLive: null });
  };
};
