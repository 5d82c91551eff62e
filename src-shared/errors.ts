/**
 * The one closed table of error codes. Each row: `status` (HTTP), `exit` (command line, design.md section 6), `area`.
 * Words for people live with the surfaces that show them; a test keeps table and words in step.
 */
export const errorTable = {
  INPUT_INVALID: { status: 400, exit: 2, area: 'use' },
  NOT_SIGNED_IN: { status: 401, exit: 6, area: 'account' },
  CREDENTIALS_INVALID: { status: 401, exit: 6, area: 'account' },
  OTP_REQUIRED: { status: 401, exit: 6, area: 'account' },
  OTP_INVALID: { status: 401, exit: 6, area: 'account' },
  PASSWORD_WEAK: { status: 422, exit: 3, area: 'account' },
  LINK_ENDED: { status: 410, exit: 3, area: 'account' },
  INVITE_ENDED: { status: 410, exit: 3, area: 'account' },
  RATE_LIMITED: { status: 429, exit: 3, area: 'use' },
  FORBIDDEN: { status: 403, exit: 3, area: 'use' },
  NOT_FOUND: { status: 404, exit: 3, area: 'use' },
  CONFLICT: { status: 409, exit: 3, area: 'use' },
  CANCELLED: { status: 499, exit: 130, area: 'use' },
  AUTHORITY_UNREACHABLE: { status: 503, exit: 5, area: 'network' },
  LICENSE_NOT_FOUND: { status: 404, exit: 3, area: 'license' },
  LICENSE_NOT_STARTED: { status: 409, exit: 3, area: 'license' },
  LICENSE_EXPIRED: { status: 409, exit: 3, area: 'license' },
  LICENSE_SUSPENDED: { status: 409, exit: 3, area: 'license' },
  LICENSE_NOT_ASSIGNED: { status: 403, exit: 3, area: 'license' },
  ROLE_NOT_ALLOWED: { status: 403, exit: 3, area: 'license' },
  MODE_NOT_ALLOWED: { status: 409, exit: 3, area: 'license' },
  PERIOD_NOT_ALLOWED: { status: 409, exit: 3, area: 'license' },
  SEAT_LIMIT_EXCEEDED: { status: 409, exit: 3, area: 'lease' },
  LEASE_LIMIT_EXCEEDED: { status: 409, exit: 3, area: 'lease' },
  LEASE_NOT_FOUND: { status: 404, exit: 3, area: 'lease' },
  LEASE_EXPIRED: { status: 409, exit: 3, area: 'lease' },
  LEASE_RELEASED: { status: 409, exit: 4, area: 'lease' },
  LEASE_REVOKED: { status: 409, exit: 3, area: 'lease' },
  LEASE_OFFLINE: { status: 409, exit: 3, area: 'lease' },
  FILE_MALFORMED: { status: 422, exit: 4, area: 'document' },
  FILE_WRONG_KIND: { status: 422, exit: 4, area: 'document' },
  FILE_NOT_GENUINE: { status: 422, exit: 4, area: 'document' },
  FILE_NOT_YET_VALID: { status: 422, exit: 4, area: 'document' },
  FILE_EXPIRED: { status: 422, exit: 4, area: 'document' },
  FILE_STALE: { status: 422, exit: 4, area: 'document' },
  FILE_WRONG_MACHINE: { status: 422, exit: 4, area: 'document' },
  FILE_WRONG_AUTHORITY: { status: 422, exit: 4, area: 'document' },
  REQUEST_UNKNOWN: { status: 422, exit: 4, area: 'document' },
  REQUEST_EXPIRED: { status: 422, exit: 4, area: 'document' },
  FINGERPRINT_MISMATCH: { status: 422, exit: 7, area: 'machine' },
  MACHINE_CLONED: { status: 409, exit: 3, area: 'machine' },
  CLOCK_ROLLED_BACK: { status: 409, exit: 7, area: 'machine' },
  STORE_ROLLED_BACK: { status: 409, exit: 7, area: 'machine' },
  STORE_UNUSABLE: { status: 500, exit: 7, area: 'machine' },
  TRUST_MISSING: { status: 409, exit: 7, area: 'machine' },
  KEYSET_STALE: { status: 422, exit: 4, area: 'document' },
  INTERNAL: { status: 500, exit: 70, area: 'defect' },
} as const satisfies Record<string, { readonly status: number; readonly exit: number; readonly area: string }>;

export type ErrorCode = keyof typeof errorTable;

export const errorCodes = Object.keys(errorTable) as readonly ErrorCode[];

export const isErrorCode = (text: string): text is ErrorCode => Object.hasOwn(errorTable, text);

/** JSON facts that words are filled with (names, times in epoch seconds, numbers). Never secrets, never document text. */
export type Details = { readonly [name: string]: Json };
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };
