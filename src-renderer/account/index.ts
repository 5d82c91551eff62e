/** Manage account: the same pages in the portal and in the app. Load it late: it stands behind `/account`. */
export { AccountPages } from './AccountPages.tsx';
export { accountPath } from './paths.ts';
export type { AccountPart } from './paths.ts';
