import type { IpcPushes } from '../../src-shared/ipc.ts';

/** The addresses of the pages, behind the hash. */
export const paths = {
  picker: '/picker',
  lease: '/lease',
  exchange: '/exchange',
  'my-licenses': '/my-licenses',
  settings: '/settings',
  invitation: '/invitation',
} as const satisfies { readonly [P in IpcPushes['navigate']['page']]: string };

/** Where main asks to go. */
export const pathTo = (to: IpcPushes['navigate']): string => (to.page === 'invitation' ? `${paths.invitation}/${encodeURIComponent(to.code)}` : paths[to.page]);
export const leasePath = (lease: string): string => `${paths.lease}/${encodeURIComponent(lease)}`;
/** The exchange page, for a request that extends a lease. */
export const renewPath = (lease: string): string => `${paths.exchange}/renew/${encodeURIComponent(lease)}`;
/** The exchange page, for a request that binds the seat of a lease to this computer as it is now. */
export const bindPath = (lease: string): string => `${paths.exchange}/bind/${encodeURIComponent(lease)}`;
/** The exchange page, at the release proof of a lease that was given up. */
export const proofPath = (lease: string): string => `${paths.exchange}/given-up/${encodeURIComponent(lease)}`;
/** The picker, for another license in place of the one in use. */
export const changePath = (lease: string): string => `${paths.picker}/instead-of/${encodeURIComponent(lease)}`;
