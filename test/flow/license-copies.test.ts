import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { unwrap } from '../../src-shared/result.ts';
import { PASSWORD } from '../support/authority.ts';
import { eventually, startClient } from '../support/client.ts';
import { commandScene } from '../support/command-scene.ts';
import { realTime } from '../support/command.ts';

/** The license file that applications read is a copy: the store is what counts. */
const scene = commandScene();

test('a license file that was removed or changed while the app runs is put back at its next look', async () => {
  const client = await startClient({ clock: realTime, authority: scene.authority.url, keyset: scene.authority.keyset(), name: 'WS-1' });
  unwrap(await client.licensing().account.signIn({ email: 'second@northlight.example', password: PASSWORD }));
  unwrap(await client.licensing().checkout({ license: 'lic_single' }));
  const path = join(client.home, 'licenses/grade.lklic');
  const text = readFileSync(path, 'utf8');
  await client.licensing().start();
  rmSync(path);
  client.schedule.advance(5);
  await eventually('the file is back', () => existsSync(path) && readFileSync(path, 'utf8') === text, 30_000);
  writeFileSync(path, 'something else');
  client.schedule.advance(5);
  await eventually('the file is whole', () => readFileSync(path, 'utf8') === text, 30_000);
  unwrap(await client.licensing().release({ lease: client.licensing().current()[0]?.id ?? '', reason: 'user' }));
  expect(existsSync(path)).toBe(false);
  await client.close();
});

const NOBODY = 65534;
describe.runIf(process.getuid?.() === 0)('after one run as root', { timeout: 420_000 }, () => {
  const asNobody = { under: ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'] };
  const give = (path: string, to: number): void => {
    chownSync(path, to, to);
    if (lstatSync(path).isDirectory()) for (const name of readdirSync(path)) give(join(path, name), to);
  };

  test('what the person holds is shown, used and released, and the message names the folder, its owner and what to do', async () => {
    chmodSync(scene.commands.folder, 0o755);
    const home = scene.commands.home('mixed');
    mkdirSync(home.path);
    give(home.path, NOBODY);
    const login = await home.latchkey(['login', '--email', 'editor@northlight.example', '--password-stdin'], { ...asNobody, input: PASSWORD });
    expect([login.status, login.err]).toEqual([0, '']);
    const { id } = await home.json<{ id: string }>(['checkout', 'lic_stage'], asNobody);
    rmSync(join(home.path, 'licenses/stage.lklic'));
    give(join(home.path, 'licenses'), 0);
    const status = await home.latchkey(['status'], asNobody);
    expect(status.status).toBe(0);
    expect(status.out).toContain('Stage');
    expect(status.err).toContain(join(home.path, 'licenses'));
    expect(status.err).toContain('belongs to root');
    expect(status.err).toContain('chown');
    expect(status.err).not.toMatch(/lklic\.\d/);
    const ran = await home.latchkey(['run', '--product', 'stage', '--', process.execPath, '-e', 'process.stdout.write(require("fs").readFileSync(process.env.LATCHKEY_LICENSE_FILE, "utf8").split("\\n")[0])'], asNobody);
    expect([ran.status, ran.out]).toEqual([0, '-----BEGIN LATCHKEY LICENSE FILE-----']);
    expect(await home.latchkey(['release', id], asNobody)).toMatchObject({ status: 0 });
    expect(await home.json(['status'], asNobody)).toMatchObject({ leases: [] });
  });
});

test.runIf(spawnSync('setpriv', ['true']).status === 0 && process.getuid?.() === 0)('a database that belongs to another user is named, with its owner', async () => {
  const home = scene.commands.home('taken');
  await home.login('second');
  chmodSync(scene.commands.folder, 0o755);
  chownSync(home.path, NOBODY, NOBODY);
  chownSync(join(home.path, 'machine-key.json'), NOBODY, NOBODY);
  const refused = await home.latchkey(['status', '--json'], { under: ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'] });
  expect(refused.status).toBe(7);
  expect(JSON.parse(refused.err)).toMatchObject({ error: { code: 'STORE_UNUSABLE', details: { why: 'foreign-file', path: join(home.path, 'latchkey.db'), owner: 'root' } } });
});
