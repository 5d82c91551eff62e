/** Words of the way between organizations and their pages; both entries use them. */
export const navigation = {
  personal: 'Personal',
  organizations: 'Your organizations',
  organizationsText: 'Your roles, and everything to manage',
  change: 'Change organization',
  setDefault: 'Set {{name}} as default',
  isDefault: '{{name}} is the default',
  setDefaultText: 'Shown first after sign-in, and in the picker.',
  defaultSet: '{{name}} is now the default organization',
  default: 'Default',
  none: 'No organization',
  account: 'Manage account',
  pages: { home: 'Home', people: 'People', products: 'Products', machines: 'Machines', tasks: 'Requests', usage: 'Usage', settings: 'My organization' },
  loading: 'Loading the page',
  slow: 'The page is still being loaded…',
  notLoaded: 'The page could not be loaded',
  notMember: { title: 'You are not in this organization', text: 'You have left it or were removed, or the address is wrong.', action: 'Your organizations' },
} as const;
