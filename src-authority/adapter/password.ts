import { hash, verify } from '@node-rs/argon2';

/** Hashes of passwords: argon2id (OWASP: 19 MiB, 2 passes, 1 lane), the library's default kind and a salt of its own. */
export type Passwords = {
  readonly hash: (password: string) => Promise<string>;
  /** With null (no such person) it takes as long, and is false. */
  readonly verify: (hash: string | null, password: string) => Promise<boolean>;
};

const options = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** At most two at a time: the other threads of the pool stay free for signatures, and memory stays bounded. */
const AT_ONCE = 2;

export const createPasswords = (): Passwords => {
  let running = 0;
  const waiting: (() => void)[] = [];
  const inTurn = async <T>(work: () => Promise<T>): Promise<T> => {
    if (running >= AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
  let nobody: Promise<string> | undefined;
  return {
    hash: (password) => inTurn(() => hash(password, options)),
    verify: async (stored, password) => {
      nobody ??= hash('nobody has this password', options);
      const against = stored ?? (await nobody);
      const matches = await inTurn(() => verify(against, password));
      return stored !== null && matches;
    },
  };
};
