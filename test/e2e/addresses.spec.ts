import { people } from '../support/e2e/data.ts';
import { expect } from '../support/e2e/fixtures.ts';
import { test } from '../support/e2e/mail.ts';
import { signInPage } from '../support/e2e/pages/sign-in.ts';
import { contract } from '../../src-shared/http/index.ts';
import { unwrap } from '../../src-shared/result.ts';

/** Addresses that the desktop opens with the app: each shows a page, and what is done there is for the person to press. */
test('an address leads to its page, at the first start and at a later one, and any other leads nowhere', async ({ launch }) => {
  const { page, startAgain } = await launch({ args: ['latchkey://exchange'] });
  await expect(page).toHaveURL(/#\/exchange$/);
  await startAgain(['latchkey://picker']);
  await expect(page).toHaveURL(/#\/picker$/);
  for (const address of ['latchkey://settings', 'latchkey://exchange?x=1', 'latchkey://picker/instead-of/lse_1']) await startAgain([address]);
  await startAgain(['latchkey://exchange/']);
  await expect(page).toHaveURL(/#\/exchange$/);
});

test('the address of an invitation shows what it offers, and joins nobody before they say so', async ({ launch, authority, smtp }) => {
  const call = authority.call(await authority.signIn(people.noor.email));
  const [kestrel] = unwrap(await call(contract.organizations.list, {})).organizations;
  if (kestrel === undefined) throw new Error('Noor has an organization');
  unwrap(await call(contract.people.invite, { params: { organization: kestrel.id }, body: { addresses: [people.jonas.email], role: 'editor' } }));
  const code = (await smtp.next(people.jonas.email)).link().hash.slice(1);

  const { page, startAgain } = await launch({ args: [`latchkey://invitation/${code}`] });
  await expect(page.getByRole('heading', { name: 'Join Kestrel VFX' })).toBeVisible();
  await expect(page.getByText(people.jonas.email)).toBeVisible();
  await expect(page.getByRole('link', { name: 'Answer in the browser' })).toHaveAttribute('href', new RegExp(`/invitation#${code}$`));
  await expect(page.getByRole('button', { name: 'Join Kestrel VFX' })).toHaveCount(0);

  await startAgain(['latchkey://picker']);
  await signInPage(page).signIn(people.jonas);
  await expect(page.getByRole('button', { name: /^Change organization:/ })).toBeVisible();
  await startAgain([`latchkey://invitation/${code}`]);
  await expect(page.getByRole('button', { name: 'Join Kestrel VFX' })).toBeVisible();
  const mine = async () => unwrap(await authority.call(await authority.signIn(people.jonas.email))(contract.organizations.list, {})).organizations.map(({ name }) => name);
  expect(await mine()).not.toContain('Kestrel VFX');
  await page.getByRole('button', { name: 'Join Kestrel VFX' }).click();
  await expect(page).toHaveURL(/#\/organizations\/org_[^/]+\/home$/);
  expect(await mine()).toContain('Kestrel VFX');

  await startAgain([`latchkey://invitation/${code}`]);
  await expect(page.getByText('This invitation has ended')).toBeVisible();
});
