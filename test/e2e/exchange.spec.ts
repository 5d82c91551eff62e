import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { people } from '../support/e2e/data.ts';
import { choose, drop, saved, type Carried } from '../support/e2e/files.ts';
import { expect, test } from '../support/e2e/fixtures.ts';
import { appWindow } from '../support/e2e/pages/app-window.ts';
import { exchangePage } from '../support/e2e/pages/exchange.ts';
import { leasePage } from '../support/e2e/pages/lease.ts';
import { offlineMachinesPage } from '../support/e2e/pages/offline-machines.ts';

/** The person at the portal answers a request with this license for so many days. */
const answer = async (portal: Page, stick: string, request: Carried, license: RegExp, days: number): Promise<Carried> => {
  const machines = offlineMachinesPage(portal);
  await machines.link.click();
  await choose(portal, request, () => machines.choose.click());
  await machines.license(license).check({ force: true });
  await machines.period.fill(String(days));
  return saved(portal, stick, () => machines.saveLicense.click());
};

const saveRequest = async (page: Page, stick: string): Promise<Carried> => saved(page, stick, () => exchangePage(page).saveRequest.click());

const importFile = async (page: Page, file: { readonly path: string }): Promise<void> => {
  const exchange = exchangePage(page);
  await choose(page, file, () => exchange.chooseFile.click());
  await exchange.import.click();
};

test.describe('the exchange by files', () => {
  test.describe.configure({ timeout: 300_000 });

  test('a machine without a network gets a license, gives it up by a proof, and hears that the seat is back', async ({ launch, openPortal, stick }) => {
    const { page } = await launch({ authority: null });
    const [exchange, lease, window] = [exchangePage(page), leasePage(page), appWindow(page)];

    // A request goes out. No account, no network.
    await expect(exchange.title).toBeVisible();
    await expect(window.connection).toContainText('No network: works by files');
    await exchange.name.fill('');
    await exchange.saveRequest.click();
    await expect(page.getByText('Give this machine a name.')).toBeVisible();
    await exchange.name.fill('WS-042');
    await expect(page.getByText('Give this machine a name.')).toBeHidden();
    await exchange.days.fill('90');
    const request = await saveRequest(page, stick);
    expect(request.name).toMatch(/\.lkreq$/);
    expect(request.text).toMatch(/^-----BEGIN LATCHKEY ACTIVATION REQUEST-----\n/);
    await expect(exchange.request('any product')).toBeVisible();
    const again = await saved(page, stick, () => exchange.saveRequestAgain.click());
    expect(again.text).toBe(request.text);

    // At a connected computer it is dropped, seen for what it is, and answered.
    const portal = await openPortal(people.mateo);
    const machines = offlineMachinesPage(portal);
    await machines.link.click();
    await drop(portal, machines.place, request);
    await expect(machines.kind('Activation request')).toBeVisible();
    await expect(machines.inHand(request.name)).toBeFocused();
    await expect(machines.facts).toContainText('WS-042');
    await expect(machines.facts).toContainText('Any product');
    await expect(machines.facts).toContainText('90 days');
    await machines.license(/Aurora Stage Broadcast/).check({ force: true });
    await machines.period.fill('366');
    await expect(portal.getByText('Choose 1 to 365 days.')).toBeVisible();
    await expect(machines.saveLicense).toBeDisabled();
    await machines.period.fill('30');
    const license = await saved(portal, stick, () => machines.saveLicense.click());
    expect(license.text).toMatch(/^-----BEGIN LATCHKEY LICENSE FILE-----\n/);
    await expect(portal.getByText('Aurora Stage is ready for WS-042')).toBeVisible();
    await machines.done.click();

    // The same request has the same answer for ever.
    await choose(portal, request, () => machines.choose.click());
    const same = await saved(portal, stick, () => machines.saveSame.click());
    expect(same.text).toBe(license.text);
    await machines.done.click();

    // The file comes back, and the license is in use without a network.
    await choose(page, license, () => exchange.chooseFile.click());
    await expect(exchange.found(license.name)).toBeFocused();
    await expect(exchange.verdicts).toContainText('It fits here, and now.');
    await exchange.import.click();
    await expect(lease.product(/^Aurora Stage Broadcast/)).toBeVisible();
    await expect(lease.fact('Mode')).toHaveText(/offline/i);
    await expect(lease.fact('Machine')).toContainText('WS-042');
    const path = ((await lease.fact('License file').textContent()) ?? '').match(/\/\S+\.lklic/)?.[0] ?? '';
    expect(readFileSync(path, 'utf8')).toBe(license.text);

    // What is in use is not offered for import once more.
    await window.to.exchange.click();
    await choose(page, license, () => exchange.chooseFile.click());
    await expect(exchange.verdicts).toContainText('It is in use here already.');
    await expect(exchange.import).toBeHidden();
    await exchange.showLease.click();
    await expect(lease.product(/^Aurora Stage Broadcast/)).toBeVisible();

    // It is given up for good, and the same file is refused for ever.
    await lease.saveProof.click();
    await expect(lease.proofDialog('Aurora Stage')).toContainText('This cannot be undone.');
    await expect(lease.giveUp).toBeDisabled();
    await lease.understood.check({ force: true });
    const proof = await saved(page, stick, () => lease.giveUp.click());
    expect(proof.text).toMatch(/^-----BEGIN LATCHKEY RELEASE PROOF-----\n/);
    expect(() => readFileSync(path)).toThrow();
    // The proof is what comes next, and stands where the person looks.
    await expect(exchange.saveProofAgain('Aurora Stage')).toBeFocused();
    await expect(exchange.saveProofAgain('Aurora Stage')).toBeInViewport();
    await choose(page, license, () => exchange.chooseFile.click());
    await expect(exchange.verdicts).toContainText('Not acceptable here');
    await expect(exchange.verdicts).toContainText('Already released. This license was given up on this machine. Its file is not accepted again.');
    await expect(exchange.verdicts).toContainText('Pick a license, or make a new request file.');
    await expect(exchange.nothingChanged).toBeVisible();
    await expect(exchange.import).toBeHidden();
    await exchange.putAway.click();
    await expect(exchange.givenUp).toContainText('No receipt yet');
    const proofAgain = await saved(page, stick, () => exchange.saveProofAgain('Aurora Stage').click());
    expect(proofAgain.text).toBe(proof.text);

    // The proof brings the seat back, and its receipt says so on the machine.
    await choose(portal, proof, () => machines.choose.click());
    await expect(machines.kind('Release proof')).toBeVisible();
    const receipt = await saved(portal, stick, () => machines.acceptProof.click());
    expect(receipt.text).toMatch(/^-----BEGIN LATCHKEY RECEIPT-----\n/);
    await expect(machines.seats('Before')).toContainText('11 of 12 seats free');
    await expect(machines.seats('Now')).toContainText('12 of 12 seats free');
    await importFile(page, receipt);
    await expect(window.messages).toContainText('The authority confirms that the seat of Aurora Stage is back.');
    await expect(exchange.givenUp).not.toContainText('No receipt yet');
  });

  test('a wrong file is refused in exact words with the next step, and changes nothing', async ({ launch, openPortal, stick }) => {
    const [first, second] = [await launch({ authority: null, name: 'WS-042' }), await launch({ authority: null, home: 'second', name: 'WS-043' })];
    const exchange = exchangePage(first.page);
    const request = await saveRequest(first.page, stick);
    await exchangePage(second.page).name.fill('WS-043');
    const otherRequest = await saveRequest(second.page, stick);
    const portal = await openPortal(people.mateo);
    const otherLicense = await answer(portal, stick, otherRequest, /Aurora Stage Broadcast/, 30);
    await offlineMachinesPage(portal).done.click();
    const license = await answer(portal, stick, request, /Aurora Track/, 30);

    const nothingHappened = async (): Promise<void> => {
      await expect(exchange.import).toBeHidden();
      if (await exchange.putAway.isVisible()) await exchange.putAway.click();
      await expect(exchange.request('any product')).toBeVisible();
      await expect(appWindow(first.page).to.lease).toHaveAccessibleName('License in use');
    };

    // Another machine's license file: genuine, but not for here.
    await choose(first.page, otherLicense, () => exchange.chooseFile.click());
    await expect(exchange.verdicts).toContainText('Genuine');
    await expect(exchange.verdicts).toContainText(/This file is for another machine\. It was made for the machine mch_\S+/);
    await expect(exchange.verdicts).toContainText('Import it there, or make a request file on this machine.');
    await expect(exchange.nothingChanged).toBeVisible();
    await nothingHappened();

    // A damaged one: one letter of the signature is another.
    const lines = license.text.split('\n');
    const body = lines.length - 3;
    lines[body] = (lines[body] ?? '').replace(/.(?=.{8}$)/, (letter) => (letter === 'A' ? 'B' : 'A'));
    const damaged = { name: 'damaged.lklic', path: join(stick, 'damaged.lklic'), text: lines.join('\n') };
    writeFileSync(damaged.path, damaged.text);
    await choose(first.page, damaged, () => exchange.chooseFile.click());
    await expect(exchange.verdicts).toContainText('This file is not genuine. It was changed after it was signed, or damaged on the way.');
    await expect(exchange.verdicts).toContainText('Do not use it. Get the file again from the person who made it');
    await nothingHappened();

    // Cut in the middle: it cannot even be read.
    const cut = { name: 'cut.lklic', path: join(stick, 'cut.lklic'), text: license.text.slice(0, 300) };
    writeFileSync(cut.path, cut.text);
    await choose(first.page, cut, () => exchange.chooseFile.click());
    await expect(exchange.refusal).toContainText('cut.lklic: This file is damaged or not one of ours');
    await expect(exchange.refusal).toContainText('its first or last line is missing');
    await expect(exchange.refusal).toContainText('Copy the file again from where it was made, without opening it in an editor.');
    await nothingHappened();

    // The request itself, where its answer belongs.
    await choose(first.page, request, () => exchange.chooseFile.click());
    await expect(first.page.getByRole('main')).toContainText('This is another kind of file');
    await expect(first.page.getByRole('main')).toContainText('It is an activation request; this place is for a license file');
    await expect(first.page.getByRole('main')).toContainText('Choose the right file, or drop this one where it belongs.');
    await nothingHappened();

    // And the right one still fits.
    await importFile(first.page, license);
    await expect(leasePage(first.page).product(/^Aurora Track/)).toBeVisible();
  });

  test('at the portal a wrong file is refused, and a reader may look but not answer', async ({ launch, openPortal, stick }) => {
    const { page } = await launch({ authority: null, name: 'WS-042' });
    const request = await saveRequest(page, stick);
    const portal = await openPortal(people.priya);
    const machines = offlineMachinesPage(portal);
    await machines.link.click();
    await expect(portal.getByText('You can look at files, not answer them')).toBeVisible();

    const torn = { name: 'torn.lkreq', path: join(stick, 'torn.lkreq'), text: 'not one of ours' };
    writeFileSync(torn.path, torn.text);
    await choose(portal, torn, () => machines.choose.click());
    await expect(machines.problem).toContainText('This file is damaged or not one of ours');
    await choose(portal, request, () => machines.choose.click());
    await expect(machines.kind('Activation request')).toBeVisible();
    await expect(machines.saveLicense.and(portal.locator(':enabled'))).toHaveCount(0);
  });
});
