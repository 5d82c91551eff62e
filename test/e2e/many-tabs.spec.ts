import type { Page } from '@playwright/test';
import { contract } from '../../src-shared/http/index.ts';
import { signInByCookie } from '../support/browser-session.ts';
import { unwrap } from '../../src-shared/result.ts';
import { people } from '../support/e2e/data.ts';
import { expect, test } from '../support/e2e/fixtures.ts';
import { organizationPages } from '../support/e2e/pages/organization.ts';
import { signInPage } from '../support/e2e/pages/sign-in.ts';

const live = (page: Page) => page.getByRole('status').filter({ hasText: 'Up to date' });
const heard = (page: Page, name: string) => page.getByRole('button', { name: `Account of ${name}` });

test.describe('many tabs of the portal', () => {
  test('eight tabs load over one stream, all hear of a change, and go on when the one that has the stream is closed', async ({ openPortal, authority, watch }) => {
    test.setTimeout(300_000);
    const first = await openPortal(people.mateo);
    let streams = 0;
    first.context().on('request', (request) => {
      if (request.url().endsWith('/v1/events')) streams += 1;
    });
    await first.reload();
    await expect(live(first)).toBeVisible();
    expect(streams).toBe(1);
    const tabs: Page[] = [first];
    for (let nth = 2; nth <= 8; nth += 1) {
      const page = await first.context().newPage();
      watch.on(page);
      await page.goto(`${authority.url}/my-licenses`);
      await expect(page.getByRole('heading', { level: 1, name: 'My licenses' })).toBeVisible();
      await expect(live(page)).toBeVisible();
      tabs.push(page);
    }
    expect(streams).toBe(1);

    const call = authority.call(await authority.signIn(people.mateo.email));
    const rename = async (given: string) => void unwrap(await call(contract.security.rename, { body: { firstName: given, lastName: 'Ruiz' } }));
    await rename('Matteo');
    for (const page of tabs) await expect(heard(page, 'Matteo Ruiz')).toBeVisible();

    await tabs.shift()?.close();
    for (const page of tabs) await expect(live(page)).toBeVisible();
    await expect.poll(() => streams).toBe(2);
    await rename('Teo');
    for (const page of tabs) await expect(heard(page, 'Teo Ruiz')).toBeVisible();
    expect(streams).toBe(2);
  });

  test('who signs in beside an open page is not heard there as the person before', async ({ openPortal, authority }) => {
    const page = await openPortal(people.mateo);
    await expect(live(page)).toBeVisible();
    const ids = await Promise.all([people.mateo, people.noor].map(async ({ email }) => unwrap(await authority.call(await authority.signIn(email))(contract.accounts.me, {})).user.id));
    const [mateo = '', noor = ''] = ids;
    const beside = await page.context().newPage();
    await beside.goto(`${authority.url}/password-reset`);
    await beside.evaluate((names) => {
      const words: { channel: string; type: string | undefined }[] = [];
      Object.assign(globalThis, { words });
      for (const name of names) new BroadcastChannel(name).addEventListener('message', ({ data }) => words.push({ channel: name, type: data.event?.type }));
    }, ids.map((id) => `latchkey.events.${id}`));
    const { cookie, binding } = await signInByCookie(authority.url, people.noor.email);
    const [name = '', value = ''] = cookie.split('=');
    await page.context().addCookies([{ name, value, url: authority.url, httpOnly: true, sameSite: 'Strict' }]);
    await page.evaluate((kept) => localStorage.setItem('latchkey.binding', kept), binding);

    // As it is kept when one goes away, and shown when one comes back.
    await page.evaluate(() => ['pagehide', 'pageshow'].forEach((type) => dispatchEvent(new Event(type))));
    await expect(heard(page, 'Noor Haddad')).toBeVisible();
    await expect(live(page)).toBeVisible();
    const call = authority.call(await authority.signIn(people.noor.email));
    unwrap(await call(contract.security.rename, { body: { firstName: 'Nour', lastName: 'Haddad' } }));
    await expect(heard(page, 'Nour Haddad')).toBeVisible();
    const words = await beside.evaluate(() => (globalThis as unknown as { words: { channel: string; type: string | undefined }[] }).words);
    const told = (id: string) => words.filter(({ channel, type }) => channel.endsWith(id) && type !== undefined).map(({ type }) => type);
    expect(told(mateo)).toEqual(['account']);
    expect(told(noor)).toContain('hello');
    expect(told(noor)).toContain('account');
  });

  test('the next person in the same browser begins at their own home, in every tab', async ({ openPortal, authority, watch }) => {
    const first = await openPortal(people.mateo);
    const at = organizationPages(first);
    await at.go('People');
    await at.view('Invites').click();
    await expect(first).toHaveURL(/\/invites$/);
    const invites = first.url();
    const second = await first.context().newPage();
    watch.on(second);
    await second.goto(invites);
    await expect(live(second)).toBeVisible();

    await first.getByRole('button', { name: 'Account of Mateo Ruiz' }).click();
    await first.getByRole('menuitem', { name: 'Sign out' }).click();
    await expect(signInPage(second).title).toBeVisible();
    await signInPage(first).signIn(people.noor);
    await expect(organizationPages(first).title('Kestrel VFX')).toBeVisible();
    await second.reload();
    await expect(organizationPages(second).title('Kestrel VFX')).toBeVisible();

    // Of an address that a person follows themselves they are told what it is.
    const third = await first.context().newPage();
    await third.goto(invites);
    await expect(third.getByText('You are not in this organization')).toBeVisible();
    await third.goto(authority.url);
    await expect(organizationPages(third).title('Kestrel VFX')).toBeVisible();
  });
});
