import type { Page } from '@playwright/test';

/** License in use. */
export const leasePage = (page: Page) => {
  const main = page.getByRole('main').filter({ has: page.getByRole('heading', { level: 1, name: /^Licenses? in use$/ }) });
  const named = (name: string | RegExp) => page.getByRole('alertdialog', { name }).or(page.getByRole('dialog', { name }));
  return {
    title: page.getByRole('heading', { level: 1, name: 'License in use' }),
    none: page.getByText('No license in use', { exact: true }),
    product: (name: string | RegExp) => main.getByRole('heading', { level: 2, name }),
    card: main.getByRole('region').first(),
    fact: (term: string) => main.locator('dt', { hasText: term }).locator('xpath=following-sibling::dd'),
    switchOffline: main.getByRole('button', { name: 'Switch to offline mode' }),
    switchOnline: main.getByRole('button', { name: 'Switch to online mode' }),
    release: main.getByRole('button', { name: 'Release', exact: true }),
    saveProof: main.getByRole('button', { name: 'Save release proof' }),
    change: main.getByRole('link', { name: 'Change license' }),
    renew: main.getByRole('button', { name: 'Renew now' }),
    releaseDialog: (product: string) => named(`Release ${product}?`),
    confirmRelease: page.getByRole('button', { name: 'Release license' }),
    offlineDialog: (product: string) => named(`Switch ${product} to offline mode`),
    period: page.getByRole('textbox', { name: 'Period' }),
    onlineDialog: (product: string) => named(`Switch ${product} to online mode?`),
    proofDialog: (product: string) => named(`Give ${product} up and save the proof?`),
    understood: page.getByRole('checkbox', { name: /^I understand that / }),
    giveUp: page.getByRole('button', { name: 'Give up and save proof' }),
  };
};
