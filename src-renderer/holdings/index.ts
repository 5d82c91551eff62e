/** What an organization owns: its licenses, each with its seats, holders and assignments. */
export { AskDialog } from './AskDialog.tsx';
export type { AskDialogProps } from './AskDialog.tsx';
export { AssignDialog } from './AssignDialog.tsx';
export type { AssignDialogProps } from './AssignDialog.tsx';
export { LicensePage } from './LicensePage.tsx';
export type { LicensePageProps } from './LicensePage.tsx';
export { ProductsPage } from './ProductsPage.tsx';
