import { createParser } from 'eventsource-parser';
import { z } from 'zod';
import type { AuthorityEvent } from '../../../src-shared/http/index.ts';
import type { AuthorityPort } from '../../licensing/ports.ts';
import type { Fetch } from './client.ts';

const event = z.discriminatedUnion('type', [
  z.object({ type: z.literal('hello'), now: z.number() }),
  z.object({ type: z.literal('lease'), lease: z.string(), machine: z.string() }),
  z.object({ type: z.literal('entitlements'), organization: z.string(), machine: z.string().exactOptional() }),
  z.object({ type: z.literal('keys') }),
  z.object({ type: z.literal('account') }),
]) satisfies z.ZodType<AuthorityEvent>;

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 60_000;
/** The authority sends a comment at least this often; a stream that is silent for longer is dead. */
const SILENCE_MS = 60_000;
/** More than any event of ours; what grows beyond it without an end is not our authority. */
const EVENT_SIZE = 1024 * 1024;
/** A newer authority may tell of more than is known here, but not only of that. */
const MOST_UNKNOWN = 1000;

/** Reads the stream and opens it again when it ends, waiting longer each time, with jitter so that a fleet does not return at once. */
export const openEvents = (input: {
  readonly url: URL;
  readonly token: string;
  readonly fetch: Fetch;
  readonly listener: Parameters<AuthorityPort['events']>[1];
}): (() => void) => {
  const { listener } = input;
  /** By whoever listens. */
  let stopped = false;
  /** For good: by whoever listens, or because the session has ended. */
  let closed = false;
  let failures = 0;
  let wake = (): void => undefined;
  let abort = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;

  const read = async (): Promise<void> => {
    abort = new AbortController();
    const silence = setTimeout(() => abort.abort(), SILENCE_MS);
    try {
      const response = await input.fetch(input.url, {
        headers: { accept: 'text/event-stream', authorization: `Bearer ${input.token}` }, redirect: 'error', signal: abort.signal,
      });
      if (response.status === 401) {
        // The session has ended. Whoever asks next by a call hears it as a code; asking again here would not help.
        closed = true;
        listener.refused?.();
        return;
      }
      if (!response.ok || !response.body) return;
      let unread = 0;
      let unknown = 0;
      // Only what is whole is a sign of life: bytes that trickle and never end are not.
      const alive = (): void => {
        unread = 0;
        silence.refresh();
      };
      const parser = createParser({
        onComment: alive,
        onEvent: ({ data }) => {
          if (closed || unknown > MOST_UNKNOWN) return;
          alive();
          const parsed = event.safeParse(parse(data));
          if (!parsed.success) {
            unknown += 1;
            return;
          }
          unknown = 0;
          failures = 0;
          if (parsed.data.type === 'hello') listener.up();
          listener.event(parsed.data);
        },
      });
      const decoder = new TextDecoder();
      for await (const chunk of response.body) {
        unread += chunk.byteLength;
        parser.feed(decoder.decode(chunk, { stream: true }));
        if (unread > EVENT_SIZE || unknown > MOST_UNKNOWN) return;
      }
    } catch {
      // Ended or never begun: the same to whoever listens.
    } finally {
      clearTimeout(silence);
    }
  };

  const keep = async (): Promise<void> => {
    while (!closed) {
      await read();
      if (stopped) return;
      listener.down();
      if (closed) return;
      failures += 1;
      const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(failures - 1, 10));
      await new Promise<void>((resolve) => {
        wake = resolve;
        timer = setTimeout(resolve, wait * (0.5 + Math.random() / 2));
      });
    }
  };
  void keep();
  return () => {
    closed = true;
    stopped = true;
    clearTimeout(timer);
    abort.abort();
    wake();
  };
};

const parse = (data: string): unknown => {
  try {
    return JSON.parse(data);
  } catch {
    return null;
  }
};
