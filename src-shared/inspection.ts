import type { Details, ErrorCode } from './errors.ts';
import type { LeaseMode } from './lease.ts';
import type { Seconds } from './time.ts';

export type Verdict = { readonly ok: true } | { readonly ok: false; readonly code: ErrorCode; readonly details: Details };

/** What a file is, as a person is shown it, on either side. `facts` are the document's own claims, not believed until `genuine.ok`. */
export type Inspection = {
  readonly kind: 'request' | 'license' | 'release' | 'receipt' | 'keyset';
  readonly id: string;
  readonly issuedAt: Seconds;
  /** When it stops being answerable or usable; null where it never does. */
  readonly expiresAt: Seconds | null;
  readonly authority: string;
  readonly machine: { readonly id: string; readonly name: string | null; readonly os: string | null } | null;
  readonly lease: string | null;
  /** What a request asks for. */
  readonly want: { readonly license: string | null; readonly product: string | null; readonly mode: LeaseMode; readonly days: number | null } | null;
  /** What a license file grants. */
  readonly grant: {
    readonly license: string;
    readonly product: { readonly id: string; readonly name: string };
    readonly edition: string | null;
    readonly organization: { readonly id: string; readonly name: string };
    readonly mode: LeaseMode;
  } | null;
  /** Which parts of the fingerprint the document carries. */
  readonly fingerprint: readonly string[];
  readonly genuine: Verdict;
  /** Judged only when genuine; else the same refusal. */
  readonly acceptable: Verdict;
};
