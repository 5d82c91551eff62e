import type { Inspection } from '../inspection.ts';
import { REQUEST_TERM } from '../policy.ts';
import type { Parsed } from './parse.ts';

/** What an inspection tells of the document itself, before anything is judged. */
export type DocumentFacts = Omit<Inspection, 'genuine' | 'acceptable' | 'next'>;

const nothing = { purpose: null, machine: null, lease: null, want: null, grant: null, fingerprint: [], expiresAt: null } as const;
const nameless = (id: string) => ({ id, name: null, os: null });

/** The document's own claims, told the same way for every kind and on every side. Nothing of them has been checked. */
export const describeDocument = ({ kind, claims }: Parsed): DocumentFacts => {
  switch (kind) {
    case 'request': {
      const { want, machine } = claims;
      return {
        ...nothing, kind, id: claims.jti, issuedAt: claims.iat,
        // A request for the time can be answered whatever its own clock says.
        expiresAt: claims.purpose === 'time' ? null : Math.min(claims.exp, claims.iat + REQUEST_TERM), authority: claims.aud, purpose: claims.purpose,
        machine: { id: claims.iss, name: machine.name, os: machine.os }, lease: claims.lease ?? null,
        want: claims.purpose === 'time' ? null : { license: want.license ?? null, product: want.product ?? null, mode: want.mode, days: want.days ?? null },
        fingerprint: Object.keys(claims.fp.parts),
      };
    }
    case 'license': {
      const { id, product, edition, organization } = claims.license;
      return {
        ...nothing, kind, id: claims.jti, issuedAt: claims.iat, expiresAt: claims.exp, authority: claims.iss, machine: nameless(claims.aud), lease: claims.sub,
        grant: { license: id, product, edition, organization, mode: claims.mode }, fingerprint: Object.keys(claims.fp.parts),
      };
    }
    case 'release':
      return { ...nothing, kind, id: claims.jti, issuedAt: claims.iat, authority: claims.aud, machine: nameless(claims.iss), lease: claims.sub };
    case 'receipt':
      return { ...nothing, kind, id: claims.jti, issuedAt: claims.iat, authority: claims.iss, machine: nameless(claims.aud), lease: claims.sub };
    case 'time':
      return { ...nothing, kind, id: claims.jti, issuedAt: claims.iat, expiresAt: claims.exp, authority: claims.iss, machine: nameless(claims.aud) };
    case 'keyset':
      return { ...nothing, kind, id: `keyset-${claims.version}`, issuedAt: claims.iat, expiresAt: claims.exp, authority: claims.iss };
  }
};
