import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { unwrap } from '../../src-shared/result.ts';
import { initAuthority } from '../../src-authority/index.ts';
import { eventually } from '../support/client.ts';

/** Real processes that get a SIGUSR1, which by itself makes Node open its inspector. */

const patience = 60_000;
let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'latchkey-inspector-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const begin = (program: 'latchkey' | 'authority', args: readonly string[], env: Readonly<Record<string, string>>): { readonly child: ChildProcess; readonly said: () => string; readonly ended: Promise<unknown> } => {
  const child = spawn(process.execPath, [resolve(import.meta.dirname, `../../src-cli/${program}.ts`), ...args], { env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (part: Buffer) => (text += part.toString()));
  return { child, said: () => text, ended: once(child, 'close') };
};

test.skipIf(process.platform === 'win32')('the authority goes on serving, and opens no inspector', async () => {
  const home = join(folder, 'authority');
  unwrap(await initAuthority({ home, clock: { now: () => Math.floor(Date.now() / 1000) } }));
  const { child, said, ended } = begin('authority', ['serve', '--port', '0'], { LATCHKEY_AUTHORITY_HOME: home });
  await eventually('it serves', () => said().includes('"url"'), patience);
  const { url } = JSON.parse(said().split('\n').find((line) => line.includes('"url"')) ?? '') as { readonly url: string };
  child.kill('SIGUSR1');
  for (let each = 0; each < 3; each += 1) expect((await fetch(`${url}/v1/authority`)).status).toBe(200);
  child.kill('SIGTERM');
  await ended;
  expect([child.exitCode, said().includes('Debugger')]).toEqual([0, false]);
}, patience * 2);

test.skipIf(process.platform === 'win32')('the command line goes on waiting for its answer, and opens no inspector', async () => {
  let connections = 0;
  const silent = createServer((socket) => {
    connections += 1;
    socket.on('error', () => undefined);
  });
  silent.listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const { child, said, ended } = begin('latchkey', ['login', '--email', 'a@b.example', '--password-stdin', '--json'], { LATCHKEY_HOME: join(folder, 'client'), LATCHKEY_AUTHORITY: `http://127.0.0.1:${(silent.address() as AddressInfo).port}` });
  child.stdin?.end('secret\n');
  await eventually('it asks the authority', () => connections > 0, patience);
  child.kill('SIGUSR1');
  await ended;
  silent.close();
  expect([child.exitCode, said().includes('Debugger')]).toEqual([5, false]);
}, patience * 2);

test('an address with a user name and a password is refused, and the password is shown nowhere', async () => {
  for (const address of ['https://person:hidden-word@licenses.example', 'http://person:hidden-word@127.0.0.1:7420', 'https://hidden-word@licenses.example/']) {
    for (const command of [['status'], ['status', '--json'], ['doctor', '--json']]) {
      const { child, said, ended } = begin('latchkey', command, { LATCHKEY_HOME: join(folder, 'status'), LATCHKEY_AUTHORITY: address, LATCHKEY_DEBUG: '1' });
      await ended;
      expect([address, command, child.exitCode, said().includes('hidden-word'), said().includes('person')]).toEqual([address, command, 2, false, false]);
    }
  }
}, patience * 2);
