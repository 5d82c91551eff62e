/** The personal space, and an organization's own pages. */
export { HomePage } from './HomePage.tsx';
export { OrganizationsPage } from './OrganizationsPage.tsx';
export { SettingsPage } from './SettingsPage.tsx';
