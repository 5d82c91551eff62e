import type { z } from 'zod';
import { keysetClaims, licenseClaims, receiptClaims, releaseClaims, requestClaims } from './claims.ts';

/** The five documents (design.md section 4). */
export type DocumentKind = 'request' | 'license' | 'release' | 'receipt' | 'keyset';

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
} as const satisfies { readonly [K in DocumentKind]: Row };

export const documentKinds = Object.keys(kindTable) as readonly DocumentKind[];

export type ClaimsOf<K extends DocumentKind> = z.output<(typeof kindTable)[K]['claims']>;
