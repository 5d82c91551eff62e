import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startAuthority } from '../support/authority.ts';
import { project } from '../support/build.ts';
import { PASSWORD, secondsNow } from '../support/e2e/data.ts';
import { otherMachine } from '../support/e2e/latchkey.ts';
import { startPreview } from '../support/electron-preview/index.ts';

const clock = { now: secondsNow, set: () => undefined, advance: () => undefined };
const data = {
  products: [{ id: 'stage', name: 'Stage', kind: 'desktop' }],
  organizations: [{
    name: 'Northlight',
    users: [{ email: 'owner@northlight.example', name: 'Olga Owner', password: PASSWORD, role: 'owner' }],
    licenses: [{ id: 'lic_stage', product: 'stage', seats: 2, modes: ['offline'], validUntil: '2030-06-30' }],
  }],
};

test('the click on a message of the desktop leads to its page, however long ago it came', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-messages-'));
  const authority = await startAuthority({ data, clock });
  const keyset = join(folder, 'authority.lkkeys');
  writeFileSync(keyset, authority.keyset());
  const home = join(folder, 'home');
  const machine = otherMachine({ home, authority: authority.url, keyset });
  await machine.run(['login', '--email', 'owner@northlight.example', '--password-stdin'], `${PASSWORD}\n`);
  await machine.run(['checkout', 'lic_stage', '--offline', '7']);

  const app = startPreview({ main: join(project, 'src-main/main.ts'), args: ['--hidden'], env: { LATCHKEY_HOME: home, LATCHKEY_AUTHORITY: authority.url, LATCHKEY_TRUST: keyset, LANG: 'en_GB.UTF-8' } });
  try {
    // What this license does not allow is refused, and said where the person is: not in the window.
    const isOffered = async (): Promise<boolean> => (await app.tray())[0]?.menu.some(({ label, enabled }) => label === 'Switch to online mode' && enabled) ?? false;
    await expect.poll(isOffered, { timeout: 60_000 }).toBe(true);
    await app.clickTray(['Switch to online mode']);
    await expect.poll(() => app.notifications(), { timeout: 60_000 }).toMatchObject([{ title: 'Stage stays offline' }]);
    await app.collectGarbage();
    expect(await app.windows()).toMatchObject([{ visible: false }]);
    await app.clickNotification(0);
    await expect.poll(() => app.windows(), { timeout: 60_000 }).toMatchObject([{ visible: true, focused: true }]);
  } finally {
    await app.kill();
    await authority.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
