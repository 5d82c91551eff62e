import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { parseKind } from '../../src-shared/documents/index.ts';
import { contract } from '../../src-shared/http/index.ts';
import { unwrap } from '../../src-shared/result.ts';
import { HOUR } from '../../src-shared/time.ts';
import { otherProcess, PASSWORD, startAuthority, testData } from '../support/authority.ts';
import type { TestAuthority } from '../support/authority.ts';
import { startClient } from '../support/client.ts';
import { createTestMachine } from '../support/machine.ts';

/** The operator suspends a license with a reason, and resumes it. */

const REASON = 'The invoice of May is not paid.';
let a: TestAuthority;
beforeEach(async () => void (a = await startAuthority()));
afterEach(() => a.close());

const taken = async (email: string, mode: 'online' | 'offline', name: string) => {
  const token = await a.signIn(email);
  const machine = await createTestMachine({ authority: a.id, clock: a.clock, name });
  const { lease, licenseFile } = unwrap(await a.call(token)(contract.leases.checkout, { body: { request: await machine.request({ license: 'lic_stage', mode, ...(mode === 'offline' ? { days: 20 } : {}) }) } }));
  return { token, machine, lease, file: unwrap(parseKind('license', licenseFile)).claims.jti };
};
const suspended = { ok: false, code: 'LICENSE_SUSPENDED', details: { license: 'lic_stage', reason: REASON } };

describe('a license that is suspended', () => {
  test('is given to nobody and not renewed, with the reason; offline leases are named with the time until which they go on', async () => {
    const online = await taken('editor@northlight.example', 'online', 'ON');
    const offline = await taken('second@northlight.example', 'offline', 'OFF');
    const done = unwrap(await a.authority().licenses.suspend({ license: 'lic_stage', reason: REASON }));
    expect(done).toMatchObject({ at: a.clock.now(), online: [{ id: online.lease.id }], offline: [{ id: offline.lease.id, busyUntil: offline.lease.until }] });

    const manager = await a.signIn('manager@northlight.example');
    const other = await createTestMachine({ authority: a.id, clock: a.clock, name: 'NEW' });
    expect(await a.call(manager)(contract.leases.checkout, { body: { request: await other.request({ license: 'lic_stage', mode: 'online' }) } })).toMatchObject(suspended);
    expect(await a.authority().answer({ request: await other.request({ mode: 'offline' }), license: 'lic_stage', days: 3 })).toMatchObject(suspended);
    expect(await a.call()(contract.leases.renew, { body: await online.machine.renewal({ license: 'lic_stage', mode: 'online' }, { lease: online.lease.id }) })).toMatchObject(suspended);

    const organization = await a.organization(manager, 'Northlight');
    const page = unwrap(await a.call(manager)(contract.holdings.read, { params: { organization, license: 'lic_stage' } }));
    expect(page.license).toMatchObject({ status: 'suspended', suspended: { at: a.clock.now(), reason: REASON } });
    expect(page.ledger.filter(({ state }) => state !== 'free').map(({ until }) => until).toSorted()).toEqual([online.lease.until, offline.lease.until].toSorted());
    const { entitlements } = unwrap(await a.call(manager)(contract.licenses.entitlements, { params: { organization }, query: {} }));
    expect(entitlements.find(({ license }) => license === 'lic_stage')?.reasons[0]).toMatchObject({ code: 'LICENSE_SUSPENDED', details: { reason: REASON } });
  });

  test('is written about to owners, managers and holders, once, and again when it is resumed; all of it is on record', async () => {
    await taken('editor@northlight.example', 'online', 'ON');
    unwrap(await a.authority().licenses.suspend({ license: 'lic_stage', reason: REASON }));
    unwrap(await a.authority().licenses.suspend({ license: 'lic_stage', reason: REASON }));
    const mails = async (subject: string) => (await a.authority().outbox(true)).filter((mail) => mail.subject === subject).map(({ to }) => to.split('@')[0]).toSorted();
    expect(await mails('Stage Studio is suspended')).toEqual(['editor', 'manager', 'owner']);
    expect(unwrap(await a.authority().licenses.resume({ license: 'lic_stage', reason: null }))).toEqual({ license: 'lic_stage', was: true });
    expect(unwrap(await a.authority().licenses.resume({ license: 'lic_stage', reason: null }))).toEqual({ license: 'lic_stage', was: false });
    expect(await mails('Stage Studio can be used again')).toEqual(['editor', 'manager', 'owner']);
    await expect(taken('second@northlight.example', 'online', 'NEW')).resolves.toMatchObject({ lease: { license: 'lic_stage' } });
    const actions: string[] = [];
    for await (const { action } of a.authority().auditRows()) if (/suspended|resumed/.test(action)) actions.push(action);
    expect(actions).toEqual(['license.suspended', 'license.resumed']);
  });

  test('stays suspended when its file is loaded again, and shows so to the person whose lease is not renewed', async () => {
    const client = await startClient({ clock: a.clock, authority: a.url, keyset: a.keyset(), name: 'WS-1' });
    try {
      unwrap(await client.licensing().account.signIn({ email: 'editor@northlight.example', password: PASSWORD }));
      const { lease } = unwrap(await client.licensing().checkout({ license: 'lic_stage' }));
      unwrap(await a.authority().licenses.suspend({ license: 'lic_stage', reason: REASON }));
      unwrap(await a.authority().load(testData));
      a.clock.advance(13 * HOUR);
      expect(await client.licensing().renew({ lease })).toMatchObject(suspended);
      expect(client.licensing().current().find(({ id }) => id === lease)).toMatchObject({ standing: { usable: true } });
    } finally {
      await client.close();
    }
  });

  test('reaches those who look while another process suspends it', async () => {
    const token = await a.signIn('manager@northlight.example');
    const heard: string[] = [];
    const stop = new AbortController();
    const stream = await fetch(`${a.url}/v1/events`, { headers: { authorization: `Bearer ${token}` }, signal: stop.signal });
    const reader = stream.body?.getReader();
    void (async () => {
      for (;;) {
        const read = await reader?.read();
        if (!read || read.done) return;
        heard.push(new TextDecoder().decode(read.value));
      }
    })().catch(() => undefined);
    const other = await otherProcess(a);
    unwrap(await other.licenses.suspend({ license: 'lic_stage', reason: REASON }));
    await other.close();
    await vi.waitFor(() => expect(heard.join('')).toContain('entitlements'), 30_000);
    stop.abort();
  });
});

test('the command line lists, suspends and resumes, and asks for a reason', async () => {
  const run = (...args: readonly string[]) =>
    new Promise<{ readonly status: number; readonly stdout: string; readonly stderr: string }>((resolve) => {
      execFile(process.execPath, [join(import.meta.dirname, '../../src-cli/authority.ts'), ...args, '--home', a.home], { encoding: 'utf8' }, (error, stdout, stderr) => resolve({ status: error ? Number(error.code ?? 1) : 0, stdout, stderr }));
    });
  expect((await run('licenses', 'suspend', 'lic_stage', '--json')).status).toBe(2);
  expect(await run('licenses', 'suspend', 'lic_none', '--reason', 'x', '--json')).toMatchObject({ status: 3 });
  expect(JSON.parse((await run('licenses', 'suspend', 'lic_stage', '--reason', REASON, '--json')).stdout)).toMatchObject({ license: 'lic_stage', reason: REASON, online: [], offline: [] });
  expect((await run('licenses', 'list')).stdout).toMatch(/lic_stage {2}Northlight {2}Stage Studio.*SUSPENDED.*The invoice of May is not paid\./);
  expect((await run('licenses', 'resume', 'lic_stage')).stdout).toBe('lic_stage can be used again.\n');
  expect((JSON.parse((await run('licenses', 'list', '--json')).stdout) as { licenses: { id: string; suspended: unknown }[] }).licenses.find(({ id }) => id === 'lic_stage')?.suspended).toBeNull();
});
