import { rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { people } from '../support/e2e/data.ts';
import { expect, test } from '../support/e2e/fixtures.ts';
import { look } from '../support/e2e/look.ts';
import { leasePage } from '../support/e2e/pages/lease.ts';
import { pickerPage } from '../support/e2e/pages/picker.ts';
import { createSmallDisk } from '../support/small-disk.ts';

/** The app on a disk that it cannot write to: what a person reads, and that it goes on by itself. */

test('a read-only profile: the license is shown, with which file cannot be written, whose it is and what to do; and so is that its license file is missing', async ({ launch, folder }) => {
  test.setTimeout(300_000);
  const disk = createSmallDisk('16m');
  test.skip(disk === null, 'this user may not mount a disk');
  if (disk === null) return;
  try {
    const home = join(relative(folder, disk.path), 'home');
    const before = await launch({ as: people.ingrid, home });
    await pickerPage(before.page).search.fill('broadcast');
    await before.page.keyboard.press('Enter');
    await expect(leasePage(before.page).product(/^Aurora Stage/)).toBeVisible();
    await before.quit();
    rmSync(join(disk.path, 'home/licenses'), { recursive: true });
    disk.readOnly(true);

    const { page, quit } = await launch({ home });
    await expect(leasePage(page).product(/^Aurora Stage/)).toBeVisible();
    const unsaved = page.getByRole('status').filter({ hasText: 'Latchkey can save nothing now' });
    await expect(unsaved).toContainText(join(disk.path, 'home/latchkey.db'));
    await expect(unsaved).toContainText('(owner: ');
    await expect(unsaved).toContainText('Make the file, its folder and the disk writable');
    const unplaced = page.getByRole('status').filter({ hasText: 'The license file of Aurora Stage cannot be put in its place' });
    await expect(unplaced).toContainText('This file or folder cannot be written, or its disk is read-only:');
    await expect(unplaced).toContainText(join(disk.path, 'home/licenses'));
    await expect(page.getByText('Renewed by itself while connected.')).toHaveCount(0);
    await look(page, 'unsaved');

    disk.readOnly(false);
    await expect(unsaved).toHaveCount(0);
    await expect(unplaced).toHaveCount(0);
    await expect(leasePage(page).product(/^Aurora Stage/)).toBeVisible();
    await quit();
  } finally {
    disk.close();
  }
});
