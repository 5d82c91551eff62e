import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { project } from '../support/build.ts';
import { startPreview } from '../support/electron-preview/index.ts';

let home = '';
beforeEach(() => void (home = mkdtempSync(join(tmpdir(), 'latchkey-sandbox-'))));
afterEach(() => rmSync(home, { recursive: true, force: true }));

test.each([[['--no-sandbox'], true], [[], false]] as const)("an app that is started with %j says in its log that Chromium's sandbox is off: %s", async (args, isSaid) => {
  const app = startPreview({ main: join(project, 'src-main/main.ts'), args, env: { LATCHKEY_HOME: home, LATCHKEY_AUTHORITY: '', LATCHKEY_TRUST: undefined } });
  await app.firstWindow;
  await app.quit();
  expect(readFileSync(join(home, 'logs/latchkey.log'), 'utf8').includes('"event":"sandbox.off"')).toBe(isSaid);
});
