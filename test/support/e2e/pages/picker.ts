import type { Page } from '@playwright/test';

/** The license picker of the app. */
export const pickerPage = (page: Page) => {
  const list = page.getByRole('grid', { name: /^Licenses of / });
  const details = page.getByRole('region', { name: 'About the license' });
  return {
    title: page.getByRole('heading', { level: 1, name: 'Pick a license' }),
    changeTitle: page.getByRole('heading', { level: 1, name: 'Change license' }),
    search: page.getByRole('searchbox', { name: 'Filter licenses' }),
    list,
    listOf: (organization: string) => page.getByRole('grid', { name: `Licenses of ${organization}` }),
    rows: list.getByRole('row'),
    row: (name: string | RegExp) => list.getByRole('row', { name }),
    active: list.locator('[role=row][aria-selected=true]'),
    available: page.getByRole('radio', { name: 'Available' }),
    noMatch: page.getByText('No license matches', { exact: true }),
    showAll: page.getByRole('button', { name: 'Show all licenses' }),
    organization: page.getByRole('button', { name: /Organization$/ }),
    option: (organization: string) => page.getByRole('option', { name: organization }),
    refresh: page.getByRole('button', { name: 'Refresh' }),
    asOf: page.getByText(/^This list is from /),
    details,
    use: details.getByRole('button', { name: 'Use this license' }),
    useOffline: details.getByRole('button', { name: 'Use offline…' }),
    offlineDialog: (product: string) => page.getByRole('dialog', { name: `Use ${product} offline` }),
    change: details.getByRole('button', { name: 'Change to this license' }),
    releaseThere: (machine: string) => details.getByRole('button', { name: `Release it there (${machine})` }),
    releaseThereDialog: (machine: string) => page.getByRole('alertdialog', { name: `Release it on ${machine}?` }),
    changeDialog: page.getByRole('alertdialog', { name: 'Change license?' }),
  };
};
