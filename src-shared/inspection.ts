import type { Details, ErrorCode } from './errors.ts';
import type { LeaseMode } from './lease.ts';
import type { Seconds } from './time.ts';

/** How the names of document files end, one for each kind. What a file is decides its content all the same. */
export const documentExtensions = ['lkreq', 'lklic', 'lkrel', 'lkrcp', 'lkkeys', 'lktime'] as const;

/** `again`: what it brings is here already, and taking it changes nothing. */
export type Verdict = { readonly ok: true; readonly again?: true } | { readonly ok: false; readonly code: ErrorCode; readonly details: Details };

/** What a file is, as a person is shown it, on either side. `facts` are the document's own claims, not believed until `genuine.ok`. */
export type Inspection = {
  readonly kind: 'request' | 'license' | 'release' | 'receipt' | 'keyset' | 'time';
  readonly id: string;
  readonly issuedAt: Seconds;
  /** When it stops being answerable or usable; null where it never does. */
  readonly expiresAt: Seconds | null;
  readonly authority: string;
  readonly machine: { readonly id: string; readonly name: string | null; readonly os: string | null } | null;
  readonly lease: string | null;
  /** Of a request. */
  readonly purpose: 'checkout' | 'renew' | 'time' | null;
  /** What a request for a license asks for. */
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
  readonly next: NextStep;
};

/** What a person does next with a file, where they are: shown as a button or a sentence, the same on every surface. */
export type NextStep =
  /** At the machine: take it in. */
  | 'import'
  /** At the authority: answer the request with a license, answer it with a time ticket, accept the proof. */
  | 'answer'
  | 'answer-time'
  | 'accept'
  | 'take-to-authority'
  | 'take-to-machine'
  /** It is of no use any more, or never was here: the machine makes a new activation request. */
  | 'request-again'
  /** It is signed by a key not known here: bring the authority's newest keyset first. */
  | 'bring-keyset'
  /** Set the clock right, or ask for a time ticket. */
  | 'right-clock'
  /** A copied machine: a manager decides. */
  | 'resolve-clone'
  /** What it brings is here already. */
  | 'nothing'
  | 'put-away';

/** The one rule for it. `machine`: in the app and `latchkey`; `authority`: in the portal and `authority`. */
export const nextStepOf = (side: 'machine' | 'authority', facts: Pick<Inspection, 'kind' | 'purpose' | 'genuine' | 'acceptable'>): NextStep => {
  const { kind, genuine, acceptable } = facts;
  const refusal = genuine.ok ? (acceptable.ok ? null : acceptable) : genuine;
  const fromMachine = kind === 'request' || kind === 'release';
  if (side === 'machine' && fromMachine) {
    // Of another machine's proof only the authority can say whether it is genuine.
    return genuine.ok || genuine.code === 'FILE_WRONG_MACHINE' ? 'take-to-authority' : 'put-away';
  }
  if (refusal === null) {
    if (side === 'machine') return acceptable.ok && acceptable.again ? 'nothing' : 'import';
    if (!fromMachine) return 'take-to-machine';
    if (kind === 'release') return 'accept';
    return facts.purpose === 'time' ? 'answer-time' : 'answer';
  }
  switch (refusal.code) {
    case 'TRUST_MISSING':
      return 'bring-keyset';
    case 'KEYSET_STALE':
      // Where the keys are made, the newest ones can be had at once.
      return side === 'authority' ? 'bring-keyset' : 'put-away';
    case 'FILE_NOT_GENUINE':
      if (refusal.details['why'] === 'key-revoked') return kind === 'license' ? 'request-again' : 'put-away';
      return refusal.details['why'] === 'key-unknown' && side === 'machine' ? 'bring-keyset' : 'put-away';
    case 'CLOCK_ROLLED_BACK':
      // What a wrong clock has dated stays so dated.
      return kind === 'request' && refusal.details['why'] === 'machine' ? 'request-again' : 'right-clock';
    case 'FILE_WRONG_MACHINE':
      return 'take-to-machine';
    case 'MACHINE_CLONED':
      return 'resolve-clone';
    case 'REQUEST_EXPIRED':
    case 'FILE_NOT_YET_VALID':
      return 'request-again';
    case 'CONFLICT':
      // A request has one answer, and that is of no use any more.
      return refusal.details['why'] === 'key-revoked' && kind === 'request' ? 'request-again' : 'put-away';
    case 'FILE_EXPIRED':
      return kind === 'time' ? 'right-clock' : kind === 'license' ? 'request-again' : kind === 'keyset' ? 'bring-keyset' : 'put-away';
    case 'REQUEST_UNKNOWN':
    case 'FINGERPRINT_MISMATCH':
    case 'LEASE_RELEASED':
      return kind === 'license' || kind === 'request' ? 'request-again' : 'put-away';
    case 'LEASE_NOT_FOUND':
    case 'LEASE_EXPIRED':
    case 'LEASE_REVOKED':
      // A lease that cannot be extended any more can be taken anew.
      return kind === 'request' ? 'request-again' : 'put-away';
    default:
      return 'put-away';
  }
};
