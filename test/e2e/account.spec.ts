import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { Secret, TOTP } from 'otpauth';
import { startAuthority } from '../support/authority.ts';
import { project } from '../support/build.ts';
import { organizations, PASSWORD, people, secondsNow } from '../support/e2e/data.ts';
import { expect, test as base } from '../support/e2e/fixtures.ts';
import { look } from '../support/e2e/look.ts';
import { signInPage } from '../support/e2e/pages/sign-in.ts';
import { startSmtp } from '../support/smtp.ts';
import type { TestSmtp } from '../support/smtp.ts';

/** The authority sends its letters to a real SMTP server, and its clock can be moved on: a code of an app is accepted once. */
const test = base.extend<{ readonly smtp: TestSmtp; readonly later: (seconds: number) => void; readonly codeOf: (secret: string) => string; readonly moved: { by: number } }>({
  moved: async ({}, use) => use({ by: 0 }),
  later: async ({ moved }, use) => use((seconds) => void (moved.by += seconds)),
  codeOf: async ({ moved }, use) => use((secret) => new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: (secondsNow() + moved.by) * 1000 })),
  smtp: async ({}, use) => {
    const smtp = await startSmtp();
    await use(smtp);
    await smtp.close();
  },
  authority: async ({ smtp, moved }, use) => {
    const clock = { now: () => secondsNow() + moved.by, set: () => undefined, advance: () => undefined };
    const authority = await startAuthority({ data: organizations(), clock, portal: join(project, 'out/portal'), smtp: smtp.url });
    await use(authority);
    await authority.close();
  },
});

const { priya, noor } = people;

/** Six digits of a letter. */
const mailedCode = async (smtp: TestSmtp): Promise<string> => /\b\d{6}\b/.exec((await smtp.next(priya.email)).text)?.[0] ?? '';

const go = async (page: Page, part: 'Profile' | 'Password' | 'Two-factor' | 'Sessions' | 'Privacy and data'): Promise<void> => {
  // The portal names the button by what it is, the app by the person.
  await page.getByRole('banner').getByRole('button', { name: /^Account of|^Priya Nair/ }).click();
  await page.getByRole('menuitem', { name: 'Manage account' }).click();
  await page.getByRole('navigation', { name: 'Parts of your account' }).getByRole('link', { name: part }).click();
};
const signOut = async (page: Page): Promise<void> => {
  await page.getByRole('button', { name: /^Account of/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
};
const confirmPassword = async (page: Page): Promise<void> => {
  await page.getByRole('dialog').getByLabel('Your password', { exact: true }).fill(PASSWORD);
  await page.keyboard.press('Enter');
};
const code = (page: Page) => page.getByRole('textbox', { name: 'Code', exact: true });

/** Turns the app on; returns its secret and the recovery codes. */
const turnAppOn = async (page: Page, codeOf: (secret: string) => string): Promise<{ readonly secret: string; readonly recovery: readonly string[] }> => {
  await go(page, 'Two-factor');
  await page.getByRole('button', { name: 'Set up: Authenticator app' }).click();
  await confirmPassword(page);
  await expect(page.getByRole('img', { name: 'QR code for the authenticator app' })).toBeVisible();
  const secret = (await page.getByRole('region', { name: 'Or enter this secret in the app' }).innerText()).replace(/\s/g, '');
  await code(page).fill(codeOf(secret).replace(/^(...)/, '$1 '));
  await page.keyboard.press('Enter');
  const recovery = await page.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem').allInnerTexts();
  return { secret, recovery };
};

test.describe('the account', () => {
  test('an authenticator app is asked for once it is confirmed, and a recovery code stands in for it', async ({ openPortal, codeOf, later, smtp }) => {
    const page = await openPortal(priya);
    const { secret, recovery } = await turnAppOn(page, codeOf);
    expect(recovery).toHaveLength(10);

    // The codes are shown this once: the dialog stays until the person says that they are saved.
    const done = page.getByRole('button', { name: 'Done' });
    await page.keyboard.press('Escape');
    await expect(done).toBeDisabled();
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Download' }).click()]);
    const file = await readFile(await download.path(), 'utf8');
    for (const each of recovery) expect(file).toContain(each);
    await page.getByText('I have saved these codes').click();
    await done.click();
    await expect(page.getByText('10 codes left')).toBeVisible();
    expect((await smtp.next(priya.email)).subject).toBe('A second factor was turned on');

    // A wrong code, then the app's.
    await signOut(page);
    await signInPage(page).enter(priya);
    await code(page).fill('000000');
    await page.keyboard.press('Enter');
    await expect(page.getByText('That code is not right')).toBeVisible();
    later(60);
    await code(page).fill(codeOf(secret));
    await page.keyboard.press('Enter');
    await expect(page.getByRole('button', { name: /^Account of/ })).toBeVisible();

    await signOut(page);
    await signInPage(page).enter(priya);
    await page.getByText('Recovery code', { exact: true }).click();
    await page.getByRole('textbox', { name: 'Recovery code' }).fill(recovery[0] ?? '');
    await page.keyboard.press('Enter');
    await go(page, 'Two-factor');
    await expect(page.getByText('9 codes left')).toBeVisible();
  });

  test('with codes by e-mail as the only second factor, the code is on its way when it is asked for', async ({ openPortal, smtp }) => {
    const page = await openPortal(priya);
    await go(page, 'Two-factor');
    await page.getByRole('button', { name: 'Set up: Code by e-mail' }).click();
    await confirmPassword(page);
    await code(page).fill(await mailedCode(smtp));
    await page.keyboard.press('Enter');
    await expect(page.getByRole('button', { name: 'Turn off: Code by e-mail' })).toBeVisible();
    expect((await smtp.next(priya.email)).subject).toBe('A second factor was turned on');

    await signOut(page);
    await signInPage(page).enter(priya);
    await code(page).fill(await mailedCode(smtp));
    await page.keyboard.press('Enter');
    await expect(page.getByRole('button', { name: /^Account of/ })).toBeVisible();
  });

  test('the second factor is asked for in the app, too', async ({ openPortal, launch, codeOf, later }) => {
    const { secret } = await turnAppOn(await openPortal(priya), codeOf);
    const { page } = await launch();
    await signInPage(page).enter(priya);
    later(60);
    await code(page).fill(codeOf(secret));
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { name: 'Sign in' })).toBeHidden();
    await go(page, 'Two-factor');
    await expect(page.getByText('10 codes left')).toBeVisible();
  });

  test('a new password ends every session, and a forgotten one is set by the link in the mail, once', async ({ openPortal, smtp }) => {
    const [page, elsewhere] = [await openPortal(priya), await openPortal(priya)];
    const { email } = signInPage(page);
    await go(page, 'Password');
    await page.getByLabel('Old password').fill(PASSWORD);
    await page.getByLabel('New password').fill('priya nair 1');
    await page.keyboard.press('Enter');
    await expect(page.getByText('The authority finds it too easy to guess.')).toBeVisible();
    await page.getByLabel('New password').fill('otter velvet quarry lantern');
    await page.keyboard.press('Enter');
    await expect(email).toBeVisible();
    await expect(signInPage(elsewhere).email).toBeVisible();
    expect((await smtp.next(priya.email)).subject).toBe('Your password was changed');

    await page.getByRole('link', { name: 'Forgot password?' }).click();
    await email.fill(priya.email);
    await page.keyboard.press('Enter');
    await expect(page.getByText('Check your e-mail')).toBeVisible();
    const link = (await smtp.next(priya.email)).link().href;
    await page.goto(link);
    await page.getByLabel('New password').fill('quiet maple harbour stove');
    await page.keyboard.press('Enter');
    await expect(page.getByText('Your password is set')).toBeVisible();
    // SECURITY: the token stays in no history.
    expect(new URL(page.url()).hash).toBe('');
    await page.getByRole('link', { name: 'Continue' }).click();
    await signInPage(page).enter(priya, 'quiet maple harbour stove');
    await expect(page.getByRole('button', { name: /^Account of/ })).toBeVisible();

    await elsewhere.goto(link);
    await elsewhere.getByLabel('New password').fill('another quiet maple stove');
    await elsewhere.keyboard.press('Enter');
    await expect(elsewhere.getByText('This link is no longer valid')).toBeVisible();
  });

  test('the e-mail address stays until the link in the mail to the new one is confirmed', async ({ openPortal, smtp }) => {
    const page = await openPortal(priya);
    await go(page, 'Profile');
    await page.getByRole('button', { name: 'Change address' }).click();
    await page.getByLabel('New address').fill('priya@home.example');
    await page.getByLabel('Your password', { exact: true }).fill(PASSWORD);
    await page.keyboard.press('Enter');
    await expect(page.getByText('Waiting for priya@home.example')).toBeVisible();
    await expect(page.getByText(`You sign in as ${priya.email}.`)).toBeVisible();
    expect((await smtp.next(priya.email)).subject).toBe('A change of your e-mail address was asked for');
    await page.goto((await smtp.next('priya@home.example')).link().href);
    await page.getByRole('button', { name: 'Confirm address' }).click();
    await expect(page.getByText('Your address is priya@home.example now')).toBeVisible();
    await page.getByRole('link', { name: 'Continue' }).click();
    await go(page, 'Profile');
    await expect(page.getByText('You sign in as priya@home.example.')).toBeVisible();
  });

  test('sessions are ended one by one or all at once, and preferences keep their history', async ({ openPortal, authority }) => {
    const page = await openPortal(priya);
    await authority.signIn(priya.email);
    await authority.signIn(priya.email);
    await go(page, 'Sessions');
    await page.getByRole('button', { name: /^Sign out (?!all)/ }).first().click();
    await expect(page.getByRole('button', { name: /^Sign out (?!all)/ })).toHaveCount(1);
    await page.getByRole('button', { name: 'Sign out all others' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Sign out all others' }).click();
    await expect(page.getByText('You are signed in nowhere else.')).toBeVisible();

    await go(page, 'Privacy and data');
    await page.getByText('Product news', { exact: true }).click();
    await page.getByText('What changed').click();
    await expect(page.getByRole('rowheader', { name: 'Product news' })).toBeVisible();
    await page.reload();
    await expect(page.getByRole('switch', { name: /Product news/ })).toBeChecked();
  });

  test('a browser that has lost what it had stored is told why the session is over, and signs in again', async ({ openPortal }) => {
    const page = await openPortal(priya);
    await page.evaluate(() => localStorage.clear());
    await page.reload();
    await expect(page.getByRole('main')).toContainText('This browser holds only a part of your session');
    await look(page, 'portal-sign-in-again');
    await signInPage(page).signIn(priya);
    await expect(page.getByText('This browser holds only a part of your session')).toHaveCount(0);
    await page.reload();
    await expect(page.getByRole('button', { name: 'Account of Priya Nair' })).toBeVisible();
  });

  test('one takes one’s data along and deletes the account, but not as the last owner', async ({ openPortal, authority }) => {
    const remove = async (page: Page, email: string): Promise<void> => {
      await go(page, 'Privacy and data');
      await page.getByRole('button', { name: 'Delete my account' }).click();
      await page.getByLabel(/^To confirm/).fill(email);
      await page.getByLabel('Your password', { exact: true }).fill(PASSWORD);
      await page.keyboard.press('Enter');
    };
    const owner = await openPortal(noor);
    await remove(owner, noor.email);
    await expect(owner.getByText('You are the last owner of Kestrel VFX')).toBeVisible();

    const page = await openPortal(priya);
    await go(page, 'Privacy and data');
    await page.getByRole('button', { name: 'Download' }).click();
    await page.getByRole('dialog').getByLabel('Your password', { exact: true }).fill(PASSWORD);
    const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')]);
    expect(JSON.stringify(JSON.parse(await readFile(await download.path(), 'utf8')))).toContain(priya.email);
    await remove(page, priya.email);
    await expect(signInPage(page).email).toBeVisible();
    await expect(authority.signIn(priya.email)).rejects.toThrow('CREDENTIALS_INVALID');
  });
});
