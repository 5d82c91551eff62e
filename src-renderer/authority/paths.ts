/** The pages of an organization, behind `/organizations/:organization`. */
export const organizationPages = ['home', 'people', 'invites', 'products', 'machines', 'tasks', 'usage', 'settings'] as const;
export type OrganizationPage = (typeof organizationPages)[number];

export const organizationsPath = '/organizations';

/** `more` names one thing on the page, such as a license: `/organizations/org_1/products/lic_2`. */
export const organizationPath = (organization: string, page: OrganizationPage, ...more: readonly string[]): string =>
  [organizationsPath, encodeURIComponent(organization), page, ...more.map(encodeURIComponent)].join('/');

/** The organization that an address names; null for the personal space. */
export const organizationOf = (path: string): string | null => {
  const [, section, id] = path.split('/');
  return section === 'organizations' && id !== undefined && id !== '' ? decodeURIComponent(id) : null;
};
