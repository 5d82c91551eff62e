import type { IncomingMessage } from 'node:http';

const MOST_BYTES = 1024 * 1024;
const MOST_MS = 2000;

/**
 * Reads what a refused request is still sending and throws it away, so that the sender can read the refusal. If the connection
 * were closed at once, the sender's next packet would be answered with a reset: browsers then report a network error, and a
 * proxy answers with a page of its own. Ends at the end of the body, after 1 MiB, or after two seconds, whichever comes first.
 */
export const discardBody = async (request: IncomingMessage): Promise<void> => {
  if (request.complete || request.destroyed) return;
  let bytes = 0;
  const over = Promise.withResolvers<void>();
  const enough = setTimeout(over.resolve, MOST_MS);
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) over.resolve();
  });
  for (const end of ['end', 'error', 'close']) request.once(end, () => over.resolve());
  request.resume();
  await over.promise;
  clearTimeout(enough);
};
