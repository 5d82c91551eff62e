import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startWaiting } from '../../../src-cli/latchkey/waiting.ts';

describe('a long wait on the command line', () => {
  const { isTTY } = process.stderr;
  let written = '';
  let answer = (_: Response): void => undefined;
  beforeEach(() => {
    written = '';
    vi.useFakeTimers();
    vi.stubGlobal('fetch', () => new Promise<Response>((resolve) => (answer = resolve)));
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
      written += String(text);
      return true;
    });
  });
  afterEach(() => {
    process.stderr.isTTY = isTTY;
    vi.useRealTimers();
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  });

  it('is told on a terminal after a moment, and its line is gone with the answer', async () => {
    process.stderr.isTTY = true;
    const { fetch, leave } = startWaiting();
    const asked = fetch('http://127.0.0.1/');
    await vi.advanceTimersByTimeAsync(999);
    expect(written).toBe('');
    await vi.advanceTimersByTimeAsync(1);
    expect(written).toMatch(/Ctrl-C/);
    answer(new Response('there'));
    expect(await (await asked).text()).toBe('there');
    expect(written.endsWith('\r\u001b[K')).toBe(true);
    leave();
  });

  it.each(['to a log', 'over the screen of another command'])('is not told %s', async (where) => {
    process.stderr.isTTY = where !== 'to a log';
    const { fetch, leave, signal } = startWaiting();
    leave();
    const asked = fetch('http://127.0.0.1/');
    await vi.advanceTimersByTimeAsync(5000);
    answer(new Response('there'));
    await asked;
    expect(written).toBe('');
    expect(signal.aborted).toBe(false);
  });
});
