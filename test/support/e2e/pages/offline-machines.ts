import type { Page } from '@playwright/test';

/** Offline machines, in the portal. */
export const offlineMachinesPage = (page: Page) => {
  const main = page.getByRole('main');
  return {
    link: page.getByRole('link', { name: /^Offline machines/ }),
    title: page.getByRole('heading', { level: 1, name: 'Offline machines' }),
    place: /^Drop (a request file or a release proof|more files here)$/,
    choose: main.getByRole('button', { name: 'Choose files' }),
    inHand: (file: string) => main.getByRole('group', { name: `File in hand: ${file}` }),
    kind: (name: string) => main.getByRole('heading', { level: 2, name }),
    facts: main.locator('dl[aria-label="What it says"]'),
    license: (name: RegExp) => main.getByRole('radio', { name }),
    period: main.getByRole('textbox', { name: 'Period' }),
    saveLicense: main.getByRole('button', { name: 'Save license file' }),
    saveSame: main.getByRole('button', { name: 'Save the same license file' }),
    acceptProof: main.getByRole('button', { name: 'Accept release proof' }),
    done: main.getByRole('button', { name: 'Done' }),
    putAside: main.getByRole('button', { name: 'Put aside' }),
    problem: main.getByRole('alert').filter({ hasText: /./ }),
    seats: (when: 'Before' | 'Now') => main.locator('dt', { hasText: when }).locator('xpath=following-sibling::dd'),
  };
};
