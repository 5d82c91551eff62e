import type { z } from 'zod';
import { keysetClaims, licenseClaims, receiptClaims, releaseClaims, requestClaims, timeClaims } from './claims.ts';

/** The documents (design.md section 4), and the time ticket (docs/adr/0010-time-tickets.md). */
export type DocumentKind = 'request' | 'license' | 'release' | 'receipt' | 'keyset' | 'time';
/** Those that a license key of the authority signs. */
export type IssuedKind = 'license' | 'receipt' | 'time';

type Row = {
  readonly typ: string;
  readonly extension: string;
  readonly label: string;
  readonly signedBy: 'machine' | 'license' | 'root';
  readonly claims: z.ZodType;
};

/** All that is known of a kind is its row. */
export const kindTable = {
  request: { typ: 'latchkey-request+jwt', extension: '.lkreq', label: 'ACTIVATION REQUEST', signedBy: 'machine', claims: requestClaims },
  license: { typ: 'latchkey-license+jwt', extension: '.lklic', label: 'LICENSE FILE', signedBy: 'license', claims: licenseClaims },
  release: { typ: 'latchkey-release+jwt', extension: '.lkrel', label: 'RELEASE PROOF', signedBy: 'machine', claims: releaseClaims },
  receipt: { typ: 'latchkey-receipt+jwt', extension: '.lkrcp', label: 'RECEIPT', signedBy: 'license', claims: receiptClaims },
  keyset: { typ: 'latchkey-keyset+jwt', extension: '.lkkeys', label: 'KEYSET', signedBy: 'root', claims: keysetClaims },
  time: { typ: 'latchkey-time+jwt', extension: '.lktime', label: 'TIME TICKET', signedBy: 'license', claims: timeClaims },
} as const satisfies { readonly [K in DocumentKind]: Row };

export const documentKinds = Object.keys(kindTable) as readonly DocumentKind[];

export type ClaimsOf<K extends DocumentKind> = z.output<(typeof kindTable)[K]['claims']>;
