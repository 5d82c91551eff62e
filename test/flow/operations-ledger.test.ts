import { spawn } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { contract } from '../../src-shared/http/index.ts';
import { httpClient } from '../support/authority.ts';
import { project } from '../support/build.ts';
import { eventually } from '../support/client.ts';
import { startOperations, takeLicense } from '../support/operations.ts';
import type { Operations } from '../support/operations.ts';
import { run, serving } from '../support/programs.ts';
import type { Serving } from '../support/programs.ts';

/** What docs/operations.md has its reader do with the authority's ledger, by its own command lines and in real processes. */

let o: Operations;
const servers: Serving[] = [];
beforeEach(async () => void (o = await startOperations()), 120_000);
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.kill('SIGKILL');
    await server.ended;
  }
  o.close();
});

const serve = async (): Promise<Serving> => {
  const server = await serving([], o.env.authority);
  servers.push(server);
  return server;
};
const request = async (file: string, args: readonly string[], name?: string): Promise<void> => void (await o.machine(['request', ...args, '--days', '5', '--out', file], name));
const answer = 'authority answer F.lkreq --days N --out F.lklic --keyset-out K.lkkeys';

test('the authority is made and loaded as the page begins, and serves as it is written there until a signal ends it in order', { timeout: 300_000 }, async () => {
  expect(await o.attempt('authority init --home /srv/latchkey')).toMatchObject({ status: 3, code: 'CONFLICT' });
  for (const line of ['authority serve --home /srv/latchkey --port 7420', 'authority serve --home /srv/latchkey --port 7420 --trust-proxy 127.0.0.1', 'authority serve']) {
    // A port of the test's own in the place of the page's.
    const { args, env } = o.arguments(line, line.includes('7420') ? { 7420: '0' } : {}, line.includes('7420') ? [] : ['--port', '0']);
    const child = spawn(join(project, 'bin/authority'), args, { env: { ...process.env, ...o.env.authority, ...env }, stdio: ['ignore', 'pipe', 'ignore'] });
    try {
      let out = '';
      child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
      const ended = new Promise((done) => child.once('exit', (code, signal) => done([code, signal])));
      await eventually('it serves', () => out.includes('\n'));
      // One JSON line.
      expect(out.trim().split('\n')).toHaveLength(1);
      expect((await httpClient((JSON.parse(out) as { url: string }).url)(contract.authority.about, {})).ok).toBe(true);
      child.kill('SIGTERM');
      expect([line, await ended]).toEqual([line, [0, null]]);
    } finally {
      child.kill('SIGKILL');
    }
  }
});

describe('a copied machine', () => {
  /** Both have asked with the same number; the second was refused. Says its id. */
  const copied = async (): Promise<string> => {
    await takeLicense(o);
    cpSync(o.at('machine'), o.at('copy'), { recursive: true });
    await request('a.lkreq', ['--license', 'lic_offline']);
    await request('b.lkreq', ['--license', 'lic_offline'], 'copy');
    await o.step(answer, { 'F.lkreq': 'a.lkreq', N: '5' });
    expect(await o.attempt(answer, { 'F.lkreq': 'b.lkreq', N: '5', 'F.lklic': 'none.lklic' })).toMatchObject({ code: 'MACHINE_CLONED' });
    const { machines } = await o.step<{ machines: { id: string }[] }>('authority machines list --cloned');
    expect(machines).toHaveLength(1);
    return machines[0]?.id ?? '';
  };
  // The page leaves the choice; each of the two is made.
  const resolve = (machine: string, decision: string) => o.step('authority machines resolve MACHINE --decision same-machine|retire --reason TEXT', { MACHINE: machine, TEXT: 'looked at it on site' }, ['--decision', decision, '--yes']);

  test('is listed, gets nothing, and goes on when the operator says that it is the same machine', { timeout: 420_000 }, async () => {
    const machine = await copied();
    await resolve(machine, 'same-machine');
    expect(await o.step('authority machines list --cloned')).toMatchObject({ machines: [] });
    await request('c.lkreq', ['--license', 'lic_single']);
    await o.step(answer, { 'F.lkreq': 'c.lkreq', N: '5' });
    await o.step('latchkey import F.lklic');
  });

  test('is answered nothing more when the operator retires it', { timeout: 420_000 }, async () => {
    await resolve(await copied(), 'retire');
    await request('c.lkreq', ['--license', 'lic_single']);
    expect(await o.attempt(answer, { 'F.lkreq': 'c.lkreq', N: '5', 'F.lklic': 'none.lklic' })).toMatchObject({ code: 'MACHINE_CLONED' });
  });
});

test('what was done is exported as a table and as lines, row for row, and the chain holds; letters wait where there is no mail server', { timeout: 300_000 }, async () => {
  await takeLicense(o);
  expect(await o.step('authority licenses suspend LICENSE --reason TEXT', { LICENSE: 'lic_stage', TEXT: 'The invoice is not paid.' })).toMatchObject({ license: 'lic_stage', offline: [{}] });
  await request('more.lkreq', ['--license', 'lic_stage']);
  expect(await o.attempt(answer, { 'F.lkreq': 'more.lkreq', N: '5' })).toMatchObject({ code: 'LICENSE_SUSPENDED', details: { reason: 'The invoice is not paid.' } });
  const { mails } = await o.step<{ mails: { subject: string }[] }>('authority outbox');
  expect(mails.map(({ subject }) => subject)).toContain('Stage Studio is suspended');
  expect((await o.step<{ licenses: { id: string; suspended: unknown }[] }>('authority licenses list')).licenses.filter(({ suspended }) => suspended !== null).map(({ id }) => id)).toEqual(['lic_stage']);
  await o.step('authority licenses resume LICENSE', { LICENSE: 'lic_stage' });
  await o.step(answer, { 'F.lkreq': 'more.lkreq', N: '5' });

  const { rows } = await o.step<{ rows: number }>('authority audit export --csv --out F', { F: 'audit.csv' });
  const table = readFileSync(o.at('audit.csv'), 'utf8');
  expect(table).toMatch(/seq.*at.*organization.*actor.*action.*subject.*details/);
  const lines = (await run('authority', ['audit', 'export'], o.env.authority)).out.trim().split('\n').map((line) => JSON.parse(line) as { action: string; hash: string });
  expect(lines).toHaveLength(rows);
  for (const { hash } of lines) expect(table).toContain(hash);
  expect(lines.map(({ action }) => action)).toEqual(expect.arrayContaining(['license.suspended', 'license.resumed']));
  expect(await o.step('authority audit verify')).toMatchObject({ intact: true, rows });
  // A clock that is believed stays so, whether it is confirmed or not.
  expect(await o.step('authority clock')).toMatchObject({ wrong: null });
  expect(await o.step('authority clock --accept')).toMatchObject({ wrong: null, accepted: false });
});

describe('a damaged database', () => {
  const database = (): string => o.at('home/authority.db');

  test('is set aside, the backup takes its place, and of what happened since the page says what is so', { timeout: 300_000 }, async () => {
    const kept = await takeLicense(o);
    const first = await serve();
    await o.step('authority backup --out F', { F: 'backup.db' });
    // Since the backup: a lease that the backup does not know, and one given back that it holds for taken.
    await request('since.lkreq', ['--license', 'lic_single'], 'other');
    const { lease: since } = await o.step<{ lease: string }>(answer, { 'F.lkreq': 'since.lkreq', N: '5', 'F.lklic': 'since.lklic' });
    await o.machine(['import', 'since.lklic'], 'other');
    await o.machine(['release-proof', kept, '--out', 'kept.lkrel', '--yes']);
    await o.step('authority accept', {}, ['kept.lkrel']);

    // Step 1, and the damage.
    first.kill('SIGTERM');
    expect(await first.ended).toEqual({ status: 0, signal: null });
    rmSync(`${database()}-wal`, { force: true });
    const whole = readFileSync(database());
    writeFileSync(database(), Buffer.concat([whole.subarray(0, 100), Buffer.alloc(3996, 0x5a), whole.subarray(4096)]));
    const keys = readdirSync(o.at('home/keys'));
    expect(await o.attempt('authority serve', {}, ['--port', '0'])).toMatchObject({ status: 7, code: 'STORE_UNUSABLE', details: { why: 'damaged' } });

    // Step 2: what was set aside is all there, and so are the keys.
    const aside = readdirSync(o.at('home')).filter((name) => /^authority\.db\.damaged-[^.]+$/.test(name));
    expect(aside).toHaveLength(1);
    expect(readFileSync(o.at(`home/${aside[0] ?? ''}`)).subarray(4096).equals(whole.subarray(4096))).toBe(true);
    expect(readdirSync(o.at('home/keys'))).toEqual(keys);

    // Steps 3 and 5: nothing is issued, by any way, before the operator has said to go on.
    for (const part of ['', '-wal', '-shm']) rmSync(`${database()}${part}`, { force: true });
    cpSync(o.at('backup.db'), database());
    for (const refused of [await o.attempt('authority serve', {}, ['--port', '0']), await o.attempt(answer, { 'F.lkreq': 'since.lkreq', N: '5' }), await o.attempt('authority accept', {}, ['kept.lkrel'])]) {
      expect(refused).toMatchObject({ status: 7, code: 'STORE_UNUSABLE', details: { why: 'restored' } });
    }
    expect(await o.attempt('authority restored --accept')).toMatchObject({ status: 2, code: 'INPUT_INVALID' });
    await o.step('authority restored --accept', {}, ['--yes']);
    await serve();

    // Step 4: the lease since is unknown, and its machine goes on while another one gets the seat.
    expect(await o.machine(['status'], 'other')).toMatchObject({ leases: [{ id: since, standing: { usable: true } }] });
    await o.machine(['release-proof', since, '--out', 'since.lkrel', '--yes'], 'other');
    expect(await o.attempt('authority accept', {}, ['since.lkrel'])).toMatchObject({ status: 3, code: 'LEASE_NOT_FOUND' });
    await request('third.lkreq', ['--license', 'lic_single'], 'third');
    await o.step(answer, { 'F.lkreq': 'third.lkreq', N: '5' });
    // The proof of the one that was given back is accepted once more.
    expect(await o.step('authority accept', {}, ['kept.lkrel'])).toMatchObject({ lease: kept });
    expect(await o.step('authority audit verify')).toMatchObject({ intact: true });
    expect((await o.step<{ mails: { to: string }[] }>('authority outbox')).mails.map(({ to }) => to)).toContain('owner@northlight.example');
  });
});
