import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite from 'better-sqlite3';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { asTyped, createMailer } from '../../src-authority/adapter/mailer.ts';
import { chooseAuthority } from '../../src-main/shell/deployment.ts';
import { contract } from '../../src-shared/http/index.ts';
import { httpClient, startAuthority, testData } from '../support/authority.ts';
import type { TestAuthority } from '../support/authority.ts';
import { eventually } from '../support/client.ts';
import { ask, good } from '../support/programs.ts';

/** What must not stop an authority, or keep it from starting. */

const project = join(import.meta.dirname, '../..');
let folder: string;
const at = (name: string): string => join(folder, name);
const env = (): Record<string, string> => ({ LATCHKEY_AUTHORITY_HOME: at('home') });
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-stays-'));
  await good('authority', ['init'], env());
}, 240_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('serve goes on when nobody reads its log any more', { timeout: 240_000 }, async () => {
  const child = spawn(process.execPath, [join(project, 'src-cli/authority.ts'), 'serve', '--port', '0'], { env: { ...process.env, ...env(), LATCHKEY_LOG: 'info' }, stdio: ['ignore', 'pipe', 'pipe'] });
  try {
    let out = '';
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    await eventually('it serves', () => out.includes('\n'));
    const { url } = JSON.parse(out) as { url: string };
    child.stderr.destroy();
    // Each of them is a line of the log.
    for (let turn = 0; turn < 5; turn += 1) expect((await httpClient(url)(contract.authority.about, {})).ok).toBe(true);
    expect([child.exitCode, child.signalCode]).toEqual([null, null]);
    child.kill('SIGTERM');
    const status = await new Promise((done) => child.once('exit', (code) => done(code)));
    expect(status).toBe(0);
  } finally {
    child.kill('SIGKILL');
  }
});

test('a file of organizations that an editor has marked with its byte order is loaded', { timeout: 240_000 }, async () => {
  writeFileSync(at('data.json'), `\ufeff${JSON.stringify(testData)}`);
  expect(await ask('authority', ['load', at('data.json')], env())).toMatchObject({ status: 0, value: { organizations: 2 } });
});

test('the address in a deployment file with such a mark counts', () => {
  const choice = { env: {}, packaged: true, platform: 'linux' as const, built: 'https://built.example', read: () => '\ufeff{"authority":"https://licenses.studio.example"}' };
  expect(chooseAuthority(choice)).toBe('https://licenses.studio.example');
});

test.each([['50%off', '50%off'], ['a%20b%', 'a b%'], ['%ff', '%ff'], ['p%25q', 'p%q'], ['%C3%BC', 'ü']])('a password of the mail server with a percent sign is taken as it is meant: %s', (typed, meant) => {
  expect(asTyped(typed)).toBe(meant);
  createMailer({ url: `smtp://user:${typed}@127.0.0.1:9`, from: 'Latchkey <no-reply@example.org>' }).close();
});

test.skipIf(process.platform === 'win32')('a signal to the program in bin ends it in order, and leaves nothing on its port', { timeout: 240_000 }, async () => {
  const child = spawn(join(project, 'bin/authority'), ['serve', '--port', '0'], { env: { ...process.env, ...env() }, stdio: ['ignore', 'pipe', 'ignore'] });
  try {
    let out = '';
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    await eventually('it serves', () => out.includes('\n'));
    const { url } = JSON.parse(out) as { url: string };
    child.kill('SIGTERM');
    expect(await new Promise((done) => child.once('exit', (code, signal) => done([code, signal])))).toEqual([0, null]);
    expect(await httpClient(url)(contract.authority.about, {})).toMatchObject({ ok: false, code: 'AUTHORITY_UNREACHABLE' });
  } finally {
    child.kill('SIGKILL');
  }
});

describe('while another program holds the lock of the database', () => {
  let authority: TestAuthority;
  beforeEach(async () => {
    authority = await startAuthority();
  });
  afterEach(async () => {
    await authority.close();
  });

  test('what is only read is answered, and what is to be written waits and is done', { timeout: 240_000 }, async () => {
    const token = await authority.signIn('owner@northlight.example');
    const organization = await authority.organization(token, 'Northlight');
    const writer = new BetterSqlite(join(authority.home, 'authority.db'));
    try {
      writer.exec('BEGIN IMMEDIATE');
      let written = false;
      const change = authority.call(token)(contract.security.rename, { body: { firstName: 'Olga', lastName: 'Other' } }).then((result) => {
        written = true;
        return result;
      });
      for (let turn = 0; turn < 10; turn += 1) {
        expect((await authority.call(token)(contract.licenses.entitlements, { params: { organization }, query: {} })).ok).toBe(true);
      }
      expect(written).toBe(false);
      writer.exec('ROLLBACK');
      expect((await change).ok).toBe(true);
    } finally {
      writer.close();
    }
  });
});
