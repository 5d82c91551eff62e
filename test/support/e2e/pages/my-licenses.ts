import type { Page } from '@playwright/test';

/** My licenses, in the app and in the portal. */
export const myLicensesPage = (page: Page) => {
  const main = page.getByRole('main');
  return {
    title: page.getByRole('heading', { level: 1, name: 'My licenses' }),
    row: (name: string | RegExp) => main.getByRole('row', { name }),
    release: (product: string, machine: string) => main.getByRole('button', { name: `Release ${product} on ${machine}` }),
    dialog: page.getByRole('alertdialog', { name: /^Release license/ }).or(page.getByRole('dialog', { name: /^Release license/ })),
    confirm: page.getByRole('alertdialog').getByRole('button', { name: /^Release( license)?$/ }),
    none: page.getByText('You hold no license'),
  };
};
