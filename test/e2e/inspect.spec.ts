import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { unwrap } from '../../src-shared/result.ts';
import { people } from '../support/e2e/data.ts';
import { choose, drop, dropAnywhere, saved } from '../support/e2e/files.ts';
import type { Carried } from '../support/e2e/files.ts';
import { expect, test } from '../support/e2e/fixtures.ts';
import { appWindow } from '../support/e2e/pages/app-window.ts';
import { exchangePage } from '../support/e2e/pages/exchange.ts';
import { offlineMachinesPage } from '../support/e2e/pages/offline-machines.ts';
import { pickerPage } from '../support/e2e/pages/picker.ts';
import { createTestMachine } from '../support/machine.ts';
import type { TestAuthority } from '../support/authority.ts';

/** Any document, on either side, in any order: what it is, and the next step with it as a button. */

const file = (name: string, text: string): Pick<Carried, 'name' | 'text'> => ({ name, text });
const onStick = (stick: string, name: string, text: string): Carried => {
  const path = join(stick, name);
  writeFileSync(path, text);
  return { name, text, path };
};
/** A license file of a machine that is not here, and the proof that it gave the lease up. */
const elsewhere = async (authority: TestAuthority) => {
  const machine = await createTestMachine({ authority: authority.id, clock: authority.clock, name: 'EDIT-09' });
  const { licenseFile, lease } = unwrap(await authority.authority().answer({ request: await machine.request({ product: 'stage', mode: 'offline' }), license: await stageLicense(authority), days: 30 }));
  return { machine, licenseFile, lease };
};
const stageLicense = async (authority: TestAuthority): Promise<string> => {
  const token = await authority.signIn(people.mateo.email);
  const { entitlements } = unwrap(await authority.call(token)((await import('../../src-shared/http/index.ts')).contract.licenses.entitlements, { params: { organization: await authority.organization(token, 'Northlight Studios') }, query: {} }));
  return entitlements.find(({ product, modes, available }) => product.id === 'stage' && modes.includes('offline') && available)?.license ?? '';
};

const main = (page: Page) => page.getByRole('main');
const button = (page: Page, name: string | RegExp) => main(page).getByRole('button', { name });

test.describe('any file in the app', () => {
  test('files let go of anywhere wait in a row, and each leads to its next step', async ({ launch, authority, stick }) => {
    const { page } = await launch({ as: people.ingrid });
    await pickerPage(page).search.waitFor();
    const exchange = exchangePage(page);
    const { machine, licenseFile, lease } = await elsewhere(authority);
    const proof = await machine.proof(lease.id, 'fil_any');

    const address = page.url().replace(/#.*/, '');
    await dropAnywhere(page, [file('request.lkreq', await machine.request({ mode: 'offline' })), file('notes.txt', 'not one of ours'), file('other.lklic', licenseFile), file('proof.lkrel', proof), file('keys.lkkeys', authority.keyset())]);
    expect(page.url()).toBe(`${address}#/exchange`);

    // A request belongs at the authority, whose portal is known here.
    await expect(exchange.found('request.lkreq')).toBeFocused();
    await expect(page.getByText('4 files wait')).toBeVisible();
    await expect(main(page).getByRole('link', { name: 'Open the portal' })).toHaveAttribute('href', `${authority.url}/offline-machines`);
    expect((await saved(page, stick, () => button(page, 'Save a copy').click())).text).toContain('ACTIVATION REQUEST');
    await exchange.putAway.click();

    await expect(exchange.refusal).toContainText('notes.txt: This file is damaged or not one of ours');
    await button(page, 'Next file').click();

    await expect(exchange.found('other.lklic')).toContainText('This file is for another machine');
    await expect(exchange.found('other.lklic')).toContainText(/It belongs on the machine mch_/);
    await expect(button(page, 'Save a copy')).toBeVisible();
    await exchange.putAway.click();

    // Of another machine's proof only the authority can tell; that is its way, too.
    await expect(exchange.found('proof.lkrel')).toContainText('Only the license authority can tell whether it is genuine');
    await expect(main(page).getByRole('link', { name: 'Open the portal' })).toBeVisible();
    await exchange.putAway.click();

    await expect(exchange.verdicts).toContainText('It is known here already.');
    await expect(exchange.import).toBeHidden();
    await exchange.putAway.click();
    await expect(exchange.chooseFile).toBeVisible();
  });

  test('an address or a text that is dropped opens nothing and is refused in words', async ({ launch }) => {
    const { page } = await launch({ as: people.ingrid });
    await pickerPage(page).search.waitFor();
    const before = page.url();
    for (const [type, text] of [['text/uri-list', 'https://evil.example/'], ['text/plain', 'javascript:alert(1)'], ['text/html', '<img src=x onerror=alert(1)>']] as const) {
      const kept = await page.evaluate(([kind, content]) => {
        const dataTransfer = new DataTransfer();
        dataTransfer.setData(kind, content);
        const target = document.querySelector('main') ?? document.body;
        return ['dragover', 'drop'].map((name) => !target.dispatchEvent(new DragEvent(name, { dataTransfer, bubbles: true, cancelable: true })));
      }, [type, text] as const);
      expect(kept, `${type}: the window keeps the drop from doing what it does by itself`).toEqual([true, true]);
    }
    await expect(appWindow(page).messages).toContainText('Only files are taken');
    expect(page.url()).toBe(before);
    expect(page.context().pages()).toHaveLength(1);
  });

  test('a file whose request was discarded leads to a new request for the same license', async ({ launch, authority, stick }) => {
    const { page } = await launch({ authority: null, name: 'WS-042' });
    const exchange = exchangePage(page);
    const request = await saved(page, stick, () => exchange.saveRequest.click());
    const license = await stageLicense(authority);
    const { licenseFile } = unwrap(await authority.authority().answer({ request: request.text, license, days: 30 }));
    await exchange.discard.click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Discard request' }).click();
    await choose(page, onStick(stick, 'late.lklic', licenseFile), () => exchange.chooseFile.click());
    await expect(exchange.verdicts).toContainText('This answers a request that was not made here');
    await button(page, 'Make a new request').click();
    await expect(main(page).getByText('Asks for the same license again')).toBeVisible();
    await expect(exchange.name).toBeFocused();
    const again = await saved(page, stick, () => exchange.saveRequest.click());
    const { inspection } = unwrap(await authority.authority().inspect(again.text));
    expect(inspection).toMatchObject({ kind: 'request', want: { license }, next: 'answer' });
  });

  test('a machine that trusts nobody yet is told how it comes to trust, and takes no keyset from anywhere', async ({ launch, authority, stick }) => {
    const { page } = await launch({ authority: null, keyset: '' });
    const { licenseFile } = await elsewhere(authority);
    await choose(page, onStick(stick, 'early.lklic', licenseFile), () => exchangePage(page).chooseFile.click());
    await expect(main(page)).toContainText('No license authority is set up');
    await expect(main(page)).toContainText('ask IT for a Latchkey prepared for your organization');
    await expect(button(page, 'Choose the keyset file')).toHaveCount(0);
    await exchangePage(page).putAway.click();
    await choose(page, onStick(stick, 'anybody.lkkeys', authority.keyset()), () => exchangePage(page).chooseFile.click());
    await expect(main(page)).toContainText('No license authority is set up');
    await expect(exchangePage(page).import).toHaveCount(0);
  });
});

test.describe('any file in the portal', () => {
  test('files let go of on any page are looked at on Offline machines, and what belongs elsewhere says where', async ({ openPortal, authority, stick }) => {
    const { machine, licenseFile, lease } = await elsewhere(authority);
    const portal = await openPortal(people.mateo);
    const machines = offlineMachinesPage(portal);
    const receipt = unwrap(await authority.authority().accept(await machine.proof(lease.id, (await import('../../src-shared/documents/index.ts').then(({ parseKind }) => unwrap(parseKind('license', licenseFile)))).claims.jti))).receipt;
    const again = await machine.request({ product: 'stage', mode: 'offline' }, { lease: lease.id });
    const copied = await machine.request({ product: 'stage', mode: 'offline' }, { seq: 1 });
    await dropAnywhere(portal, [file('back.lklic', licenseFile), file('back.lkrcp', receipt), file('again.lkreq', again), file('copied.lkreq', copied), file('keys.lkkeys', authority.keyset())]);
    await expect(machines.title).toBeVisible();

    await expect(machines.inHand('back.lklic')).toContainText('carry it to EDIT-09');
    expect((await saved(portal, stick, () => button(portal, 'Save a copy').click())).text).toBe(licenseFile);
    await expect(main(portal).getByRole('link', { name: 'Show the machine' })).toHaveAttribute('href', new RegExp(`/organizations/[^/]+/machines/${machine.id}$`));
    await machines.putAside.click();

    await expect(machines.inHand('back.lkrcp')).toContainText('Carry this receipt to EDIT-09');
    await machines.putAside.click();

    await expect(machines.inHand('again.lkreq')).toContainText('Make a new request file on EDIT-09');
    await machines.putAside.click();

    await expect(machines.inHand('copied.lkreq')).toContainText('This machine exists twice');
    await main(portal).getByRole('link', { name: 'Look at the machine and decide' }).click();
    await expect(portal.getByRole('heading', { level: 1, name: /EDIT-09/ })).toBeVisible();

    // The file stays in hand while one looks at another page.
    await machines.link.click();
    await machines.putAside.click();
    await expect(machines.inHand('keys.lkkeys')).toContainText('Carry this file to machines without a network');
    await drop(portal, machines.place, file('nothing.lkreq', 'nothing'));
    await machines.putAside.click();
    await expect(machines.problem).toContainText('This file is damaged or not one of ours');
  });
});
