import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { lockWithin, tryLock } from '../../src-main/adapter/index.ts';
import type { Lock } from '../../src-main/adapter/index.ts';

/**
 * Which `latchkey run` processes of a home want the license of a product, so that the first to end does not take it from the
 * others. Each holds the lock of a file of its own while it lives. Nothing else can be mistaken for it: not a process that got
 * the number of one that was killed, and not one of another container on the same volume (docs/adr/0022).
 */
export type Runs = {
  /** From here on the license is not released by another run. To be called before a license is looked for. */
  readonly join: (product: string) => Promise<Run>;
};
export type Run = {
  /**
   * Ends this run. `release` is called with those products that no other run wants, while no run can begin; it is not called
   * when that cannot be known, and then the next run to end sees to it.
   */
  readonly leave: (release: (isWanted: (product: string) => boolean) => Promise<void>) => Promise<void>;
};

/** What is done under the lock is local and short. */
const WAIT_MS = 10_000;

/** A product's name may hold anything that a person types. */
const digest = (product: string): string => createHash('sha256').update(product).digest('hex').slice(0, 32);
const noteName = /^([0-9a-f]{32})\.[0-9a-f-]{36}\.run$/;

export const createRuns = (home: string): Runs => {
  const folder = join(home, 'runs');
  const gate = join(folder, 'gate.lock');

  /** The products that a living run wants. What a dead one left is removed. */
  const wanted = (): ReadonlySet<string> => {
    const products = new Set<string>();
    for (const name of readdirSync(folder)) {
      const [, product] = noteName.exec(name) ?? [];
      if (product === undefined) continue;
      const lock = tryLock(join(folder, name));
      if (lock === null) products.add(product);
      lock?.release();
      if (lock !== null) rmSync(join(folder, name), { force: true });
    }
    return products;
  };

  const enter = async (note: string): Promise<Lock | null> => {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const door = await lockWithin(gate, WAIT_MS);
    try {
      return tryLock(note);
    } finally {
      door?.release();
    }
  };

  return {
    join: async (product) => {
      const note = join(folder, `${digest(product)}.${randomUUID()}.run`);
      // A home that cannot be written to keeps nobody from working with the license that is there.
      const own = await enter(note).catch(() => null);
      return {
        leave: async (release) => {
          const door = own && (await lockWithin(gate, WAIT_MS).catch(() => null));
          own?.release();
          if (!door) return;
          try {
            rmSync(note, { force: true });
            const products = wanted();
            await release((each) => products.has(digest(each)));
          } finally {
            door.release();
          }
        },
      };
    },
  };
};
