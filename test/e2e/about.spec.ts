import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { project } from '../support/build.ts';
import { desktopOf, expect, test } from '../support/e2e/fixtures.ts';

test('About says the versions, the folder and the authority, copies them for support, and shows the licenses of third parties', async ({ launch, folder, authority }) => {
  const desktop = desktopOf(await launch());
  const asked = async (what: string) => (await desktop.asked()).filter((one) => one.what === what);
  await desktop.answerNextMessageBox(1);
  await desktop.clickMenu(['Help', 'About Latchkey']);
  await expect.poll(async () => (await asked('messageBox')).length).toBe(1);
  const [box] = await asked('messageBox');
  const lines = ['Version \\d+\\.\\d+\\.\\d+', 'Electron \\S+, Chromium \\S+, Node \\d+', `Data: ${join(folder, 'app')}$`, `Authority: ${authority.url}$`];
  for (const line of lines) expect(String((box?.detail as { readonly detail?: string } | undefined)?.detail)).toMatch(new RegExp(`^${line}`, 'm'));
  await expect.poll(() => desktop.clipboard()).toMatch(/^Latchkey\nVersion /);

  await desktop.answerNextMessageBox(2);
  await desktop.clickMenu(['Help', 'About Latchkey']);
  await expect.poll(() => asked('openPath')).toEqual([{ what: 'openPath', detail: join(project, 'out/main/third-party.txt') }]);
  expect(existsSync(join(project, 'out/main/third-party.txt'))).toBe(true);
});
