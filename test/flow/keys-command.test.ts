import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseKind } from '../../src-shared/documents/index.ts';
import { contract } from '../../src-shared/http/index.ts';
import { unwrap } from '../../src-shared/result.ts';
import type { Clock } from '../../src-shared/time.ts';
import { httpClient, PASSWORD, testData } from '../support/authority.ts';
import { createTestMachine } from '../support/machine.ts';

/** `authority keys ...` as an operator types it, while another process serves the same home. */

const program = join(import.meta.dirname, '../../src-cli/authority.ts');
const clock: Clock = { now: () => Math.floor(Date.now() / 1000) };
let folder: string;
let serving: ChildProcess;
let url: string;
let authority: string;
const at = (name: string) => join(folder, name);
const environment = () => ({ ...process.env, LATCHKEY_AUTHORITY_HOME: at('home') });

type Ran = { readonly status: number; readonly stdout: string; readonly stderr: string };
const run = (...args: readonly string[]): Promise<Ran> =>
  new Promise((resolve) => {
    const child = execFile(process.execPath, [program, ...args], { env: environment(), encoding: 'utf8' }, (error, stdout, stderr) =>
      resolve({ status: error ? Number(error.code ?? 1) : 0, stdout, stderr }));
    child.stdin?.end();
  });
const json = async <T>(...args: readonly string[]): Promise<T> => {
  const ran = await run(...args, '--json');
  expect(ran).toMatchObject({ status: 0, stderr: '' });
  return JSON.parse(ran.stdout) as T;
};
const refused = async (...args: readonly string[]) => {
  const ran = await run(...args, '--json');
  const { error } = JSON.parse(ran.stderr) as { error: { code: string; message: string; details: Record<string, unknown> } };
  return { status: ran.status, ...error };
};
type Row = { readonly kid: string; readonly role: string; readonly inUse: boolean; readonly revokedAt: number | null; readonly privatePart: boolean; readonly leases: number };
const list = () => json<readonly Row[]>('keys', 'list');
const kidOf = (name: string, kind: 'license' | 'keyset' = 'license') => unwrap(parseKind(kind, readFileSync(at(name)))).kid;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-keys-'));
  writeFileSync(at('data.json'), JSON.stringify(testData));
  authority = (await json<{ authority: string }>('init')).authority;
  await json('load', at('data.json'));
  serving = spawn(process.execPath, [program, 'serve', '--port', '0'], { env: environment(), stdio: ['ignore', 'pipe', 'ignore'] });
  url = await new Promise<string>((resolve, reject) => {
    serving.stdout?.once('data', (chunk: Buffer) => resolve((JSON.parse(chunk.toString()) as { url: string }).url));
    serving.once('exit', () => reject(new Error('serve ended')));
  });
}, 240_000);
afterAll(() => {
  serving.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

test('keys are rotated, revoked, exported and listed on the command line, and the process that serves follows at once', async () => {
  const [root, first] = await list();
  const serves = async () => unwrap(await httpClient(url)(contract.authority.about, {})).keyset;
  const machine = await createTestMachine({ authority, clock, name: 'ISLAND' });
  const asked = async (name: string, claims: object = {}) => writeFileSync(at(name), await machine.request({ mode: 'offline' }, claims));
  const answer = (name: string, ...more: readonly string[]) => json<{ lease: string; keysets: object[] }>('answer', at(`${name}.lkreq`), '--license', 'lic_stage', '--days', '20', '--out', at(`${name}.lklic`), ...more);
  await asked('a.lkreq');
  const { lease, keysets } = await answer('a', '--keyset-out', at('unneeded.lkkeys'));
  expect(keysets).toEqual([]);
  expect(existsSync(at('unneeded.lkkeys'))).toBe(false);
  expect(kidOf('a.lklic')).toBe(first?.kid);

  // Without a terminal nobody can be asked: it says what would happen, and nothing does.
  const { message, ...unconfirmed } = await refused('keys', 'revoke', first?.kid ?? '');
  expect(unconfirmed).toEqual({ status: 2, code: 'INPUT_INVALID', details: { why: 'confirm', kid: first?.kid, role: 'license', leases: 1 } });
  expect(message).toMatch(/1 license file .*--yes/);
  expect((await run('keys', 'revoke', first?.kid ?? '')).status).toBe(2);
  expect(await refused('keys', 'revoke', root?.kid ?? '', '--yes')).toMatchObject({ status: 3, code: 'CONFLICT', details: { why: 'last-root' } });
  for (const kid of ['nobody', `-h${'A'.repeat(41)}`, `-V${'A'.repeat(41)}`, `--${'A'.repeat(41)}`]) {
    expect(await refused('keys', 'revoke', kid, '--yes')).toMatchObject({ status: 3, code: 'NOT_FOUND', details: { kid } });
  }
  expect(await serves()).toBe(1);

  const rotated = await json<{ kid: string; keyset: number }>('keys', 'rotate', '--root');
  expect(rotated).toMatchObject({ role: 'root', keyset: 2 });
  expect(statSync(join(at('home'), 'keys', `${rotated.kid}.jwk.json`)).mode & 0o077).toBe(0);
  const revoked = await json<{ replacedBy: string }>('keys', 'revoke', first?.kid ?? '', '--reason', 'laptop lost', '--yes');
  expect(revoked).toMatchObject({ role: 'license', keyset: 3, leases: 1, again: false });
  expect(await serves()).toBe(3);
  expect(await list()).toMatchObject([
    { kid: root?.kid, inUse: false, revokedAt: null }, { kid: first?.kid, inUse: false, revokedAt: expect.any(Number) as number, leases: 1 },
    { kid: rotated.kid, role: 'root', inUse: true }, { kid: revoked.replacedBy, role: 'license', inUse: true, privatePart: true, leases: 0 },
  ]);

  // The very next file that the serving process signs is by the new key.
  const signedIn = unwrap(await httpClient(url)(contract.accounts.signIn, { body: { email: 'editor@northlight.example', password: PASSWORD } }));
  const connected = await createTestMachine({ authority, clock });
  const issued = unwrap(await httpClient(url, signedIn.token)(contract.leases.checkout, { body: { request: await connected.request({ license: 'lic_stage', mode: 'online' }) } }));
  expect(unwrap(parseKind('license', issued.licenseFile)).kid).toBe(revoked.replacedBy);
  const served = async (after?: number) => unwrap(await httpClient(url)(contract.authority.keyset, { query: after === undefined ? {} : { after } })).keyset;

  expect(await json('keys', 'export', '--out', at('newest.lkkeys'))).toMatchObject({ keyset: 3 });
  expect(readFileSync(at('newest.lkkeys'), 'utf8')).toBe(await served());
  expect(kidOf('newest.lkkeys', 'keyset')).toBe(rotated.kid);
  expect(await json('keys', 'export', '--out', at('second.lkkeys'), '--after', '1')).toMatchObject({ keyset: 2 });
  expect(readFileSync(at('second.lkkeys'), 'utf8')).toBe(await served(1));
  expect(kidOf('second.lkkeys', 'keyset')).toBe(root?.kid);
  expect(await json('keys', 'export', '--out', at('again.lkkeys'), '--keyset', '2')).toMatchObject({ keyset: 2 });
  expect(readFileSync(at('again.lkkeys'), 'utf8')).toBe(readFileSync(at('second.lkkeys'), 'utf8'));
  expect(await refused('keys', 'export', '--out', at('none.lkkeys'), '--keyset', '9')).toMatchObject({ status: 3, code: 'NOT_FOUND', details: { keyset: 9, newest: 3 } });
  expect(existsSync(at('none.lkkeys'))).toBe(false);

  expect(await json('keys', 'reissues')).toMatchObject({ keyset: 3, reissues: [{ carrier: 'file', lease: { id: lease, machine: { name: 'ISLAND' } } }] });
  expect((await run('keys', 'reissues')).stdout).toMatch(/ISLAND .*bring keyset 3/);
  expect(await json('inspect', at('a.lklic'))).toMatchObject({ genuine: { ok: false, code: 'FILE_NOT_GENUINE', details: { why: 'key-revoked' } }, next: 'request-again' });

  await asked('b.lkreq', { lease });
  expect((await answer('b', '--keyset-out', at('steps.lkkeys'))).keysets).toEqual([{ version: 2, file: at('steps-2.lkkeys') }, { version: 3, file: at('steps-3.lkkeys') }]);
  expect(readFileSync(at('steps-3.lkkeys'), 'utf8')).toBe(await served());
  expect(kidOf('b.lklic')).toBe(revoked.replacedBy);
  // One request, one answer, whatever is chosen now; and it says so.
  const again = await run('answer', at('b.lkreq'), '--license', 'nothing', '--days', '3', '--out', at('b2.lklic'));
  expect(again.stdout).toMatch(/license lic_stage.*answered before.*keyset 2 first.*keyset 3 first/s);
  expect(readFileSync(at('b2.lklic'), 'utf8')).toBe(readFileSync(at('b.lklic'), 'utf8'));
  // Its first request has had its one answer, and that is of no use any more.
  expect(await refused('answer', at('a.lkreq'), '--license', 'lic_stage', '--days', '20', '--out', at('a2.lklic'))).toMatchObject({ status: 3, code: 'CONFLICT', details: { why: 'key-revoked' } });
  expect(existsSync(at('a2.lklic'))).toBe(false);
  expect(await json('keys', 'reissues')).toEqual({ keyset: 3, reissues: [] });
  expect((await run('audit', 'export')).stdout).toContain('laptop lost');
}, 300_000);

test('private keys that a copy has left readable by others are for their owner only after the next command', async () => {
  const files = readdirSync(at('home/keys')).filter((name) => /\.(key|jwk\.json)$/.test(name)).map((name) => at(`home/keys/${name}`));
  expect(files.length).toBeGreaterThan(1);
  for (const file of files) chmodSync(file, 0o644);
  await list();
  expect(files.map((file) => statSync(file).mode & 0o777)).toEqual(files.map(() => 0o600));
});
