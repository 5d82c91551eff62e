import type { Page } from '@playwright/test';

/** Offline exchange, in the app. */
export const exchangePage = (page: Page) => {
  const main = page.getByRole('main');
  const given = main.getByRole('grid', { name: 'Given up' }).or(main.getByRole('table', { name: 'Given up' }));
  return {
    title: page.getByRole('heading', { level: 1, name: 'Offline exchange' }),
    name: main.getByRole('textbox', { name: 'Machine name' }),
    product: main.getByRole('button', { name: /Product$/ }),
    productOption: (name: string) => page.getByRole('option', { name }),
    days: main.getByRole('textbox', { name: 'Period wanted' }),
    saveRequest: main.getByRole('button', { name: 'Save request file' }),
    request: (product: string) => main.getByRole('heading', { name: `Request for ${product}` }),
    saveRequestAgain: main.getByRole('button', { name: 'Save it again' }),
    discard: main.getByRole('button', { name: 'Discard', exact: true }),
    place: 'Drop a file here',
    chooseFile: main.getByRole('button', { name: /^Choose (a|another) file$/ }),
    refusal: main.getByRole('group', { name: 'Drop a file here' }).getByRole('alert'),
    found: (file: string) => main.getByRole('group', { name: `The file ${file}` }),
    verdicts: main.getByRole('list', { name: 'What was checked' }),
    nothingChanged: main.getByText('Nothing was changed on this machine.'),
    putAway: main.getByRole('button', { name: 'Put it away' }),
    import: main.getByRole('button', { name: 'Import' }),
    showLease: main.getByRole('button', { name: 'Show the license' }),
    givenUp: given,
    saveProofAgain: (product: string) => main.getByRole('button', { name: `Save proof again: ${product}` }),
    rename: main.getByRole('button', { name: 'Rename' }),
  };
};
