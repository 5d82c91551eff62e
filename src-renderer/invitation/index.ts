/** The page that the link of an invitation leads to; in the portal only. */
export { InvitationPage } from './InvitationPage.tsx';
