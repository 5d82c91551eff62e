import type { Page } from '@playwright/test';

/** The way between an organization's pages, and to the account; the same in the portal and in the app. */
export const organizationPages = (page: Page) => {
  const nav = page.getByRole('navigation').first();
  const main = page.getByRole('main');
  return {
    main,
    title: (name: string | RegExp) => page.getByRole('heading', { level: 1, name }),
    go: async (name: 'Home' | 'People' | 'Products' | 'Machines' | 'Requests' | 'Usage' | 'My organization'): Promise<void> => {
      // Beside its name an entry may have a count.
      await nav.getByRole('link', { name: new RegExp(`^${name}( \\d+)?$`) }).click();
      await page.getByRole('heading', { level: 1, name, exact: true }).waitFor();
    },
    goToAll: async (): Promise<void> => {
      await page.getByRole('button', { name: /^Change organization:/ }).click();
      await page.getByRole('menuitem', { name: 'Your organizations' }).click();
      await page.getByRole('heading', { level: 1, name: 'Your organizations' }).waitFor();
    },
    goToAccount: async (person: string, part: 'Profile' | 'Password' | 'Two-factor' | 'Sessions' | 'Privacy and data'): Promise<void> => {
      const parts = page.getByRole('navigation', { name: 'Parts of your account' });
      if (!(await parts.isVisible())) {
        await page.getByRole('banner').getByRole('button', { name: person }).click();
        await page.getByRole('menuitem', { name: 'Manage account' }).click();
      }
      await parts.getByRole('link', { name: part }).click();
    },
    dialog: (name: string | RegExp) => page.getByRole('dialog', { name }).or(page.getByRole('alertdialog', { name })),
    row: (name: string | RegExp) => main.getByRole('row', { name }),
    view: (name: 'Members' | 'Invites') => main.getByRole('link', { name, exact: true }),
    messages: page.getByRole('region', { name: 'Messages' }),
  };
};
