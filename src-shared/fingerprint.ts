/** The five things a computer is known by. Values are hashes (SHA-256, base64url); raw values are never stored or sent. */
export const fingerprintParts = ['os', 'board', 'cpu', 'disk', 'net'] as const;
export type FingerprintPart = (typeof fingerprintParts)[number];

/**
 * `v` is the version of how parts are read and hashed. A part that cannot be read, or reads as empty or as a value that
 * many computers share, is absent. `net` lists every built-in network interface: one in common is a match.
 */
export type Fingerprint = {
  readonly v: 1;
  readonly parts: { readonly [P in FingerprintPart]?: readonly string[] };
};

export type PartVerdict = 'same' | 'changed' | 'absent';
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
 */
export const judgeFingerprint = (recorded: Fingerprint, present: Fingerprint): FingerprintVerdict => {
  const verdict = (part: FingerprintPart): PartVerdict => {
    const was = recorded.parts[part];
    const is = present.parts[part];
    if (was === undefined) return 'absent';
    return is?.some((value) => was.includes(value)) ? 'same' : 'changed';
  };
  const parts = Object.fromEntries(fingerprintParts.map((part) => [part, verdict(part)])) as Record<FingerprintPart, PartVerdict>;
  const known = fingerprintParts.filter((part) => parts[part] !== 'absent');
  const same = known.filter((part) => parts[part] === 'same').length;
  const needed = Math.min(3, known.length);
  return { within: parts.os === 'same' || same >= needed, parts, same, needed };
};
