import { Secret, TOTP } from 'otpauth';
import { PASSWORD, people, secondsNow } from '../support/e2e/data.ts';
import { desktopOf, expect, test } from '../support/e2e/fixtures.ts';
import { signInPage } from '../support/e2e/pages/sign-in.ts';

/** What a right click, the menu key or Shift+F10 offers for text. */

type Popup = { readonly items: readonly { readonly label: string; readonly type: string }[] };
const labels = (popup: Popup | undefined): readonly string[] => (popup?.items ?? []).map(({ label, type }) => (type === 'separator' ? '-' : label));

test('a right click in a field offers what applies to its text, and does it', async ({ launch }) => {
  const app = await launch();
  const desktop = desktopOf(app);
  const { email } = signInPage(app.page);
  const popped = async (count: number) => {
    await expect.poll(async () => (await desktop.popups()).length).toBe(count);
    return (await desktop.popups()).at(-1);
  };

  await email.click({ button: 'right' });
  expect(labels(await popped(1))).toEqual(['Paste', '-', 'Select all']);

  await email.pressSequentially('ann@northlight.example');
  await email.click({ button: 'right' });
  expect(labels(await popped(2))).toEqual(['Undo', '-', 'Paste', '-', 'Select all']);
  await desktop.clickMenu(['Select all'], 'popup');
  await expect.poll(() => app.page.evaluate(() => String(getSelection()))).toBe('ann@northlight.example');

  // The menu key: the menu belongs to the field and not to where the pointer is.
  await email.press('ContextMenu');
  const selected = await popped(3);
  expect(labels(selected)).toEqual(['Undo', '-', 'Cut', 'Copy', 'Paste', '-', 'Select all']);
  const box = await email.boundingBox();
  expect(selected?.sourceType).toBe('keyboard');
  expect(Math.abs((selected?.y ?? 0) - (box?.y ?? 0))).toBeLessThan(60);
  await desktop.clickMenu(['Cut'], 'popup');
  await expect(email).toHaveValue('');
  expect(await desktop.clipboard()).toBe('ann@northlight.example');

  await email.click({ button: 'right' });
  await popped(4);
  await desktop.clickMenu(['Paste'], 'popup');
  await expect(email).toHaveValue('ann@northlight.example');
});

test('selected text can be copied, a link to the outside gives its address, and a place where nothing applies has no menu', async ({ launch }) => {
  const app = await launch();
  const desktop = desktopOf(app);
  const { title, email } = signInPage(app.page);
  await title.click({ button: 'right' });
  await app.page.getByRole('link', { name: 'Offline exchange' }).click({ button: 'right' });
  await title.selectText();
  await title.dispatchEvent('contextmenu');
  await expect.poll(async () => (await desktop.popups()).map(labels)).toEqual([['Copy']]);

  await app.page.evaluate(() => {
    const link = Object.assign(document.createElement('a'), { href: 'https://help.example/licenses?a=1#offline', textContent: 'Help' });
    document.querySelector('main')?.append(link);
  });
  await email.focus();
  await app.page.evaluate(() => getSelection()?.empty());
  await app.page.getByRole('link', { name: 'Help', exact: true }).click({ button: 'right' });
  await expect.poll(async () => labels((await desktop.popups()).at(1))).toEqual(['Copy link address']);
  await desktop.clickMenu(['Copy link address'], 'popup');
  expect(await desktop.clipboard()).toBe('https://help.example/licenses?a=1#offline');
});

test('the menu speaks German where the person does', async ({ launch }) => {
  const app = await launch({ env: { LANG: 'de_DE.UTF-8', LC_ALL: 'de_DE.UTF-8' } });
  const { email } = signInPage(app.page);
  await email.click({ button: 'right' });
  await expect.poll(async () => labels((await desktopOf(app).popups()).at(-1))).toEqual(['Einfügen', '-', 'Alles auswählen']);
});

test('no menu copies a password, the secret of an authenticator app or a recovery code', async ({ launch }) => {
  const app = await launch();
  const desktop = desktopOf(app);
  const { page } = app;
  const { password } = signInPage(page);
  await password.fill('hidden otter');
  await password.selectText();
  await password.dispatchEvent('contextmenu');
  await expect.poll(async () => (await desktop.popups()).length).toBe(1);
  expect(labels((await desktop.popups())[0])).not.toContain('Copy');
  expect(labels((await desktop.popups())[0])).toContain('Paste');

  await page.getByRole('button', { name: 'Show password' }).click();
  await password.selectText();
  await password.dispatchEvent('contextmenu');
  await password.evaluate((field: HTMLInputElement) => field.setSelectionRange(0, 0));
  await password.dispatchEvent('contextmenu');
  await expect.poll(async () => (await desktop.popups()).length).toBe(2);
  expect(labels((await desktop.popups())[1])).not.toContain('Copy');

  await signInPage(page).signIn(people.priya);
  await page.getByRole('banner').getByRole('button', { name: /Priya Nair/ }).click();
  await page.getByRole('menuitem', { name: 'Manage account' }).click();
  await page.getByRole('link', { name: 'Two-factor' }).click();
  await page.getByRole('button', { name: 'Set up: Authenticator app' }).click();
  await page.getByRole('dialog').getByLabel('Your password', { exact: true }).fill(PASSWORD);
  await page.keyboard.press('Enter');
  const secret = page.getByRole('region', { name: 'Or enter this secret in the app' });
  const text = (await secret.innerText()).replace(/\s/g, '');
  await secret.selectText();
  await secret.dispatchEvent('contextmenu');
  await page.getByRole('textbox', { name: 'Code', exact: true }).fill(new TOTP({ secret: Secret.fromBase32(text) }).generate({ timestamp: secondsNow() * 1000 }));
  await page.keyboard.press('Enter');
  const codes = page.getByRole('list', { name: 'Recovery codes' });
  await codes.selectText();
  await codes.dispatchEvent('contextmenu');
  // The sentence above them is no secret: its menu is the next one that shows.
  const sentence = page.getByRole('dialog').getByRole('heading');
  await sentence.selectText();
  await sentence.dispatchEvent('contextmenu');
  await expect.poll(async () => (await desktop.popups()).slice(2).map(labels)).toEqual([['Copy']]);
});
