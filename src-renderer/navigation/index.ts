/** The way between organizations and their pages, in both entries. */
export { LatePage, late } from './late.tsx';
export { OrganizationNav } from './OrganizationNav.tsx';
export { OrganizationPages } from './OrganizationPages.tsx';
export { OrganizationSwitcher } from './OrganizationSwitcher.tsx';
export { PersonBoundary } from './PersonBoundary.tsx';
export { useNavigationWords } from './words.ts';
