import { contract } from '../../src-shared/http/index.ts';
import { unwrap } from '../../src-shared/result.ts';
import { people } from '../support/e2e/data.ts';
import { expect, test } from '../support/e2e/fixtures.ts';
import { organizationPages } from '../support/e2e/pages/organization.ts';

test.describe('the keyboard’s place', () => {
  test('after each answer to a request it is at the next one, and at last at the empty list', async ({ authority, machine, openPortal }) => {
    const box = machine('edit-07');
    await box.run(['request', '--out', `${box.home}.lkreq`, '--name', 'edit-07']);
    await box.signIn(people.jonas);
    await box.run(['checkout', 'lic_comp']);
    const token = await authority.signIn(people.ingrid.email);
    const params = { organization: await authority.organization(token, 'Northlight Studios') };
    const [editor, reader] = [authority.call(token), authority.call(await authority.signIn(people.priya.email))];
    const { ledger } = unwrap(await editor(contract.holdings.read, { params: { ...params, license: 'lic_comp' } }));
    unwrap(await editor(contract.holdings.ask, { params, body: { kind: 'release', lease: ledger[0]?.holder?.lease ?? '', note: '' } }));
    unwrap(await editor(contract.holdings.ask, { params, body: { kind: 'assignment', license: 'lic_grade', note: '' } }));
    unwrap(await reader(contract.holdings.ask, { params, body: { kind: 'assignment', license: 'lic_stage', note: '' } }));

    const page = await openPortal(people.astrid);
    const at = organizationPages(page);
    await at.go('Requests');
    const focused = page.locator(':focus');
    await at.main.getByRole('button', { name: /^Assign Halide Grade/ }).press('Enter');
    await expect(at.main.getByText(/asks for Halide Grade/)).toHaveCount(0);
    await expect(focused).toHaveText(/asks for Aurora Stage|to release Halide Comp/);
    await at.main.getByRole('button', { name: /^Release now/ }).press('Enter');
    await at.dialog(/^Release Halide Comp/).getByRole('button', { name: 'Release now' }).press('Enter');
    await expect(at.main.getByText(/to release Halide Comp/)).toHaveCount(0);
    await expect(focused).toHaveText(/asks for Aurora Stage/);
    await at.main.getByRole('button', { name: /^Decline what Priya/ }).press('Enter');
    await expect(focused).toHaveText(/No open requests/);
  });
});
