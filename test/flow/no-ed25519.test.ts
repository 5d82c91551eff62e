import { readFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startAuthority } from '../support/authority.ts';
import type { TestAuthority } from '../support/authority.ts';
import { ensureBuilt, project } from '../support/build.ts';
import { createCommandLine, realTime } from '../support/command.ts';
import type { CommandLine } from '../support/command.ts';
import { startPreview } from '../support/electron-preview/index.ts';

/** Real processes on a runtime whose WebCrypto has no Ed25519: Electron's is built with BoringSSL, and promises nothing. */

let folder: string;
let authority: TestAuthority;
let commands: CommandLine;
const without = { NODE_OPTIONS: `--import=${pathToFileURL(join(project, 'test/support/no-ed25519.mjs')).href}` };

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-no-ed25519-'));
  authority = await startAuthority({ clock: realTime });
  commands = createCommandLine(authority);
});
afterAll(async () => {
  commands.close();
  await authority.close();
  rmSync(folder, { recursive: true, force: true });
});

test('the command line says that its runtime cannot sign, and does not call the key of the machine damaged', { timeout: 180_000 }, async () => {
  const home = commands.home('one');
  const { id } = await home.json<{ machine: { id: string } }>(['status']).then(({ machine }) => machine);
  const key = readFileSync(join(home.path, 'machine-key.json'), 'utf8');
  const { status, err } = await home.latchkey(['status', '--json'], { env: without });
  expect([status, JSON.parse(err)]).toMatchObject([70, { error: { code: 'INTERNAL', details: { why: 'no-ed25519' }, message: expect.stringContaining('Ed25519') } }]);
  expect(readFileSync(join(home.path, 'machine-key.json'), 'utf8')).toBe(key);
  expect(await home.json(['status'])).toMatchObject({ machine: { id } });
});

test('the app says so at its start, and leaves the home alone', { timeout: 300_000 }, async () => {
  await ensureBuilt('app');
  const home = commands.home('two');
  await home.json(['status']);
  const key = readFileSync(join(home.path, 'machine-key.json'), 'utf8');
  const { code, output } = await startPreview({ main: join(project, 'out/main/main.js'), env: { LATCHKEY_HOME: home.path, LATCHKEY_AUTHORITY: '', LATCHKEY_TRUST: undefined, LANG: 'en_GB.UTF-8', LC_ALL: '', ...without } }).exited;
  expect(output).toContain('its runtime has no Ed25519');
  expect(code).toBe(70);
  expect(readFileSync(join(home.path, 'machine-key.json'), 'utf8')).toBe(key);
});
