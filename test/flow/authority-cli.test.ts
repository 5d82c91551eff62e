import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { authenticateIssued, authenticateKeyset, parseKind } from '../../src-shared/documents/index.ts';
import { contract } from '../../src-shared/http/index.ts';
import { unwrap } from '../../src-shared/result.ts';
import type { Clock } from '../../src-shared/time.ts';
import { httpClient, PASSWORD, testData } from '../support/authority.ts';
import { createTestMachine } from '../support/machine.ts';

/** The command line as it is run: real processes, one home. */

const program = join(import.meta.dirname, '../../src-cli/authority.ts');
const clock: Clock = { now: () => Math.floor(Date.now() / 1000) };
let folder: string;
let home: string;
const at = (name: string) => join(folder, name);
const children: ChildProcess[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-cli-'));
  home = join(folder, 'home');
  writeFileSync(at('data.json'), JSON.stringify(testData));
});
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

type Ran = { readonly status: number; readonly stdout: string; readonly stderr: string };
const run = (...args: readonly string[]): Promise<Ran> =>
  new Promise((resolve) => {
    execFile(process.execPath, [program, ...args], { env: { ...process.env, LATCHKEY_AUTHORITY_HOME: home }, encoding: 'utf8' }, (error, stdout, stderr) =>
      resolve({ status: error ? Number(error.code ?? 1) : 0, stdout, stderr }));
  });
const json = async (...args: readonly string[]): Promise<Record<string, never>> => {
  const ran = await run(...args, '--json');
  expect(ran).toMatchObject({ status: 0, stderr: '' });
  return JSON.parse(ran.stdout) as Record<string, never>;
};
const refused = async (...args: readonly string[]) => {
  const ran = await run(...args, '--json');
  expect(ran.stdout).toBe('');
  const { error } = JSON.parse(ran.stderr) as { error: { code: string; message: string; details: Record<string, unknown> } };
  expect(error.message).toMatch(/\.$|'.*'|missing|unknown/);
  return { status: ran.status, code: error.code, details: error.details };
};

const serve = async (): Promise<{ readonly url: string; readonly authority: string; readonly child: ChildProcess; readonly output: () => string; readonly errors: () => string }> => {
  const child = spawn(process.execPath, [program, 'serve', '--port', '0'], { env: { ...process.env, LATCHKEY_AUTHORITY_HOME: home }, stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  let output = '';
  let errors = '';
  child.stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  await new Promise<void>((resolve, reject) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes('\n')) resolve();
    });
    child.once('exit', (code) => reject(new Error(`serve ended with ${String(code)}: ${errors}`)));
  });
  return { ...(JSON.parse(output) as { url: string; authority: string }), child, output: () => output, errors: () => errors };
};

test('an authority is created, loaded, served, asked by file while it serves, and stopped', async () => {
  expect(await refused('load', at('data.json'))).toMatchObject({ status: 7, code: 'STORE_UNUSABLE', details: { why: 'missing' } });
  const { authority } = (await json('init')) as unknown as { authority: string };
  expect(authority).toMatch(/^aut_/);
  expect(await refused('init')).toMatchObject({ status: 3, code: 'CONFLICT', details: { why: 'home-in-use' } });
  expect(await json('load', at('data.json'))).toMatchObject({ organizations: 2, licenses: 9 });
  expect(await json('keys', 'list')).toMatchObject([{ role: 'root', privatePart: true, inUse: true }, { role: 'license', privatePart: true, inUse: true, leases: 0 }]);
  for (const { kid } of (await json('keys', 'list')) as unknown as { kid: string }[]) expect(statSync(join(home, 'keys', `${kid}.jwk.json`)).mode & 0o077).toBe(0);

  await json('keys', 'export', '--out', at('trust.lkkeys'));
  const keyset = unwrap(await authenticateKeyset(unwrap(parseKind('keyset', readFileSync(at('trust.lkkeys'))))));
  expect(keyset.claims.iss).toBe(authority);

  // Before it serves: what serves writes mails about leases that end.
  expect(await json('outbox')).toEqual({ mails: [] });
  expect((await run('outbox')).stdout).toBe('No letters wait.\n');

  const server = await serve();
  expect(server.authority).toBe(authority);
  expect(server.output().trim().split('\n')).toHaveLength(1);

  const machine = await createTestMachine({ authority, clock });
  writeFileSync(at('a.lkreq'), await machine.request({ mode: 'offline' }));
  expect(await json('inspect', at('a.lkreq'))).toMatchObject({ kind: 'request', genuine: { ok: true }, acceptable: { ok: true }, answered: false });
  const answered = await json('answer', at('a.lkreq'), '--license', 'lic_offline', '--days', '20', '--out', at('a.lklic'));
  const licenseFile = unwrap(await authenticateIssued(unwrap(parseKind('license', readFileSync(at('a.lklic')))), keyset.claims));
  expect(licenseFile.claims).toMatchObject({ sub: answered['lease'], aud: machine.id, mode: 'offline' });
  await json('answer', at('a.lkreq'), '--license', 'lic_offline', '--days', '3', '--out', at('again.lklic'));
  expect(readFileSync(at('again.lklic'), 'utf8')).toBe(readFileSync(at('a.lklic'), 'utf8'));

  // What the other process did is seen through the one that serves.
  const signedIn = unwrap(await httpClient(server.url)(contract.accounts.signIn, { body: { email: 'owner@northlight.example', password: PASSWORD } }));
  const call = httpClient(server.url, signedIn.token);
  const organization = signedIn.account.organizations[0]?.id ?? '';
  const seats = async () => unwrap(await call(contract.licenses.entitlements, { params: { organization }, query: {} })).entitlements.find((each) => each.license === 'lic_offline')?.seats;
  expect(await seats()).toMatchObject({ inTransit: 1, free: 1 });

  writeFileSync(at('a.lkrel'), await machine.proof(licenseFile.claims.sub, licenseFile.claims.jti));
  expect(await json('accept', at('a.lkrel'), '--out', at('a.lkrcp'))).toMatchObject({ lease: licenseFile.claims.sub });
  expect(unwrap(await authenticateIssued(unwrap(parseKind('receipt', readFileSync(at('a.lkrcp')))), keyset.claims)).claims.sub).toBe(licenseFile.claims.sub);
  expect(await seats()).toMatchObject({ inTransit: 0, free: 2 });

  const exit = new Promise<number | null>((resolve) => server.child.once('exit', (code) => resolve(code)));
  server.child.kill('SIGTERM');
  expect(await exit).toBe(0);
  expect(server.output().trim().split('\n')).toHaveLength(1);
  expect(server.errors().trim().split('\n').every((line) => line.startsWith('{'))).toBe(true);

  expect(await json('audit', 'verify')).toMatchObject({ intact: true });
  const exported = await run('audit', 'export');
  const rows = exported.stdout.trim().split('\n').map((line) => JSON.parse(line) as { seq: number; action: string });
  expect(rows.map((row) => row.seq)).toEqual(rows.map((_, index) => index + 1));
  expect(await json('audit', 'export')).toEqual(rows);
  expect(rows.map((row) => row.action)).toEqual(expect.arrayContaining(['authority.created', 'machine.registered', 'lease.answered', 'lease.released', 'user.signed-in']));
  await json('backup', '--out', at('copy.db'));
  expect(statSync(at('copy.db')).mode & 0o077).toBe(0);
});

test('refusals are JSON on stderr with the exit status of their code, and leave no file behind', async () => {
  const machine = await createTestMachine({ authority: 'aut_another', clock });
  writeFileSync(at('other.lkreq'), await machine.request({ mode: 'offline' }));
  const answer = (file: string, license = 'lic_offline', days = '3', out = at('never.lklic')) => refused('answer', file, '--license', license, '--days', days, '--out', out);
  expect(await answer(at('other.lkreq'))).toMatchObject({ status: 4, code: 'FILE_WRONG_AUTHORITY' });
  expect(await answer(at('nothing.lkreq'))).toMatchObject({ status: 2, code: 'INPUT_INVALID', details: { why: 'not-found' } });
  expect(await answer(folder)).toMatchObject({ status: 4, code: 'FILE_MALFORMED', details: { why: 'not-a-file' } });
  writeFileSync(at('big.lkreq'), 'x'.repeat(70_000));
  expect(await answer(at('big.lkreq'))).toMatchObject({ status: 4, code: 'FILE_MALFORMED', details: { why: 'size' } });
  expect(await answer(at('trust.lkkeys'))).toMatchObject({ status: 4, code: 'FILE_WRONG_KIND' });
  const { authority } = (await json('keys', 'export', '--out', at('trust.lkkeys'))) as unknown as { authority: string };
  const good = await createTestMachine({ authority, clock });
  writeFileSync(at('good.lkreq'), await good.request({ mode: 'offline' }));
  expect(await answer(at('good.lkreq'), 'lic_none')).toMatchObject({ status: 3, code: 'LICENSE_NOT_FOUND' });
  expect(await answer(at('good.lkreq'), 'lic_offline', '31')).toMatchObject({ status: 3, code: 'PERIOD_NOT_ALLOWED', details: { most: 30 } });
  expect(await answer(at('good.lkreq'), 'lic_offline', 'many')).toMatchObject({ status: 2, code: 'INPUT_INVALID', details: { why: 'usage' } });
  mkdirSync(at('folder'));
  expect(await answer(at('good.lkreq'), 'lic_offline', '3', at('folder'))).toMatchObject({ status: 2, code: 'INPUT_INVALID', details: { why: 'not-a-file' } });
  expect(await answer(at('good.lkreq'), 'lic_offline', '3', at('no/such/folder'))).toMatchObject({ status: 2, code: 'INPUT_INVALID', details: { why: 'no-directory' } });
  expect(statSync(at('never.lklic'), { throwIfNoEntry: false })).toBeUndefined();
  expect(await refused('answer', at('good.lkreq'))).toMatchObject({ status: 2, code: 'INPUT_INVALID' });
  expect(await refused('no-such-command')).toMatchObject({ status: 2, code: 'INPUT_INVALID' });
  expect(await refused()).toMatchObject({ status: 2, code: 'INPUT_INVALID' });
  writeFileSync(at('bad.json'), '{"organizations": [{"name": "X", "people": []}]}');
  expect(await refused('load', at('bad.json'))).toMatchObject({ status: 2, code: 'INPUT_INVALID', details: { at: 'organizations.0.people' } });
  writeFileSync(at('worse.json'), '{');
  expect(await refused('load', at('worse.json'))).toMatchObject({ status: 2, code: 'INPUT_INVALID', details: { why: 'json' } });
});

test('a file that is refused before it is read leaves an audit row like any other document, and one that is not there leaves none', async () => {
  const rows = async () => {
    const { stdout } = await run('audit', 'export');
    return stdout.trim().split('\n').map((line) => JSON.parse(line) as { action: string; actor: string; subject: string; details: string }).filter(({ action, subject }) => action === 'document.refused' && subject === 'unread')
      .map(({ actor, details }) => ({ actor, ...(JSON.parse(details) as object) }));
  };
  const before = (await rows()).length;
  writeFileSync(at('large'), 'x'.repeat(70_000));
  mkdirSync(at('a-folder'));
  symlinkSync(at('large'), at('a-link'));
  expect(await refused('time', at('large'), '--out', at('never.lktime'))).toMatchObject({ status: 4, code: 'FILE_MALFORMED', details: { why: 'size' } });
  expect(await refused('accept', at('a-folder'))).toMatchObject({ status: 4, code: 'FILE_MALFORMED', details: { why: 'not-a-file' } });
  expect(await refused('answer', at('a-link'), '--license', 'lic_offline', '--days', '3', '--out', at('never.lklic'))).toMatchObject({ status: 4, code: 'FILE_MALFORMED', details: { why: 'not-a-file' } });
  expect(await refused('accept', at('is-not-there'))).toMatchObject({ status: 2, code: 'INPUT_INVALID' });
  const row = (kind: string, why: string) => ({ actor: 'operator', code: 'FILE_MALFORMED', why, kind, digest: null, carrier: 'file' });
  expect((await rows()).slice(before)).toEqual([row('request', 'size'), row('release', 'not-a-file'), row('request', 'not-a-file')]);
  expect(await json('audit', 'verify')).toMatchObject({ intact: true });
});

test('a place that cannot be written to and a setting that cannot be used are wrong usage, told by name, and nothing is left behind', { timeout: 300_000 }, async () => {
  writeFileSync(at('plain'), '');
  const before = readdirSync(folder).sort();
  expect(await refused('backup', '--out', at('x'.repeat(300)))).toMatchObject({ status: 2, code: 'INPUT_INVALID', details: { why: 'name-too-long' } });
  // A folder of the system's, in which nobody can make a file.
  const systems = process.platform === 'linux' ? ['/proc/latchkey.db'] : [];
  for (const out of systems) expect(await refused('backup', '--out', out)).toMatchObject({ status: 2, code: 'INPUT_INVALID', details: { why: 'not-writable' } });
  expect(await refused('init', '--home', at('plain'))).toMatchObject({ status: 2, code: 'INPUT_INVALID', details: { why: 'not-a-folder', path: at('plain') } });
  expect(await refused('serve', '--port', '0', '--host', '')).toMatchObject({ status: 2, code: 'INPUT_INVALID', details: { why: 'usage' } });
  expect(await refused('serve', '--port', '0', '--trust-proxy', 'garbage')).toMatchObject({ status: 2, code: 'INPUT_INVALID', details: { why: 'usage' } });
  for (const [name, value] of [['LATCHKEY_LOG', 'bogus'], ['LATCHKEY_SMTP_URL', 'smtp://'], ['LATCHKEY_PUBLIC_URL', 'nonsense'], ['LATCHKEY_PUBLIC_URL', 'https://studio.example/licenses'], ['LATCHKEY_PUBLIC_URL', 'https://user:secret@licenses.example'], ['LATCHKEY_PUBLIC_URL', 'https://licenses.example/?a']] as const) {
    vi.stubEnv(name, value);
    expect([name, await refused('serve', '--port', '0')]).toMatchObject([name, { status: 2, code: 'INPUT_INVALID', details: { at: name } }]);
    vi.unstubAllEnvs();
  }
  expect(readdirSync(folder).sort()).toEqual(before);
});

test('a public address below a path is refused at the start, in words that say what to do; `serve --help` tells of the proxy', async () => {
  vi.stubEnv('LATCHKEY_PUBLIC_URL', 'https://studio.example/licenses');
  const { status, stderr } = await run('serve', '--port', '0');
  vi.unstubAllEnvs();
  expect([status, stderr]).toEqual([2, 'What was given is not valid at LATCHKEY_PUBLIC_URL: it must be a scheme and a host name, such as https://licenses.example: the portal cannot be served below a path.\nSet LATCHKEY_PUBLIC_URL to the address of the portal, such as https://licenses.example.\n']);
  expect((await run('serve', '--help')).stdout.replace(/\s+/g, ' ')).toContain('--trust-proxy <addresses> addresses of your proxy, such as 127.0.0.1: callers are then known by its X-Forwarded-For and -Proto headers');
});

test('the home may be an empty folder that is there already: of several that begin in it at once one does', async () => {
  mkdirSync(at('given'), { mode: 0o755 });
  mkdirSync(at('given/lost+found'));
  const began = await Promise.all([1, 2, 3].map(() => run('init', '--home', at('given'), '--json')));
  expect(began.map(({ status }) => status).sort()).toEqual([0, 3, 3]);
  for (const { stderr } of began.filter(({ status }) => status === 3)) expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'CONFLICT', details: { why: 'home-in-use' } } });
  const { authority } = JSON.parse(began.find(({ status }) => status === 0)?.stdout ?? '') as { authority: string };
  expect(await json('keys', 'export', '--home', at('given'), '--out', at('given.lkkeys'))).toMatchObject({ authority });
  expect(readdirSync(at('given')).sort()).toEqual(['authority.db', 'keys', 'lost+found', 'set-aside.lock']);
  expect(statSync(at('given/keys')).mode & 0o077).toBe(0);
  expect(statSync(at('given/authority.db')).mode & 0o077).toBe(0);
});

test('without --json a refusal is one sentence, and an address in use is told as such', async () => {
  const plain = await run('inspect', at('nothing.lkreq'));
  expect(plain).toMatchObject({ status: 2, stdout: '' });
  expect((await run('--help')).stdout).toMatch(/^ {2}LATCHKEY_AUTHORITY_HOME .*\n {2}LATCHKEY_PUBLIC_URL .*\n {2}LATCHKEY_SMTP_URL .*\n {2}LATCHKEY_MAIL_FROM .*\n {2}LATCHKEY_LOG /m);
  expect(plain.stderr).toBe(`There is no file at ${at('nothing.lkreq')}.\nCheck the path.\n`);
  const server = await serve();
  expect(await refused('serve', '--home', at('given'), '--port', new URL(server.url).port)).toMatchObject({ status: 2, code: 'INPUT_INVALID', details: { why: 'address', problem: 'EADDRINUSE' } });
  server.child.kill('SIGINT');
});

test('the operator sees a machine that is used twice, and decides about it; the audit comes as a table without formulas', async () => {
  const { authority } = (await json('keys', 'export', '--out', at('trust.lkkeys'))) as unknown as { authority: string };
  const name = '=HYPERLINK("http://evil.example")';
  const machine = await createTestMachine({ authority, clock, name });
  const answer = async (file: string, seq?: number) => {
    writeFileSync(at(file), await machine.request({ mode: 'offline' }, seq === undefined ? {} : { seq }));
    return run('answer', at(file), '--license', 'lic_stage', '--days', '3', '--out', at(`${file}.lklic`), '--json');
  };
  expect((await answer('first.lkreq')).status).toBe(0);
  const second = await answer('second.lkreq', 1);
  expect([second.status, second.stderr]).toEqual([3, expect.stringContaining('"code":"MACHINE_CLONED"')]);
  expect(await json('machines', 'list', '--cloned')).toMatchObject({ machines: [{ id: machine.id, name, organizations: ['Northlight'], retiredAt: null }] });
  expect((await run('machines', 'list')).stdout).toContain('USED TWICE');

  const resolve = ['machines', 'resolve', machine.id, '--reason', 'the clone was deleted'];
  expect(await refused(...resolve)).toMatchObject({ status: 2, code: 'INPUT_INVALID' });
  expect(await refused(...resolve, '--decision', 'forgive')).toMatchObject({ status: 2, code: 'INPUT_INVALID' });
  expect(await refused('machines', 'resolve', machine.id, '--reason', ' ', '--decision', 'same-machine')).toMatchObject({ status: 2, code: 'INPUT_INVALID' });
  expect(await refused('machines', 'resolve', 'mch_nobody', '--reason', 'x', '--decision', 'same-machine')).toMatchObject({ status: 3, code: 'NOT_FOUND' });
  // Nobody is there to be asked.
  expect(await refused(...resolve, '--decision', 'retire')).toMatchObject({ status: 2, code: 'INPUT_INVALID', details: { why: 'usage' } });
  expect(await json(...resolve, '--decision', 'same-machine')).toEqual({ machine: machine.id, decision: 'same-machine', ended: [], atRisk: [] });
  expect((await run('machines', 'list', '--cloned')).stdout).toBe('No machine waits for a decision.\n');
  expect((await answer('third.lkreq')).status).toBe(0);
  expect((await json(...resolve, '--decision', 'retire', '--yes')) as object).toMatchObject({ ended: [], atRisk: [expect.any(String)] });
  expect((await answer('fourth.lkreq')).stderr).toContain('"retired":true');

  expect(await json('audit', 'export', '--csv', '--out', at('audit.csv'))).toMatchObject({ file: at('audit.csv') });
  // By the mark before it a spreadsheet knows that it is UTF-8, and shows names with umlauts.
  const written = readFileSync(at('audit.csv'), 'utf8');
  expect((await run('audit', 'export', '--csv')).stdout.split('\r\n').slice(0, 2)).toEqual(written.split('\r\n').slice(0, 2));
  const table = written.split('\r\n');
  expect(table[0]).toBe('\ufeff"seq","at","organization","actor","action","subject","details","previous","hash"');
  expect(table.some((row) => row.includes('"machine.resolved"') && row.includes('the clone was deleted'))).toBe(true);
  expect(table.filter((row) => /(^|,)"?\s*[=+@]/.test(row))).toEqual([]);
  expect(await json('audit', 'verify')).toMatchObject({ intact: true });
});
