import type { Page } from '@playwright/test';

/** The frame around the app's pages: navigation, user menu, connection, messages. */
export const appWindow = (page: Page) => {
  const nav = page.getByRole('navigation', { name: 'Pages' });
  const link = (name: RegExp) => nav.getByRole('link', { name });
  return {
    title: page.getByRole('heading', { level: 1 }),
    to: { lease: link(/^License in use/), picker: link(/^Pick a license/), myLicenses: link(/^My licenses/), exchange: link(/^Offline exchange/) },
    connection: page.getByRole('status').filter({ hasText: 'Connection to the license authority' }),
    messages: page.getByRole('region', { name: 'Messages' }),
    skip: page.getByRole('link', { name: 'Skip to content' }),
    account: (name: string) => page.getByRole('banner').getByRole('button', { name }),
    menu: page.getByRole('menu'),
    menuOrganization: (name: string) => page.getByRole('menuitemradio', { name }),
    menuDefault: (organization: string) => page.getByRole('menuitem', { name: `Set ${organization} as default` }),
    menuIsDefault: (organization: string) => page.getByRole('menuitem', { name: `${organization} is the default` }),
    menuLogOut: page.getByRole('menuitem', { name: 'Sign out' }),
    logOut: {
      dialog: page.getByRole('alertdialog', { name: 'Sign out?' }),
      release: page.getByRole('radio', { name: 'Release it and sign out' }),
      keep: page.getByRole('radio', { name: 'Keep it and sign out' }),
      confirm: page.getByRole('alertdialog', { name: 'Sign out?' }).getByRole('button', { name: 'Sign out' }),
      cancel: page.getByRole('alertdialog', { name: 'Sign out?' }).getByRole('button', { name: 'Cancel' }),
    },
  };
};
