import { createHash } from 'node:crypto';

/**
 * What happened, as those outside the authority saw it: nothing here comes from its database. `n` counts everything that was
 * seen, in the order in which it was seen, so that of two things with `n` apart the earlier one came first.
 */

/** Operations that carry a document of a machine, or a person's decision (to end a lease, to free its seat early); and what anybody may look at. */
export type OperationKind = 'checkout' | 'renew' | 'answer' | 'give-back' | 'accept' | 'heartbeat' | 'decide' | 'free' | 'look';

export type Outcome =
  | { readonly is: 'done'; readonly value: Readonly<Record<string, unknown>> }
  | { readonly is: 'refused'; readonly code: string }
  /** Nothing came back: it may have happened or not, at any time from `invoked` on. */
  | { readonly is: 'unknown' };

export type Operation = {
  readonly kind: OperationKind;
  readonly invoked: number;
  /** Infinity while nothing has come back. */
  returned: number;
  outcome: Outcome;
  /** The document that was sent; for a decision, the lease. */
  readonly sent: string;
  /** The whole body that it was sent in. */
  readonly body: Readonly<Record<string, unknown>>;
  /** Who asked, as far as the authority is told: a session, or nobody. */
  readonly session: string | null;
};

export type Mark = { readonly n: number } & (
  | { readonly kind: 'clock'; readonly now: number }
  | { readonly kind: 'crash' }
  | { readonly kind: 'restore'; readonly machine: string }
  /** The chain was walked; `decisions`, `freed`: leases that the audit says a named person ended, and those whose seats one freed early. */
  | { readonly kind: 'audit'; readonly intact: boolean; readonly decisions: readonly string[]; readonly freed: readonly string[] }
  /** A full client says that it may use a lease. */
  | { readonly kind: 'usable'; readonly machine: string; readonly lease: string }
  /** A full client has accepted a file of a lease, and has neither the lease nor its proof. */
  | { readonly kind: 'dropped'; readonly machine: string; readonly lease: string }
);

export type History = {
  readonly seats: Readonly<Record<string, number>>;
  readonly start: number;
  readonly operations: readonly Operation[];
  readonly marks: readonly Mark[];
};

export type Violation = { readonly rule: Rule; readonly what: string; readonly n: number };
export type Rule = 'seats' | 'same-answer' | 'sequence' | 'counter' | 'resolution' | 'lost-lease' | 'lowered' | 'numbers' | 'audit' | 'released-and-usable' | 'dropped' | 'defect';

/** Claims as they stand in a document, read without the product's parser. */
export type Claims = Readonly<Record<string, unknown>> & { readonly jti: string; readonly sub: string; readonly iss: string; readonly aud: string; readonly seq: number };

const read = new Map<string, Claims>();
export const claimsOf = (document: string): Claims => {
  const key = createHash('sha256').update(document).digest('base64');
  const known = read.get(key);
  if (known) return known;
  const jws = document.startsWith('-----') ? document.split('\n').slice(1, -2).join('') : document;
  const claims = JSON.parse(Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString()) as Claims;
  if (read.size > 5000) read.clear();
  read.set(key, claims);
  return claims;
};

/** A license file that somebody was given. */
export type FileSeen = {
  readonly jti: string;
  readonly lease: string;
  readonly seq: number;
  readonly machine: string;
  readonly license: string;
  readonly mode: 'online' | 'offline';
  readonly exp: number;
  readonly request: string;
  readonly text: string;
  /** It may exist from `mayFrom` on, and does exist at `surelyFrom`. */
  mayFrom: number;
  surelyFrom: number;
};

/** The license file in an operation's value, where there is one. */
export const fileIn = (operation: Operation): string | null => {
  if (operation.outcome.is !== 'done') return null;
  const { licenseFile } = operation.outcome.value;
  return typeof licenseFile === 'string' ? licenseFile : null;
};

export const isIssuing = ({ kind }: Operation): boolean => kind === 'checkout' || kind === 'renew' || kind === 'answer';
export const isReturning = ({ kind }: Operation): boolean => kind === 'give-back' || kind === 'accept';

/** Every file that was seen, by its `jti`. */
export const filesOf = ({ operations }: History): ReadonlyMap<string, FileSeen> => {
  const files = new Map<string, FileSeen>();
  const asked = new Map<string, number>();
  for (const operation of operations) {
    if (!isIssuing(operation)) continue;
    const { jti } = claimsOf(operation.sent);
    asked.set(jti, Math.min(asked.get(jti) ?? Number.POSITIVE_INFINITY, operation.invoked));
  }
  for (const operation of operations) {
    const text = fileIn(operation);
    if (text === null) continue;
    const claims = claimsOf(text);
    const request = String(claims['req']);
    const known = files.get(claims.jti);
    if (known) {
      known.surelyFrom = Math.min(known.surelyFrom, operation.returned);
      continue;
    }
    files.set(claims.jti, {
      jti: claims.jti, lease: claims.sub, seq: claims.seq, machine: claims.aud, license: (claims['license'] as { readonly id: string }).id,
      mode: claims['mode'] as 'online' | 'offline', exp: Number(claims['exp']), request, text,
      mayFrom: asked.get(request) ?? operation.invoked, surelyFrom: operation.returned,
    });
  }
  return files;
};

export type Recorder = {
  readonly begin: (operation: Pick<Operation, 'kind' | 'sent' | 'body' | 'session'>) => (outcome: Outcome) => void;
  readonly mark: (mark: DistributiveOmit<Mark, 'n'>) => void;
  readonly history: () => History;
};
type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

export const createRecorder = (seats: History['seats'], start: number): Recorder => {
  const operations: Operation[] = [];
  const marks: Mark[] = [];
  let n = 0;
  return {
    begin: (operation) => {
      const recorded: Operation = { ...operation, invoked: (n += 1), returned: Number.POSITIVE_INFINITY, outcome: { is: 'unknown' } };
      operations.push(recorded);
      return (outcome) => {
        if (outcome.is === 'unknown') return;
        recorded.outcome = outcome;
        recorded.returned = n += 1;
      };
    },
    mark: (mark) => void marks.push({ ...mark, n: (n += 1) } as Mark),
    history: () => ({ seats, start, operations, marks }),
  };
};
