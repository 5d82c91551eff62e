import { cpSync } from 'node:fs';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { unwrap } from '../../src-shared/result.ts';
import { people } from '../support/e2e/data.ts';
import { expect, test } from '../support/e2e/fixtures.ts';
import { look } from '../support/e2e/look.ts';
import { leasePage } from '../support/e2e/pages/lease.ts';
import { pickerPage } from '../support/e2e/pages/picker.ts';

const PATIENCE = { timeout: 30_000 };

type Begun = { readonly lease: string };

/** A machine, and a second computer with a copy of its whole profile; both renew. */
const copyOf = async (world: { readonly folder: string; readonly machine: (name: string) => { readonly home: string; readonly run: <T>(args: readonly string[]) => Promise<T>; readonly signIn: (person: (typeof people)['ingrid']) => Promise<void> } }, name: string) => {
  const original = world.machine(name);
  await original.signIn(people.ingrid);
  await original.run<Begun>(['checkout', 'lic_track']);
  const copy = world.machine(`${name}-copy`);
  cpSync(original.home, join(world.folder, `${name}-copy`), { recursive: true });
  await original.run(['renew']);
  const refused = await copy.run(['renew']).then(() => '', (error: Error) => error.message);
  expect(refused).toContain('MACHINE_CLONED');
  return { original, copy };
};

test.describe('a machine whose profile was copied', () => {
  test('is told of on the first page, and goes on once a manager says that it is the same machine', async ({ folder, machine, openPortal }) => {
    test.setTimeout(300_000);
    const { original, copy } = await copyOf({ folder, machine }, 'WS-041');
    const page = await openPortal(people.mateo);
    await page.goto(new URL('/', page.url()).href);
    await page.getByText(/exists twice/).first().waitFor();
    await look(page, 'portal-home-copied');
    await page.getByRole('link', { name: 'Look and decide' }).click();
    await expect(page.getByText('Until you decide, it gets no license')).toBeVisible();
    await look(page, 'portal-machine-copied');

    await page.getByRole('button', { name: 'Decide', exact: true }).click();
    const dialog = page.getByRole('dialog');
    const go = dialog.getByRole('button', { name: 'It is the same machine' });
    await expect(go).toBeDisabled();
    await dialog.getByRole('radio', { name: /It is the same machine/ }).check({ force: true });
    await go.click();
    await expect(dialog.getByText('Say why, for the record.')).toBeVisible();
    await dialog.getByRole('textbox', { name: 'Reason' }).fill('The old disk was put back.');
    await go.click();
    await expect(dialog).toBeHidden();
    await expect(page.getByText('Until you decide, it gets no license')).toBeHidden();
    // The copy counts on where the authority knows the machine.
    await copy.run(['renew']);
    const refused = await original.run(['renew']).then(() => 'renewed', (error: Error) => error.message);
    expect(refused).toContain('MACHINE_CLONED');
    // The page hears of it by itself.
    await expect(page.getByText('Until you decide, it gets no license')).toBeVisible();
  });

  test('is retired after one more yes: its licenses end, and both computers are told', async ({ folder, machine, openPortal }) => {
    test.setTimeout(300_000);
    const { original, copy } = await copyOf({ folder, machine }, 'WS-042');
    const page = await openPortal(people.astrid);
    await page.goto(new URL('/', page.url()).href);
    await page.getByRole('link', { name: 'Look and decide' }).click();
    await page.getByRole('button', { name: 'Decide', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('radio', { name: /Retire it/ }).check({ force: true });
    await expect(dialog.getByText('Ends at once: Aurora Track Studio.')).toBeVisible();
    await dialog.getByRole('textbox', { name: 'Reason' }).fill('Cloned by the render farm.');
    const retire = dialog.getByRole('button', { name: 'Retire the machine' });
    await expect(retire).toBeDisabled();
    await dialog.getByText('Retire this machine for ever').click();
    await look(page, 'portal-machine-retire');
    await retire.click();
    await expect(dialog).toBeHidden();
    await expect(page.getByText(/^Retired /)).toBeVisible();
    await page.getByRole('link', { name: 'Machines', exact: true }).first().click();
    await expect(page.getByRole('row', { name: /Retired/ })).toBeVisible();
    await look(page, 'portal-machines-retired');
    for (const each of [original, copy]) {
      const refused = await each.run(['checkout', 'lic_render']).then(() => 'issued', (error: Error) => error.message);
      expect(refused).toContain('"retired":true');
    }
  });

  test('its open app hears the decision by itself: first that it is the same machine, later that it is retired', async ({ authority, launch }) => {
    test.setTimeout(420_000);
    const { page } = await launch({ as: people.ingrid, home: 'copied' });
    const picker = pickerPage(page);
    await picker.search.fill('track');
    await page.keyboard.press('Enter');
    const lease = leasePage(page);
    await expect(lease.fact('Mode')).toHaveText('Online', PATIENCE);
    const machine = (await page.evaluate(() => (window as unknown as { latchkey: { call: (channel: string, input: unknown) => Promise<{ value: { state: { machine: { id: string } } } }> } }).latchkey.call('app.snapshot', null))).value.state.machine.id;
    // As if a second document with a number that was used had come.
    const mark = (): void => {
      const database = new SQLite(join(authority.home, 'authority.db'));
      database.prepare('UPDATE machine SET cloned_at = ? WHERE id = ?').run(Math.floor(Date.now() / 1000), machine);
      database.close();
    };
    const decide = async (decision: 'same-machine' | 'retire') => unwrap(await authority.authority().resolveMachine({ machine, decision, reason: 'looked at it on site' }));
    mark();
    await lease.renew.click();
    const refused = page.getByText('The last renewal was refused: This machine exists twice');
    await expect(refused).toBeVisible(PATIENCE);
    await decide('same-machine');
    await expect(refused).toBeHidden(PATIENCE);
    await expect(lease.card).toContainText('Renewed by itself while connected.');
    mark();
    await decide('retire');
    await expect(page.getByRole('region', { name: 'Messages' })).toContainText('The operator of the license authority retired it, and Aurora Track ended here.', PATIENCE);
    await expect(page.getByText('This machine is retired').first()).toBeVisible(PATIENCE);
    await expect(page.getByText('This machine exists twice')).toHaveCount(0);
  });

  test('can be seen but not decided on by an editor', async ({ folder, machine, openPortal }) => {
    test.setTimeout(240_000);
    await copyOf({ folder, machine }, 'WS-043');
    const page = await openPortal(people.jonas);
    await page.goto(new URL('/', page.url()).href);
    await page.getByRole('link', { name: 'Machines', exact: true }).first().click();
    const row = page.getByRole('row', { name: /Exists twice/ });
    await row.getByRole('link').click();
    await expect(page.getByText('Until an owner or manager decides')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Decide', exact: true })).toBeHidden();
  });
});
