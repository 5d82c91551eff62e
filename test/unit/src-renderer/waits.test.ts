import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { lateWaits, waitFor } from '../../../src-renderer/waiting/waits.ts';

describe('a wait', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('is shown when it takes longer than a moment, until its answer comes', async () => {
    const changes = vi.fn<() => void>();
    const stop = lateWaits.subscribe(changes);
    let answer = (_: string): void => undefined;
    const cancel = vi.fn<() => void>();
    const waited = waitFor(new Promise<string>((resolve) => (answer = resolve)), cancel);
    await vi.advanceTimersByTimeAsync(999);
    expect(lateWaits.all()).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(lateWaits.all()).toHaveLength(1);
    lateWaits.all()[0]?.cancel();
    expect(cancel).toHaveBeenCalledOnce();
    answer('there');
    expect(await waited).toBe('there');
    expect(lateWaits.all()).toEqual([]);
    expect(changes).toHaveBeenCalledTimes(2);
    stop();
  });

  it('that is short, or that fails, leaves nothing behind', async () => {
    await waitFor(Promise.resolve(1), () => undefined);
    await expect(waitFor(Promise.reject(new Error('no')), () => undefined)).rejects.toThrow('no');
    await vi.advanceTimersByTimeAsync(5000);
    expect(lateWaits.all()).toEqual([]);
  });
});
