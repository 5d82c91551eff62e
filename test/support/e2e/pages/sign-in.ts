import { expect, type Page } from '@playwright/test';
import { PASSWORD, type Person } from '../data.ts';

/** Sign in; the same words in the app and in the portal. */
export const signInPage = (page: Page) => {
  const title = page.getByRole('heading', { level: 1, name: 'Sign in' });
  const email = page.getByRole('textbox', { name: 'E-mail' });
  const password = page.getByRole('textbox', { name: 'Password', exact: true });
  const submit = page.getByRole('main').getByRole('button', { name: 'Sign in' });
  const enter = async (person: Pick<Person, 'email'>, word = PASSWORD): Promise<void> => {
    await email.fill(person.email);
    await password.fill(word);
    await submit.click();
  };
  return {
    title, email, password, submit, enter,
    problem: page.getByRole('main').getByRole('alert').filter({ hasText: /./ }),
    exchange: page.getByRole('link', { name: 'Offline exchange' }),
    signIn: async (person: Pick<Person, 'email'>): Promise<void> => {
      await enter(person);
      await expect(title).toBeHidden();
    },
  };
};
