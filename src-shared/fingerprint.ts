import { fail } from './result.ts';
import type { Failure } from './result.ts';

/** The five things a computer is known by. Values are hashes (SHA-256, base64url); raw values are never stored or sent. */
export const fingerprintParts = ['os', 'board', 'cpu', 'disk', 'net'] as const;
export type FingerprintPart = (typeof fingerprintParts)[number];

/**
 * SECURITY: how many values of a part a computer has at most. What lists more lists several computers: an activation request
 * that does is refused, and in a license file that was issued for one the part matches nothing.
 */
export const mostValues: { readonly [P in FingerprintPart]: number } = { os: 1, board: 2, cpu: 1, disk: 1, net: 16 };

/**
 * `v` is the version of how parts are read and hashed. A part that the computer does not have, or that reads as empty or as a
 * value that many computers share, is absent. `net` lists every built-in network interface: one in common is a match.
 */
export type Fingerprint = {
  readonly v: 1;
  readonly parts: { readonly [P in FingerprintPart]?: readonly string[] };
};

/**
 * The computer as it is now. `unread`: the parts that could not be read in time; `isOverdue`: they have been for so long that
 * they excuse nothing any more.
 */
export type PresentFingerprint = Fingerprint & { readonly unread?: readonly FingerprintPart[]; readonly isOverdue?: boolean };

export type PartVerdict = 'same' | 'changed' | 'unread' | 'absent';
export type FingerprintVerdict = {
  readonly within: boolean;
  readonly parts: { readonly [P in FingerprintPart]: PartVerdict };
  /** How many parts are the same, and how many must be when the OS machine id is not. */
  readonly same: number;
  readonly needed: number;
};

/**
 * Compares the computer as it is with the one a document was issued for; the machine key is checked by the caller.
 * Within tolerance: the same OS machine id, or at least 3 of the 5 parts. Where the document knows fewer than 3 parts,
 * all that it knows must be the same; a document that knows none is bound by the machine key alone.
 * A part that could not be read is neither the same nor changed: it takes nothing from a lease, for as long as it is not
 * overdue and no other part has changed.
 */
export const judgeFingerprint = (recorded: Fingerprint, present: PresentFingerprint): FingerprintVerdict => {
  const verdict = (part: FingerprintPart): PartVerdict => {
    const was = recorded.parts[part];
    const is = present.parts[part];
    if (was === undefined) return 'absent';
    if (was.length <= mostValues[part] && is?.some((value) => was.includes(value))) return 'same';
    return present.unread?.includes(part) ? 'unread' : 'changed';
  };
  const parts = Object.fromEntries(fingerprintParts.map((part) => [part, verdict(part)])) as Record<FingerprintPart, PartVerdict>;
  const known = fingerprintParts.filter((part) => parts[part] !== 'absent');
  const same = known.filter((part) => parts[part] === 'same').length;
  const needed = Math.min(3, known.length);
  const isExcused = present.isOverdue !== true && known.some((part) => parts[part] === 'unread') && !known.some((part) => parts[part] === 'changed');
  return { within: parts.os === 'same' || same >= needed || isExcused, parts, same, needed };
};

export const partsIn = ({ parts }: Fingerprint): readonly FingerprintPart[] => fingerprintParts.filter((part) => parts[part] !== undefined);

/**
 * Whether a request shows enough of its computer to be answered: at least `fewest` parts, and one in any case, or its license
 * file would be good on every computer that has a copy of the machine's key. Errors: `FINGERPRINT_MISMATCH` (why: too-few).
 */
export const judgeEnough = (shown: readonly string[], fewest: number): Failure | null =>
  shown.length >= Math.max(1, fewest)
    ? null
    : fail('FINGERPRINT_MISMATCH', { why: 'too-few', shown: [...shown], missing: fingerprintParts.filter((part) => !shown.includes(part)), same: shown.length, needed: Math.max(1, fewest) });
