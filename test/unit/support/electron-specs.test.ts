import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { project } from '../../support/build.ts';
import { electronSpecs } from '../../support/e2e/electron-specs.ts';

test("a spec that opens the app by the fixture is run on Electron's own program too, one that takes the stand-in or only the portal is not", () => {
  const specs = electronSpecs();
  expect(specs).toEqual(expect.arrayContaining(['exchange.spec.ts', 'modes.spec.ts', 'picker.spec.ts', 'release.spec.ts', 'security.spec.ts']));
  for (const never of ['electron-attacks.spec.ts', 'shell.spec.ts', 'people.spec.ts']) expect(specs).not.toContain(never);
});

test('without Electron the specs for it do not pass: it says what is missing', () => {
  const empty = mkdtempSync(join(tmpdir(), 'latchkey-no-electron-'));
  try {
    const { status, stderr } = spawnSync(process.execPath, [join(project, 'test/support/e2e/on-electron.ts')], {
      encoding: 'utf8', timeout: 60_000, env: { ...process.env, ELECTRON_OVERRIDE_DIST_PATH: empty, ELECTRON_MIRROR: 'http://127.0.0.1:9/' },
    });
    expect([status, stderr.split('\n').slice(0, 2)]).toEqual([1, ["Electron's program is not here and cannot be fetched from this network.", expect.stringContaining('ELECTRON_OVERRIDE_DIST_PATH') as string]]);
  } finally {
    rmSync(empty, { recursive: true, force: true });
  }
});
