/** The people of an organization, and those who are invited. */
export { InvitesPage } from './InvitesPage.tsx';
export { PeoplePage } from './PeoplePage.tsx';
