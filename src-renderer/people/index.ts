/** The people of an organization, and those who are invited. */
export { InviteDialog } from './InviteDialog.tsx';
export { InvitesPage } from './InvitesPage.tsx';
export { PeoplePage } from './PeoplePage.tsx';
