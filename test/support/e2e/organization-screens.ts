import type { Page } from '@playwright/test';
import { contract } from '../../../src-shared/http/index.ts';
import { unwrap } from '../../../src-shared/result.ts';
import type { TestSmtp } from '../smtp.ts';
import { PASSWORD, people } from './data.ts';
import { expect, type World } from './fixtures.ts';
import { organizationPages } from './pages/organization.ts';
import type { Screen } from './screens.ts';

/** The screens around the licenses: organizations, people, holdings and accounts, in both entries. */

type MailWorld = World & { readonly smtp: TestSmtp };
export type OrganizationScene = {
  readonly name: string;
  readonly entry: 'app' | 'portal';
  readonly begin: (world: MailWorld) => Promise<{ readonly page: Page; readonly screens: readonly Screen[] }>;
};

const { astrid, jonas, ingrid, priya } = people;
const shot = (name: string, go: () => Promise<void>): Screen => ({ name, go });
const leave = async (page: Page): Promise<void> => {
  await page.keyboard.press('Escape');
  await expect(page.locator('.lk-dialog')).toHaveCount(0);
};

/** Something on every page: company data, invitations, leases in both modes, requests, a refusal for want of a seat. */
const livedIn = async ({ authority, machine }: World): Promise<void> => {
  const [edit, studio] = [machine('edit-07'), machine('studio-b')];
  const hold = async (at: typeof edit, name: string, person: typeof astrid | typeof jonas, commands: readonly (readonly string[])[]): Promise<void> => {
    await at.run(['request', '--out', `${at.home}.lkreq`, '--name', name]);
    await at.signIn(person);
    for (const command of commands) await at.run(command);
  };
  await Promise.all([
    hold(edit, 'edit-07', jonas, [['checkout', 'lic_comp'], ['checkout', 'lic_stage'], ['checkout', 'lic_grade']]),
    hold(studio, 'studio-b', ingrid, [['checkout', 'lic_track', '--offline', '14'], ['checkout', 'lic_render']]),
  ]);
  await expect(studio.run(['checkout', 'lic_comp'])).rejects.toThrow('SEAT_LIMIT_EXCEEDED');
  const token = await authority.signIn(astrid.email);
  const [owner, reader] = [authority.call(token), authority.call(await authority.signIn(priya.email))];
  const organization = await authority.organization(token, 'Northlight Studios');
  const params = { organization };
  unwrap(await owner(contract.organizations.edit, { params, body: { name: 'Northlight Studios', cluster: 'eu', legal: {
    companyName: 'Northlight Studios AS', street: 'Havnegata 12', postalCode: '7010', city: 'Trondheim', country: 'NO', vatId: null,
    contactName: astrid.name, contactEmail: astrid.email, contactPhone: '+47 73 00 00 00',
  } } }));
  unwrap(await owner(contract.people.invite, { params, body: { addresses: ['ida.berg@northlight.example', 'tom.lindqvist@northlight.example'], role: 'editor' } }));
  unwrap(await owner(contract.people.invite, { params, body: { addresses: ['sana.iqbal@northlight.example'], role: 'reader' } }));
  unwrap(await reader(contract.holdings.ask, { params, body: { kind: 'assignment', license: 'lic_grade', note: 'For the dailies on Thursday, one day is enough.' } }));
};

const screensOf = (page: Page, prefix: string): readonly Screen[] => {
  const at = organizationPages(page);
  const to = (name: string, title: Parameters<typeof at.go>[0], sees: RegExp | string): Screen => shot(`${prefix}-${name}`, async () => {
    await at.go(title);
    await expect(at.main.getByText(sees).first()).toBeVisible();
  });
  const asked = (name: string, press: () => Promise<void>, title: string | RegExp): Screen => shot(`${prefix}-${name}`, async () => {
    await press();
    await expect(at.dialog(title)).toBeVisible();
  });
  return [
    shot(`${prefix}-organizations`, async () => {
      await at.goToAll();
      await expect(at.main.getByRole('link', { name: 'Manage Northlight Studios' })).toBeVisible();
    }),
    shot(`${prefix}-home`, async () => {
      await at.main.getByRole('link', { name: 'Manage Northlight Studios' }).click();
      await expect(at.main.getByText('Northlight Studios AS')).toBeVisible();
    }),
    to('people', 'People', 'ingrid@northlight.example'),
    asked('remove-person', async () => {
      await page.getByRole('button', { name: 'More for Ingrid Dahl' }).click();
      await page.getByRole('menuitem', { name: 'Remove' }).click();
      await expect(page.getByText('One license stays at risk')).toBeVisible();
    }, 'Remove Ingrid Dahl from Northlight Studios?'),
    asked('assign-licenses', async () => {
      await leave(page);
      await page.getByRole('button', { name: 'More for Priya Nair' }).click();
      await page.getByRole('menuitem', { name: 'Assign licenses' }).click();
      await expect(page.getByRole('dialog').getByText(/Halide Grade/).first()).toBeVisible();
    }, 'Licenses of Priya Nair'),
    shot(`${prefix}-invites`, async () => {
      await leave(page);
      await at.view('Invites').click();
      await expect(at.row(/ida\.berg/)).toBeVisible();
    }),
    asked('invite-people', async () => {
      await at.main.getByRole('button', { name: 'Invite people' }).click();
      await page.getByRole('textbox', { name: 'E-mail addresses' }).fill('mika@northlight.example; Eva Holm <eva@northlight.example>\nmika@northlight.example, tove@northlight');
      await expect(page.getByText('2 addresses')).toBeVisible();
    }, 'Invite people to Northlight Studios'),
    shot(`${prefix}-products`, async () => {
      await leave(page);
      await at.go('Products');
      await expect(at.row(/Halide Grade/)).toBeVisible();
    }),
    shot(`${prefix}-license`, async () => {
      await at.main.getByRole('link', { name: 'Halide Grade Finishing' }).click();
      await expect(at.title(/^Halide Grade/)).toBeVisible();
      await expect(at.main.getByText(jonas.email)).toBeVisible();
    }),
    to('machines', 'Machines', 'edit-07'),
    shot(`${prefix}-machine`, async () => {
      await at.main.getByRole('link', { name: 'studio-b' }).click();
      await expect(at.main.getByText('Fingerprint over time').first()).toBeVisible();
    }),
    to('requests', 'Requests', 'Priya Nair asks for Halide Grade Finishing'),
    to('usage', 'Usage', 'Aurora Stage'),
    to('settings', 'My organization', 'Leave organization'),
    shot(`${prefix}-profile`, () => at.goToAccount(astrid.name, 'Profile')),
    shot(`${prefix}-password`, () => at.goToAccount(astrid.name, 'Password')),
    shot(`${prefix}-two-factor`, () => at.goToAccount(astrid.name, 'Two-factor')),
    asked('two-factor-app', async () => {
      await page.getByRole('button', { name: 'Set up: Authenticator app' }).click();
      await page.getByRole('dialog').getByLabel('Your password', { exact: true }).fill(PASSWORD);
      await page.keyboard.press('Enter');
      await expect(page.getByRole('img', { name: 'QR code for the authenticator app' })).toBeVisible();
    }, /authenticator app/i),
    shot(`${prefix}-sessions`, async () => {
      await leave(page);
      await at.goToAccount(astrid.name, 'Sessions');
      await expect(at.main.getByText('This one')).toBeVisible();
    }),
    shot(`${prefix}-privacy`, async () => {
      await at.goToAccount(astrid.name, 'Privacy and data');
      await expect(at.main.getByRole('button', { name: 'Delete my account' })).toBeVisible();
    }),
  ];
};

export const organizationScenes: readonly OrganizationScene[] = [
  {
    name: 'an owner',
    entry: 'portal',
    begin: async (world) => {
      await livedIn(world);
      const page = await world.openPortal(astrid);
      return { page, screens: screensOf(page, 'portal') };
    },
  },
  {
    name: 'an owner',
    entry: 'app',
    begin: async (world) => {
      await livedIn(world);
      const { page } = await world.launch({ name: 'WS-017', as: astrid });
      return { page, screens: screensOf(page, 'app') };
    },
  },
  {
    name: 'links in mails',
    entry: 'portal',
    begin: async ({ authority, openPortal, smtp }) => {
      const token = await authority.signIn(astrid.email);
      const owner = authority.call(token);
      const params = { organization: await authority.organization(token, 'Northlight Studios') };
      const { invites } = unwrap(await owner(contract.people.invite, { params, body: { addresses: ['ida.berg@northlight.example'], role: 'editor' } }));
      const invitation = (await smtp.next('ida.berg@northlight.example')).link().href;
      const page = await openPortal();
      const open = async (address: string): Promise<void> => {
        // An address that differs in its fragment only would load nothing.
        await page.goto('about:blank');
        await page.goto(address);
      };
      const heading = (name: string) => page.getByRole('heading', { name });
      return {
        page,
        screens: [
          shot('portal-invitation', async () => {
            await open(invitation);
            await expect(heading('Create your account')).toBeVisible();
          }),
          shot('portal-invitation-refused', async () => {
            await page.getByRole('textbox', { name: 'First name' }).fill('Ida');
            await page.getByLabel('Choose a password').fill('ida berg 2026');
            await expect(page.getByText('Strength')).toBeVisible();
            await page.getByRole('button', { name: 'Create account and join' }).click();
            await expect(page.getByText('This must be accepted to go on.').first()).toBeVisible();
          }),
          shot('portal-invitation-ended', async () => {
            unwrap(await owner(contract.people.cancelInvite, { params: { ...params, invite: invites[0]?.id ?? '' } }));
            await open(invitation);
            await expect(page.getByText('This invitation has ended')).toBeVisible();
          }),
          shot('portal-forgotten-password', async () => {
            await open(authority.url);
            await page.getByRole('link', { name: 'Forgot password?' }).click();
            await expect(heading('Forgot password?')).toBeVisible();
          }),
          shot('portal-forgotten-password-sent', async () => {
            await page.getByRole('textbox', { name: 'E-mail' }).fill(astrid.email);
            await page.keyboard.press('Enter');
            await expect(page.getByText('Check your e-mail')).toBeVisible();
          }),
          shot('portal-new-password', async () => {
            await open((await smtp.next(astrid.email)).link().href);
            await page.getByLabel('New password').fill('quiet maple harbour stove');
            await expect(page.getByText('very good')).toBeVisible();
          }),
        ],
      };
    },
  },
];
