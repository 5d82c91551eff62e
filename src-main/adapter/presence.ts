import { createHash } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { Refusal } from '../../src-shared/result.ts';
import { MINUTE } from '../../src-shared/time.ts';
import type { Clock, Seconds } from '../../src-shared/time.ts';
import type { PresencePort } from '../licensing/ports.ts';
import { replaceFile } from './own-file.ts';

/**
 * Which computer works in a home, told by the processes that stay (the app, `latchkey run`): a small file with the time, because
 * the locks of a network drive are not to be trusted. Containers that share a kernel are one computer; their locks hold.
 */
export type Computer = { readonly name: string; /** By any of them it is known again: since it was started, and for ever. */ readonly ids: readonly string[] };

const BEAT: Seconds = MINUTE;
/** Without a sign of life for so long, the computer is not there any more: the profile has moved, or it was switched off. */
const LIVE: Seconds = 5 * MINUTE;

const idOf = (path: string): string[] => {
  try {
    const text = readFileSync(path, 'utf8').trim();
    return text === '' ? [] : [createHash('sha256').update(`latchkey presence ${text}`).digest('hex').slice(0, 32)];
  } catch {
    return [];
  }
};

export const thisComputer = (): Computer => {
  const ids = ['/proc/sys/kernel/random/boot_id', '/etc/machine-id'].flatMap(idOf);
  const name = hostname().slice(0, 200) || 'computer';
  return { name, ids: ids.length > 0 ? ids : [createHash('sha256').update(`latchkey presence ${name}`).digest('hex').slice(0, 32)] };
};

const record = z.strictObject({ v: z.literal(1), computer: z.string().max(200), ids: z.array(z.string().max(64)).max(4), at: z.int() });

const fileOf = (home: string): string => join(home, 'in-use.json');

/** The other computer that works in this home now; null when there is none. */
const otherIn = (home: string, computer: Computer, now: Seconds): z.infer<typeof record> | null => {
  let found: z.infer<typeof record>;
  try {
    found = record.parse(JSON.parse(readFileSync(fileOf(home), 'utf8')));
  } catch {
    return null;
  }
  return found.ids.some((id) => computer.ids.includes(id)) || Math.abs(now - found.at) >= LIVE ? null : found;
};

/** To be asked before anything is changed. Throws `STORE_UNUSABLE` (why: home-in-use). */
export const requireOwnHome = (home: string, computer: Computer, now: Seconds): void => {
  const other = otherIn(home, computer, now);
  if (other) throw new Refusal('STORE_UNUSABLE', { why: 'home-in-use', path: home, computer: other.computer, at: other.at });
};

export const createPresence = (home: string, computer: Computer, clock: Clock): PresencePort => {
  let beatAt: Seconds | null = null;
  const quietly = (work: () => void): void => {
    try {
      work();
    } catch {
      // A home that cannot be written to is not shared by it either.
    }
  };
  return {
    beat: () => {
      const now = clock.now();
      if (beatAt !== null && now >= beatAt && now - beatAt < BEAT) return;
      // Two that began at the same moment: the one that is there keeps the home.
      if (otherIn(home, computer, now)) return;
      beatAt = now;
      quietly(() => replaceFile(fileOf(home), `${JSON.stringify({ v: 1, computer: computer.name, ids: computer.ids, at: now })}\n`, { flush: false }));
    },
    // Another process of this computer that goes on says so again within a minute.
    leave: () => {
      if (beatAt !== null && otherIn(home, computer, clock.now()) === null) quietly(() => rmSync(fileOf(home), { force: true }));
      beatAt = null;
    },
  };
};
