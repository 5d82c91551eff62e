import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { contract } from '../../src-shared/http/index.ts';
import { unwrap } from '../../src-shared/result.ts';
import { PASSWORD, startAuthority } from '../support/authority.ts';
import type { TestAuthority } from '../support/authority.ts';
import { eventually } from '../support/client.ts';
import { acceptProof, answer } from '../support/exchange.ts';
import { databaseFiles, putBack, snapshot } from '../support/home-files.ts';

/** `latchkey` as a person or a script runs it: real processes, the computer's own clock, an authority that answers. */
const program = resolve(import.meta.dirname, '../../src-cli/latchkey.ts');
const realTime = { now: () => Math.floor(Date.now() / 1000), set: () => undefined, advance: () => undefined };

let authority: TestAuthority;
let folder: string;
let env: Record<string, string>;
let turn = 0;

beforeAll(async () => {
  authority = await startAuthority({ clock: realTime });
  folder = mkdtempSync(join(tmpdir(), 'latchkey-cli-'));
  writeFileSync(join(folder, 'trust.lkkeys'), authority.keyset());
});
afterAll(async () => {
  await authority.close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  turn += 1;
  env = { LATCHKEY_HOME: join(folder, `home-${turn}`), LATCHKEY_AUTHORITY: authority.url, LATCHKEY_TRUST: join(folder, 'trust.lkkeys') };
});

type Ended = { readonly status: number | null; readonly out: string; readonly err: string };

const begin = (args: readonly string[], more: Record<string, string> = {}, input = '') => {
  const { LATCHKEY_HOME: _home, LATCHKEY_AUTHORITY: _authority, LATCHKEY_TRUST: _trust, ...rest } = process.env;
  const child = spawn(process.execPath, [program, ...args], { cwd: folder, env: { ...rest, ...env, ...more } });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const ended = new Promise<Ended>((done) => child.once('close', (status) => done({ status, out, err })));
  return { child, ended, out: () => out, err: () => err };
};
const latchkey = (args: readonly string[], more: Record<string, string> = {}, input = ''): Promise<Ended> => begin(args, more, input).ended;
const json = async <T = Record<string, unknown>>(args: readonly string[], more: Record<string, string> = {}): Promise<T> => {
  const { status, out, err } = await latchkey([...args, '--json'], more);
  if (status !== 0) throw new Error(`${args.join(' ')}: ${status} ${err}`);
  expect(out.split('\n')).toHaveLength(2);
  return JSON.parse(out) as T;
};
const refusal = async (args: readonly string[], more: Record<string, string> = {}): Promise<[status: number | null, code: string]> => {
  const { status, out, err } = await latchkey([...args, '--json'], more);
  expect(out).toBe('');
  return [status, (JSON.parse(err) as { error: { code: string } }).error.code];
};
const login = (who = 'editor') => latchkey(['login', '--email', `${who}@northlight.example`, '--password-stdin'], {}, `${PASSWORD}\n`);

describe('on a connected machine', () => {
  test('login, organizations, licenses, checkout, status, renew, release, logout', async () => {
    expect(await refusal(['licenses'])).toEqual([6, 'NOT_SIGNED_IN']);
    expect(await latchkey(['login', '--email', 'editor@northlight.example', '--password-stdin'], {}, 'wrong')).toMatchObject({ status: 6 });
    expect(await login()).toMatchObject({ status: 0, out: 'Signed in as Edda Editor (Harbor, Northlight).\n' });

    const organizations = await json<{ id: string; name: string; role: string; default: boolean }[]>(['organizations']);
    expect(organizations).toMatchObject([{ name: 'Harbor', role: 'editor', default: false }, { name: 'Northlight', role: 'editor', default: true }]);
    const harbor = organizations[0]?.id ?? '';
    expect(await json(['default-organization', harbor])).toEqual({ id: harbor, name: 'Harbor' });
    expect((await json<{ license: string }[]>(['licenses'])).map(({ license }) => license)).toEqual(['lic_harbor']);
    expect(await json(['default-organization', organizations[1]?.id ?? ''])).toMatchObject({ name: 'Northlight' });
    expect((await json<{ license: string }[]>(['licenses', '--organization', harbor])).map(({ license }) => license)).toEqual(['lic_harbor']);

    const held = await json<{ id: string; file: string }>(['checkout', 'lic_stage']);
    expect(held).toMatchObject({ license: 'lic_stage', mode: 'online', standing: { usable: true } });
    expect(readFileSync(held.file, 'utf8')).toContain('LICENSE FILE');
    expect(await json(['status'])).toMatchObject({ connection: { state: 'online' }, account: { user: { name: 'Edda Editor' } }, leases: [{ id: held.id }], requests: [], givenUp: [], clock: { ok: true } });
    expect(await json(['renew'])).toMatchObject([{ id: held.id, standing: { usable: true } }]);
    expect(await refusal(['checkout', 'lic_assigned'])).toEqual([3, 'LICENSE_NOT_ASSIGNED']);
    expect(await json(['release'])).toEqual({ lease: held.id, delivered: true });
    expect(existsSync(held.file)).toBe(false);
    expect(await refusal(['release'])).toEqual([3, 'LEASE_NOT_FOUND']);
    expect(await json(['logout'])).toEqual({ signedIn: false });
    expect(await refusal(['organizations'])).toEqual([6, 'NOT_SIGNED_IN']);
  });

  test('checkout for days without the authority, which cannot be released while it is away', async () => {
    await login();
    const held = await json<{ id: string; mode: string; until: number }>(['checkout', 'lic_stage', '--offline', '10']);
    expect(held.mode).toBe('offline');
    expect(held.until - Date.now() / 1000).toBeGreaterThan(9.9 * 86_400);
    expect(await refusal(['release'], { LATCHKEY_AUTHORITY: '' })).toEqual([3, 'LEASE_OFFLINE']);
    expect(await refusal(['renew'], { LATCHKEY_AUTHORITY: 'http://127.0.0.1:9' })).toEqual([5, 'AUTHORITY_UNREACHABLE']);
    // Known from before, and said to be: the list is shown all the same.
    expect(await latchkey(['licenses'], { LATCHKEY_AUTHORITY: 'http://127.0.0.1:9' })).toMatchObject({ status: 0, err: expect.stringContaining('cannot be reached') });
    expect(await json(['release'])).toEqual({ lease: held.id, delivered: true });
  });

  test('several leases must be told apart', async () => {
    await login();
    const a = await json<{ id: string }>(['checkout', 'lic_stage']);
    const b = await json<{ id: string }>(['checkout', 'lic_online']);
    expect(await refusal(['release'])).toEqual([2, 'INPUT_INVALID']);
    expect(await json(['release', a.id])).toMatchObject({ lease: a.id });
    expect(await json(['release'])).toMatchObject({ lease: b.id });
  });
});

describe('on a machine without a network', () => {
  const away = { LATCHKEY_AUTHORITY: '' };

  test('request, import, inspect, release proof, receipt, and the license file is refused for ever', async () => {
    const made = await json<{ file: string; request: string; expiresAt: number }>(['request', '--out', 'a.lkreq', '--product', 'stage', '--days', '20', '--name', 'WS-042'], away);
    expect(made).toMatchObject({ file: 'a.lkreq', request: expect.stringMatching(/^req_/) });
    expect(await json(['inspect', 'a.lkreq'], away)).toMatchObject({ kind: 'request', machine: { name: 'WS-042' }, want: { product: 'stage', mode: 'offline', days: 20 }, genuine: { ok: true } });
    writeFileSync(join(folder, 'a.lklic'), await answer(authority, readFileSync(join(folder, 'a.lkreq'), 'utf8'), 'lic_stage', 20));
    const imported = await json<{ lease: string }>(['import', 'a.lklic'], away);
    expect(imported).toMatchObject({ kind: 'license', again: false });
    expect(await json(['status'], away)).toMatchObject({ connection: { state: 'none' }, leases: [{ id: imported.lease, carrier: 'file' }] });
    await json(['request', '--out', 'renew.lkreq', '--lease', imported.lease, '--days', '40'], away);
    expect(await json(['inspect', 'renew.lkreq'], away)).toMatchObject({ kind: 'request', purpose: 'renew', lease: imported.lease });

    // Nothing is given up for a proof that could not be written.
    expect(await refusal(['release-proof', imported.lease, '--out', 'no/such/folder.lkrel'], away)).toEqual([2, 'INPUT_INVALID']);
    expect(await json(['status'], away)).toMatchObject({ leases: [{ id: imported.lease }] });
    expect(await json(['release-proof', imported.lease, '--out', 'a.lkrel'], away)).toEqual({ file: 'a.lkrel', lease: imported.lease });
    expect(await refusal(['import', 'a.lklic'], away)).toEqual([4, 'LEASE_RELEASED']);
    const proof = readFileSync(join(folder, 'a.lkrel'), 'utf8');
    expect((await latchkey(['release-proof', imported.lease, '--out', 'again.lkrel'], away)).status).toBe(0);
    expect(readFileSync(join(folder, 'again.lkrel'), 'utf8')).toBe(proof);
    writeFileSync(join(folder, 'a.lkrcp'), await acceptProof(authority, proof));
    expect(await json(['import', 'a.lkrcp'], away)).toEqual({ kind: 'receipt', lease: imported.lease });
  });

  test('wrong usage and wrong files have their exit statuses', { timeout: 300_000 }, async () => {
    writeFileSync(join(folder, 'broken.lkkeys'), 'nonsense');
    expect(await refusal(['request'], away)).toEqual([2, 'INPUT_INVALID']);
    expect(await refusal(['request', '--out', 'b.lkreq', '--product', 'a', '--license', 'b'], away)).toEqual([2, 'INPUT_INVALID']);
    expect(await refusal(['request', '--out', 'b.lkreq', '--days', '0'], away)).toEqual([2, 'INPUT_INVALID']);
    expect(await refusal(['request', '--out', 'x'.repeat(300), '--product', 'stage'], away)).toEqual([2, 'INPUT_INVALID']);
    expect(await refusal(['import', 'none.lklic'], away)).toEqual([2, 'INPUT_INVALID']);
    expect(await refusal(['import', '.'], away)).toEqual([4, 'FILE_MALFORMED']);
    expect(await refusal(['nonsense'], away)).toEqual([2, 'INPUT_INVALID']);
    expect(await refusal(['request', '--out', 'b.lkreq'], { ...away, LATCHKEY_TRUST: '', LATCHKEY_HOME: join(folder, 'new') })).toEqual([7, 'TRUST_MISSING']);
    expect(await latchkey(['status'], { LATCHKEY_AUTHORITY: 'http://licenses.example' })).toMatchObject({ status: 2, err: expect.stringMatching(/^The address http:\/\/licenses\.example .*\nSet LATCHKEY_AUTHORITY to /) });
    expect((await latchkey(['--help'])).out).toMatch(/^ {2}LATCHKEY_HOME .*\n {2}LATCHKEY_AUTHORITY .*\n {2}LATCHKEY_TRUST /m);
    expect(await refusal(['login', '--email', 'a@b.example', '--password-stdin'], away)).toEqual([5, 'AUTHORITY_UNREACHABLE']);
    expect(await refusal(['status'], { ...away, LATCHKEY_TRUST: join(folder, 'broken.lkkeys') })).toEqual([4, 'FILE_MALFORMED']);
    writeFileSync(join(folder, 'marked.lkkeys'), `\ufeff${authority.keyset()}`);
    expect(await refusal(['status'], { ...away, LATCHKEY_TRUST: join(folder, 'marked.lkkeys') })).toEqual([4, 'FILE_MALFORMED']);
  });

  test('a database that was put back is told everywhere, with the way on from there, which brings the lease back', { timeout: 300_000 }, async () => {
    const home = env['LATCHKEY_HOME'] ?? '';
    expect(await json(['status'], away)).toMatchObject({ leases: [], store: { ok: true } });
    snapshot(home, join(folder, 'earlier'));
    await json(['request', '--out', 'r.lkreq', '--product', 'stage'], away);
    writeFileSync(join(folder, 'r.lklic'), await answer(authority, readFileSync(join(folder, 'r.lkreq'), 'utf8'), 'lic_stage', 20));
    const { lease } = await json<{ lease: string }>(['import', 'r.lklic'], away);
    putBack(home, join(folder, 'earlier'), databaseFiles);

    const wayOn = /Move latchkey\.db\* out of the home/;
    // Of the lease nothing is left in it that could say so.
    expect(await json(['status'], away)).toMatchObject({ leases: [], store: { ok: false, code: 'STORE_ROLLED_BACK', details: { stored: 0, seen: 1 } } });
    expect(await latchkey(['status'], away)).toMatchObject({ status: 0, out: expect.stringMatching(wayOn) });
    expect(await refusal(['renew'], away)).toEqual([7, 'STORE_ROLLED_BACK']);
    expect(await latchkey(['renew'], away)).toMatchObject({ status: 7, err: expect.stringMatching(wayOn) });
    const doctor = await latchkey(['doctor', '--json'], away);
    expect((JSON.parse(doctor.out) as { rows: unknown[] }).rows).toContainEqual(expect.objectContaining({ subject: 'store', ok: false, facts: expect.objectContaining({ rolledBackFrom: 1, problem: 'STORE_ROLLED_BACK' }) }));
    expect(await latchkey(['doctor'], away)).toMatchObject({ status: 7, out: expect.stringMatching(wayOn) });

    for (const name of databaseFiles) rmSync(join(home, name), { force: true });
    expect(await json(['status'], away)).toMatchObject({ leases: [{ id: lease, standing: { usable: true } }], store: { ok: true } });
  });

  test('something in the way of the home is named with its path, and the doctor says all that can be said without the home', async () => {
    const home = env['LATCHKEY_HOME'] ?? '';
    const row = (subject: string, ok: boolean, facts: object = {}) => ({ subject, ok, facts: expect.objectContaining(facts) });
    const doctor = async (): Promise<[status: number | null, rows: readonly unknown[]]> => {
      const { status, out } = await latchkey(['doctor', '--json'], away);
      return [status, (JSON.parse(out) as { rows: readonly unknown[] }).rows];
    };
    // The home itself.
    writeFileSync(home, '');
    expect(await latchkey(['status'], away)).toMatchObject({ status: 7, out: '', err: expect.stringMatching(new RegExp(`where a folder belongs.* at ${home}\\.\n.*Move it away`, 's')) });
    expect(await doctor()).toEqual([7, [
      row('runtime', true, { node: process.versions.node }), row('home', false, { path: home, why: 'ENOTDIR' }), row('store', false, { problem: 'STORE_UNUSABLE', why: 'EEXIST', problemAt: home }),
    ]]);
    const said = await latchkey(['doctor'], away);
    expect(said.out).toContain(`at ${home}.`);
    expect(said.out).not.toContain('run latchkey doctor');
    rmSync(home);
    // The folder of what is kept beside the database: what it is for goes on, and the doctor says what is not as it should be.
    expect(await json(['status'], away)).toMatchObject({ store: { ok: true } });
    rmSync(join(home, 'kept'), { recursive: true });
    writeFileSync(join(home, 'kept'), '');
    const [status, rows] = await doctor();
    expect([status, rows]).toEqual([7, expect.arrayContaining([row('store', false, { problem: 'STORE_UNUSABLE', problemAt: join(home, 'kept') })])]);
    rmSync(join(home, 'kept'));
    // A folder where the database belongs.
    for (const name of databaseFiles) rmSync(join(home, name), { force: true });
    mkdirSync(join(home, 'latchkey.db'));
    expect(await doctor()).toEqual([7, [row('runtime', true), row('home', true), row('store', false, { why: 'EISDIR', problemAt: join(home, 'latchkey.db') })]]);
  });

  test('a machine key that is damaged or gone is never replaced', async () => {
    const { machine } = await json<{ machine: { id: string } }>(['status'], away);
    const path = join(env['LATCHKEY_HOME'] ?? '', 'machine-key.json');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const key = readFileSync(path, 'utf8');
    writeFileSync(path, '{}');
    expect(await refusal(['status'], away)).toEqual([7, 'STORE_UNUSABLE']);
    rmSync(path);
    expect(await refusal(['status'], away)).toEqual([7, 'STORE_UNUSABLE']);
    writeFileSync(path, key);
    expect(await json(['status'], away)).toMatchObject({ machine: { id: machine.id } });
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test('many first starts at once make one machine', async () => {
    const ids = await Promise.all(Array.from({ length: 4 }, () => json<{ machine: { id: string } }>(['status'], away)));
    expect(new Set(ids.map(({ machine }) => machine.id)).size).toBe(1);
  });

  test('the doctor says what is in order and what is not', async () => {
    const { status, out } = await latchkey(['doctor', '--json'], away);
    const { rows } = JSON.parse(out) as { rows: { subject: string; ok: boolean }[] };
    expect(rows.map(({ subject }) => subject)).toEqual([
      'runtime', 'home', 'store', 'machine', 'fingerprint', 'clock', 'trust', 'authority', 'account', 'leases', 'requests', 'proofs', 'refusals',
    ]);
    // How much of this computer can be read differs; everything else is in order.
    expect(rows.filter(({ ok, subject }) => !ok && subject !== 'fingerprint')).toEqual([]);
    expect([0, 7]).toContain(status);
    expect((await latchkey(['doctor'], { LATCHKEY_AUTHORITY: 'http://127.0.0.1:9' })).status).toBe(rows.every(({ ok }) => ok) ? 5 : 7);
    expect((await latchkey(['doctor'], { ...away, LATCHKEY_TRUST: '' })).out).toContain('Trusted keys');
  });
});

describe('run', () => {
  const script = (text: string): string[] => ['run', '--product', 'stage', '--', process.execPath, '-e', text];

  test('takes a license, names its file, gives it back, and passes on output, input and exit status', async () => {
    await login();
    const { status, out, err } = await latchkey(
      script('console.log(require("fs").readFileSync(process.env.LATCHKEY_LICENSE_FILE,"utf8").split("\\n")[0]); process.stdin.pipe(process.stderr); process.exitCode = 41'),
      {}, 'through',
    );
    expect({ status, out, err }).toEqual({ status: 41, out: '-----BEGIN LATCHKEY LICENSE FILE-----\n', err: 'through' });
    expect(await json(['status'])).toMatchObject({ leases: [], givenUp: [{ reason: 'run-ended', receiptAt: expect.any(Number) }] });
  });

  test('uses a lease that is there, and leaves it', async () => {
    await login();
    const held = await json<{ id: string }>(['checkout', 'lic_stage']);
    expect((await latchkey(script('0'))).status).toBe(0);
    expect(await json(['status'])).toMatchObject({ leases: [{ id: held.id }] });
  });

  test('the arguments after -- are the command’s own', async () => {
    await login();
    const { out } = await latchkey([...script('console.log(JSON.stringify(process.argv.slice(1)))'), '--', '--json', '--product', 'x', '--', 'y']);
    expect(JSON.parse(out)).toEqual(['--json', '--product', 'x', '--', 'y']);
  });

  test('passes signals on, and tells one that ended the command as 128 and its number', async () => {
    await login();
    for (const [signal, status] of [['SIGTERM', 143], ['SIGINT', 130], ['SIGHUP', 129]] as const) {
      const running = begin(script('console.log("up"); setInterval(() => 0, 1000)'));
      await eventually('the command runs', () => running.out().includes('up'), 15_000);
      running.child.kill(signal);
      expect((await running.ended).status).toBe(status);
    }
    const deaf = begin(script('process.on("SIGTERM", () => { console.log("heard"); process.exit(7) }); console.log("up"); setInterval(() => 0, 1000)'));
    await eventually('the command runs', () => deaf.out().includes('up'), 15_000);
    deaf.child.kill('SIGTERM');
    expect(await deaf.ended).toMatchObject({ status: 7, out: 'up\nheard\n' });
    expect(await json(['status'])).toMatchObject({ leases: [] });
  });

  test('the last of two runs of one home gives the license back', async () => {
    await login();
    const untilTold = 'console.log("up"); process.on("SIGTERM", () => process.exit(0)); setInterval(() => 0, 1000)';
    const first = begin(script(untilTold));
    await eventually('the first runs', () => first.out().includes('up'), 15_000);
    const second = begin(script(untilTold));
    await eventually('the second runs', () => second.out().includes('up'), 15_000);
    first.child.kill('SIGTERM');
    await first.ended;
    expect(await json(['status'])).toMatchObject({ leases: [{ standing: { usable: true } }] });
    second.child.kill('SIGTERM');
    await second.ended;
    expect(await json(['status'])).toMatchObject({ leases: [] });
  });

  test('a license that is released elsewhere while the command runs is told, and the command goes on', async () => {
    await login();
    const running = begin(script('console.log("up"); process.on("SIGTERM", () => process.exit(3)); setInterval(() => 0, 1000)'));
    await eventually('the command runs', () => running.out().includes('up'), 15_000);
    const token = await authority.signIn('editor@northlight.example');
    const [lease] = unwrap(await authority.call(token)(contract.leases.mine, {})).leases.filter(({ state }) => state === 'active');
    unwrap(await authority.call(token)(contract.leases.release, { params: { lease: lease?.id ?? '' } }));
    await eventually('the person is told', () => running.err().includes('no longer licensed'), 5000);
    running.child.kill('SIGTERM');
    expect((await running.ended).status).toBe(3);
  });

  test('nothing is started without a license, and a command that is not there is 127', async () => {
    expect(await refusal(['run', '--product', 'stage', 'true'])).toEqual([6, 'NOT_SIGNED_IN']);
    await login('reader');
    const marker = join(folder, 'started');
    const { status, err } = await latchkey(['run', '--product', 'grade', '--', process.execPath, '-e', `require("fs").writeFileSync(${JSON.stringify(marker)}, "")`]);
    expect([status, existsSync(marker)]).toEqual([3, false]);
    expect(err).not.toBe('');
    expect((await latchkey(['run', '--product', 'nothing', '--', 'true'])).status).toBe(3);
    await login('second');
    const missing = await latchkey(['run', '--product', 'stage', '--', 'no-such-command-here']);
    expect(missing.status).toBe(127);
    expect(await json(['status'])).toMatchObject({ leases: [] });
  });
});
