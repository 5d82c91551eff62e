import type { Page } from '@playwright/test';

/** What says that the authority is being waited for, in the window or in the dialog over it. */
export const waitingStrip = (page: Page) => {
  const strip = page.locator('.waiting').filter({ has: page.getByRole('status').filter({ hasText: 'Waiting for the license authority…' }) }).filter({ visible: true });
  return { strip, inWindow: strip.and(page.locator('[data-place=window]')), inDialog: strip.and(page.locator('[data-place=dialog]')), cancel: strip.getByRole('button', { name: 'Stop waiting' }) };
};
