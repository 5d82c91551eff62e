import type { Details, ErrorCode } from './errors.ts';

/**
 * The `why`s that a refusal's details may carry, closed like the codes themselves: a test collects them from the sources.
 * What a system or a library says in its own words is brought to one of them by `whyOf`.
 */
export const whyTable = {
  INPUT_INVALID: [
    'address', 'assigned', 'confirm', 'content-type', 'country', 'email', 'format', 'headers', 'home-file', 'http', 'json', 'name-too-long', 'no-directory', 'not-a-file', 'not-a-folder', 'not-found', 'not-readable', 'not-writable', 'output',
    'password', 'product', 'same-file', 'size', 'slow', 'tilde', 'usage', 'vat-id',
  ],
  NOT_SIGNED_IN: ['binding', 'ended', 'expired'],
  PASSWORD_WEAK: ['guessable', 'same', 'short'],
  LINK_ENDED: ['expired', 'replaced', 'used'],
  CANCELLED: ['not-confirmed'],
  LEASE_OFFLINE: ['here'],
  INVITE_ENDED: ['accepted', 'cancelled', 'declined', 'expired'],
  RATE_LIMITED: ['busy'],
  FORBIDDEN: ['header', 'offer-of-another', 'origin', 'other-address', 'site'],
  NOT_FOUND: ['invitation'],
  CONFLICT: [
    'account', 'already-owner', 'answered', 'asked', 'clock-right', 'email-codes-off', 'ended', 'freed-early', 'held-offline', 'home-in-use', 'jti', 'key-revoked', 'keyset-full',
    'last-owner', 'last-root', 'leases', 'license', 'license-of-another-organization', 'license-twice', 'license-unclear', 'member', 'name', 'name-taken',
    'no-offer', 'no-root-here', 'not-begun', 'not-cloned', 'not-confirmed', 'not-ended', 'not-restored', 'not-sent', 'off', 'offered', 'offline-leases', 'on', 'organization-id',
    'organization-twice', 'organization-unclear', 'product', 'product-leased', 'purpose', 'retired', 'same', 'seats-held', 'serving', 'taken', 'terms', 'too-many', 'usable',
    'yours', 'yourself',
  ],
  AUTHORITY_UNREACHABLE: ['certificate', 'name', 'network', 'no-address', 'portal', 'proxy', 'refused', 'reply', 'size', 'timeout'],
  FILE_MALFORMED: ['armor', 'base64url', 'claims', 'encoding', 'header', 'label', 'lines', 'not-a-file', 'payload', 'size', 'typ', 'unknown'],
  FILE_NOT_GENUINE: ['algorithm', 'header', 'key-name', 'key-not-ours', 'key-not-yet', 'key-revoked', 'key-role', 'key-unknown', 'key-unknown-needed', 'key-unsound', 'row', 'signature'],
  LEASE_EXPIRED: ['renewal'],
  FILE_EXPIRED: ['keyset', 'time'],
  FILE_STALE: ['proof', 'time'],
  FINGERPRINT_MISMATCH: ['too-few'],
  CLOCK_ROLLED_BACK: ['ahead', 'authority', 'machine', 'signed'],
  FILE_WRONG_AUTHORITY: ['answers'],
  FILE_WRONG_MACHINE: ['proof'],
  MACHINE_CLONED: ['retired'],
  STORE_UNUSABLE: [
    'audit', 'authority-busy', 'authority-disk', 'authority-full', 'busy', 'damaged', 'damaged-in-use', 'disk', 'foreign-file', 'foreign-home', 'full', 'home-in-use', 'in-the-way', 'key', 'keychain-changed', 'keychain-refused', 'keyset', 'machine-key', 'machine-key-damaged', 'machine-key-missing', 'missing', 'name-too-long', 'newer', 'no-license-key', 'no-machine',
    'not-an-authority', 'read-only', 'replaced', 'restored', 'sealed', 'secret', 'shared-folder',
  ],
  INTERNAL: ['no-ed25519', 'no-token'],
} as const satisfies { readonly [C in ErrorCode]?: readonly string[] };

export type CodeWithWhy = keyof typeof whyTable;
export type Why<C extends CodeWithWhy> = (typeof whyTable)[C][number];

/** System and library codes, by the first pattern that fits. */
const families: { readonly [C in CodeWithWhy]?: readonly (readonly [RegExp, Why<C>])[] } = {
  AUTHORITY_UNREACHABLE: [
    // Node's codes, and Chromium's (net/base/net_error_list.h), which Electron hands on.
    [/^ERR_HTTPS_PROXY_TUNNEL_RESPONSE_REDIRECT$/, 'portal'],
    [/PROXY|^ERR_(TUNNEL|SOCKS|PAC)_/, 'proxy'],
    [/^(ECONNREFUSED|ERR_CONNECTION_REFUSED)$/, 'refused'],
    [/^(ENOTFOUND|EAI_AGAIN|EAI_FAIL|ERR_ICANN_NAME_COLLISION)$|^ERR_(NAME|DNS)_/, 'name'],
    [/CERT|^ERR_TLS|^ERR_SSL|^UNABLE_TO_|SIGNATURE$/, 'certificate'],
    [/TIMEOUT|TIMED_?OUT$/, 'timeout'],
    [/^ERR_(INVALID_(HTTP_)?RESPONSE|INVALID_CHUNKED_ENCODING|CONTENT_DECODING_(FAILED|INIT_FAILED)|RESPONSE_HEADERS_.*)$/, 'reply'],
    [/^[A-Z_0-9]+$/, 'network'],
  ],
  STORE_UNUSABLE: [
    [/^(SQLITE_FULL|SQLITE_IOERR_SHMSIZE|ENOSPC|EDQUOT)$/, 'full'],
    [/^(SQLITE_READONLY|SQLITE_CANTOPEN|SQLITE_PERM|EROFS|EACCES|EPERM)/, 'read-only'],
    [/^(SQLITE_BUSY|SQLITE_LOCKED)/, 'busy'],
    [/^(SQLITE_CORRUPT|SQLITE_NOTADB)/, 'damaged'],
    [/^(EEXIST|EISDIR|ENOTDIR|ENOTEMPTY|ELOOP)$/, 'in-the-way'],
    [/^ENAMETOOLONG$/, 'name-too-long'],
    [/^(SQLITE_|E[A-Z]+$)/, 'disk'],
  ],
};

const hasWhys = (code: ErrorCode): code is CodeWithWhy => Object.hasOwn(whyTable, code);

/** The `why` of a refusal as the table has it; null where it gives none, or one that nobody has words for. */
export const whyOf = (code: ErrorCode, details: Details): string | null => {
  const { why } = details;
  if (typeof why !== 'string' || !hasWhys(code)) return null;
  // A key that is not known, where it is known which keyset would bring it.
  if (why === 'key-unknown' && details['needed'] !== undefined) return 'key-unknown-needed';
  const known: readonly string[] = whyTable[code];
  const named = known.includes(why) ? why : (families[code]?.find(([pattern]) => pattern.test(why))?.[1] ?? null);
  if (code !== 'STORE_UNUSABLE' || details['whose'] !== 'authority') return named;
  // Said over the network: it is another computer's disk, and somebody else's to put right.
  return named === 'full' ? 'authority-full' : named === 'busy' ? 'authority-busy' : ['damaged', 'damaged-in-use', 'disk', 'read-only', 'replaced'].includes(named ?? '') ? 'authority-disk' : named;
};
