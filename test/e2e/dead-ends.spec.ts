import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { contract } from '../../src-shared/http/index.ts';
import { unwrap } from '../../src-shared/result.ts';
import { people } from '../support/e2e/data.ts';
import { choose } from '../support/e2e/files.ts';
import { expect, test, type World } from '../support/e2e/fixtures.ts';
import { look } from '../support/e2e/look.ts';
import { offlineMachinesPage } from '../support/e2e/pages/offline-machines.ts';
import { organizationPages } from '../support/e2e/pages/organization.ts';

/** A machine that never had a network, with the only seat of Halide Comp for five days. */
const renderBox = async ({ authority, machine, stick }: Pick<World, 'authority' | 'machine' | 'stick'>) => {
  const box = machine('render-box');
  const file = { name: 'again.lkreq', path: join(stick, 'again.lkreq') };
  const first = join(stick, 'first.lkreq');
  await box.run(['request', '--out', first, '--product', 'comp', '--name', 'Render box', '--days', '5']);
  const call = authority.call(await authority.signIn(people.mateo.email));
  const { licenseFile, fileName } = unwrap(await call(contract.exchange.answer, { body: { request: readFileSync(first, 'utf8'), license: 'lic_comp', days: 5 } }));
  writeFileSync(join(stick, fileName), licenseFile);
  await box.run(['request', '--out', file.path, '--product', 'comp', '--name', 'Render box', '--days', '9']);
  return file;
};

test.describe('what cannot be done', () => {
  test('a machine whose licenses are all offline offers what can be done, and was never in contact', async ({ authority, machine, stick, openPortal }) => {
    await renderBox({ authority, machine, stick });
    const page = await openPortal(people.astrid);
    const at = organizationPages(page);
    await at.go('Machines');
    await expect(at.row(/Render box/)).toContainText('Never, by file');
    await at.main.getByRole('link', { name: 'Render box' }).click();
    await expect(at.title('Render box')).toBeVisible();
    await expect(at.main.getByText('Never, by file')).toBeVisible();
    await expect(at.main.getByRole('button', { name: /^Release/ })).toHaveCount(0);
    await at.main.getByRole('button', { name: 'How to release Halide Comp Professional on Render box' }).click();
    const dialog = at.dialog('Only its machine can release this license');
    await expect(dialog).toContainText(/Otherwise it ends by itself on .*, and the seat is free\./);
    await expect(dialog).not.toContainText('unassign');
    await look(page, 'portal-machine-offline');
  });

  test('a seat that the machine itself holds is said to be its own, and only what managers can change leads to them', async ({ authority, machine, stick, openPortal }) => {
    const file = await renderBox({ authority, machine, stick });
    const page = await openPortal(people.mateo);
    const offline = offlineMachinesPage(page);
    await offline.link.click();
    await choose(page, file, () => offline.choose.click());
    const option = page.getByRole('main').getByText('This machine holds a seat of it already');
    await expect(option).toBeVisible();
    await expect(page.getByRole('main').getByText('0 of 1 seats free')).toBeVisible();
    await look(page, 'portal-answer-here');
  });

  test('of an expired license nobody is asked to extend it who cannot', async ({ openPortal }) => {
    const page = await openPortal(people.astrid);
    const at = organizationPages(page);
    await at.go('Products');
    await expect(at.row(/last year/)).toContainText('20 seats, no longer valid');
    await expect(at.row(/last year/)).not.toContainText('free');
    await at.main.getByRole('link', { name: 'Kiln Render Node Farm, last year' }).click();
    await expect(at.main).toContainText('Its vendor, or the operator of the license authority, extends it.');
    await look(page, 'portal-license-expired');
  });

  test('on a narrow window no date of a license is broken into lines', async ({ openPortal }) => {
    const page = await openPortal(people.astrid);
    const at = organizationPages(page);
    await at.go('Products');
    for (const width of [360, 500, 700]) {
      await page.setViewportSize({ width, height: 800 });
      const dates = at.main.getByText(/^until /);
      await expect(dates).toHaveCount(8);
      for (const date of await dates.all()) expect((await date.boundingBox())?.height, `${width}: ${await date.textContent()}`).toBeLessThan(26);
      await look(page, `portal-products-${width}`);
    }
  });
});
