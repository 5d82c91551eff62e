import { copyFileSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createAuthority } from '../../src-authority/index.ts';
import type { Authority } from '../../src-authority/index.ts';
import { contract } from '../../src-shared/http/index.ts';
import { Refusal, unwrap } from '../../src-shared/result.ts';
import { DAY } from '../../src-shared/time.ts';
import { PASSWORD, realRandom, startAuthority } from '../support/authority.ts';
import type { TestAuthority } from '../support/authority.ts';
import { codeOf, startClient } from '../support/client.ts';
import type { TestClient } from '../support/client.ts';
import { answer } from '../support/exchange.ts';
import { ask } from '../support/programs.ts';

/** The authority's database is damaged, and the newest backup is put back: what docs/operations.md promises of it. */
let authority: TestAuthority;
let client: TestClient;
let database: string;
beforeEach(async () => {
  authority = await startAuthority();
  database = join(authority.home, 'authority.db');
  client = await startClient({ clock: authority.clock, authority: authority.url, keyset: authority.keyset(), name: 'WS-042' });
  unwrap(await client.licensing().account.signIn({ email: 'editor@northlight.example', password: PASSWORD }));
});
afterEach(async () => {
  await client.close();
  await authority.close();
});

const backup = (): Promise<void> => authority.authority().backup(join(authority.home, 'backup'));
const putBack = async (): Promise<void> => {
  await authority.stop();
  for (const part of ['', '-wal', '-shm']) rmSync(database + part, { force: true });
  copyFileSync(join(authority.home, 'backup'), database);
};
const open = async (): Promise<Authority> => unwrap(await createAuthority({ home: authority.home, clock: authority.clock, random: realRandom, version: 'test' }));
/** What the operator does on the command line: opens it, does one thing, and closes it. */
const asOperator = async <T>(work: (opened: Authority) => Promise<T>): Promise<T> => {
  const opened = await open();
  try {
    return await work(opened);
  } finally {
    await opened.close();
  }
};
const restore = async (): Promise<void> => {
  await putBack();
  unwrap(await asOperator((opened) => opened.restored.accept()));
  await authority.start();
};

describe('a damaged ledger', () => {
  test.each([['text', Buffer.from('this was a ledger')], ['zeros', Buffer.alloc(16_384)], ['a torn first page', null]])('(%s) is set aside, and nothing starts in its place; twice in one second two stand aside', async (_, content) => {
    await authority.stop();
    const whole = readFileSync(database);
    const damaged = content ?? Buffer.concat([whole.subarray(0, 100), Buffer.alloc(3996, 0x5a), whole.subarray(4096)]);
    for (let turn = 0; turn < 2; turn += 1) {
      writeFileSync(database, damaged);
      const opened = await createAuthority({ home: authority.home, clock: authority.clock, random: realRandom, version: 'test' });
      expect(opened).toMatchObject({ ok: false, code: 'STORE_UNUSABLE', details: { why: 'damaged', path: database } });
      expect(existsSync(database)).toBe(false);
      // And it goes on refusing: a ledger that begins empty would give every seat away again.
      expect(await createAuthority({ home: authority.home, clock: authority.clock, random: realRandom, version: 'test' })).toMatchObject({ ok: false, details: { why: 'missing' } });
    }
    const aside = readdirSync(authority.home).filter((name) => name.includes('.damaged-') && !/-(wal|shm)$/.test(name));
    expect(aside).toHaveLength(2);
    for (const name of aside) expect(readFileSync(join(authority.home, name))).toEqual(damaged);
    writeFileSync(database, whole);
    await authority.start();
  });
});

describe('a backup that was put back', () => {
  test('does not know the leases issued since: they are refused by name and go on until their file ends; a new checkout works', async () => {
    await backup();
    const { lease } = unwrap(await client.licensing().checkout({ license: 'lic_online' }));
    await restore();
    expect(codeOf(await client.licensing().heartbeat())).toBe('LEASE_NOT_FOUND');
    expect(codeOf(await client.licensing().renew({ lease }))).toBe('LEASE_NOT_FOUND');
    expect(client.licensing().current()).toMatchObject([{ id: lease, standing: { usable: true } }]);
    authority.clock.advance(DAY);
    expect(client.licensing().current()).toMatchObject([{ id: lease, standing: { usable: false, code: 'LEASE_EXPIRED' } }]);
    unwrap(await client.licensing().account.signIn({ email: 'editor@northlight.example', password: PASSWORD }));
    unwrap(await client.licensing().checkout({ license: 'lic_online' }));
    expect(client.licensing().current().filter(({ standing }) => standing.usable)).toHaveLength(1);
    expect((await authority.authority().verifyAudit()).intact).toBe(true);
  });

  test('can give such a seat out once more, until the file ends and no longer: this is the bound', async () => {
    const island = await startClient({ clock: authority.clock, authority: null, keyset: authority.keyset(), name: 'WS-050' });
    const second = await startClient({ clock: authority.clock, authority: null, keyset: authority.keyset(), name: 'WS-051' });
    await backup();
    unwrap(await island.licensing().accept(await answer(authority, unwrap(await island.licensing().createRequest({ product: 'grade' })).text, 'lic_single', 10)));
    await restore();
    unwrap(await second.licensing().accept(await answer(authority, unwrap(await second.licensing().createRequest({ product: 'grade' })).text, 'lic_single', 30)));
    const usable = () => [island, second].filter((each) => each.licensing().current('grade').some(({ standing }) => standing.usable)).length;
    expect(usable()).toBe(2);
    authority.clock.advance(10 * DAY);
    expect(usable()).toBe(1);
    await island.close();
    await second.close();
  });

  test('counts a lease given back since as held, until its proof is accepted once more', async () => {
    const island = await startClient({ clock: authority.clock, authority: null, keyset: authority.keyset(), name: 'WS-050' });
    const { lease } = unwrap(await island.licensing().accept(await answer(authority, unwrap(await island.licensing().createRequest({ product: 'grade' })).text, 'lic_single', 30))) as { lease: string };
    await backup();
    const proof = unwrap(await island.licensing().releaseByProof(lease)).text;
    unwrap(await authority.authority().accept(proof));
    await restore();
    const request = unwrap(await client.licensing().createRequest({ product: 'grade' })).text;
    expect(codeOf(await authority.authority().answer({ request, license: 'lic_single', days: 1 }))).toBe('SEAT_LIMIT_EXCEEDED');
    unwrap(await authority.authority().accept(proof));
    expect((await authority.authority().answer({ request, license: 'lic_single', days: 1 })).ok).toBe(true);
    await island.close();
  });
});

describe('a backup that was put back is noticed', () => {
  const restoredCode = { ok: false, code: 'STORE_UNUSABLE', details: { why: 'restored' } };
  const refusedListen = async (opened: Authority): Promise<unknown> => {
    try {
      await opened.listen({ host: '127.0.0.1', port: 0, log: { write: () => undefined }, portal: null });
    } catch (error) {
      return error instanceof Refusal ? error.failure : error;
    }
    return null;
  };

  test('nothing is issued or served until the operator says to go on, and then everything is', async () => {
    const island = await startClient({ clock: authority.clock, authority: null, keyset: authority.keyset(), name: 'WS-050' });
    const request = unwrap(await island.licensing().createRequest({ product: 'grade' })).text;
    await backup();
    await authority.signIn('owner@northlight.example');
    await putBack();
    // More than one command, each as a process of its own: it stays so.
    for (let turn = 0; turn < 2; turn += 1) {
      await asOperator(async (opened) => {
        expect(await opened.answer({ request, license: 'lic_single', days: 3 })).toMatchObject(restoredCode);
        expect(await opened.tellTime(request)).toMatchObject(restoredCode);
        expect(await opened.accept(request)).toMatchObject(restoredCode);
        expect(await refusedListen(opened)).toMatchObject(restoredCode);
        // What is needed to look at it, and to set the keys right before, works.
        expect((await opened.verifyAudit()).intact).toBe(true);
        expect((await opened.keys.rotate({ role: 'license' })).ok).toBe(true);
      });
    }
    expect(await asOperator((opened) => opened.restored.accept())).toMatchObject({ ok: true });
    await asOperator(async (opened) => {
      expect((await opened.answer({ request, license: 'lic_single', days: 3 })).ok).toBe(true);
      expect(await opened.restored.accept()).toMatchObject({ ok: false, code: 'CONFLICT', details: { why: 'not-restored' } });
      const actions: string[] = [];
      for await (const { action } of opened.auditRows()) actions.push(action);
      expect(actions.filter((action) => action.startsWith('authority.restore'))).toEqual(['authority.restore-noticed', 'authority.restore-accepted']);
    });
    await authority.start();
    await island.close();
  });

  test('sessions, mailed links and invitations that may have ended since are ended, and every owner is told by mail', async () => {
    const owner = await authority.signIn('owner@northlight.example');
    const manager = await authority.signIn('manager@northlight.example');
    const organization = await authority.organization(owner, 'Northlight');
    const call = authority.call(owner);
    unwrap(await authority.call(manager)(contract.people.invite, { params: { organization }, body: { addresses: ['cancelled@example.org'], role: 'manager' } }));
    unwrap(await authority.call()(contract.security.forgotPassword, { body: { email: 'second@northlight.example' } }));
    const invites = async () => unwrap(await authority.call(await authority.signIn('owner@northlight.example'))(contract.people.invites, { params: { organization }, query: {} })).invites;
    const [invite] = await invites();
    await backup();
    const links = (await authority.authority().outbox()).flatMap(({ text }) => [...text.matchAll(/#(\S+)/g)].map(([, token]) => token ?? ''));
    expect(links.length).toBeGreaterThanOrEqual(2);
    // All of this is undone by the backup.
    unwrap(await call(contract.people.cancelInvite, { params: { organization, invite: invite?.id ?? '' } }));
    unwrap(await authority.call(manager)(contract.accounts.signOut, {}));
    await restore();

    for (const token of [owner, manager]) expect(await authority.call(token)(contract.accounts.me, {})).toMatchObject({ ok: false, code: 'NOT_SIGNED_IN' });
    expect(await invites()).toEqual([]);
    const raw = new BetterSqlite(database, { readonly: true });
    expect(raw.prepare('SELECT email, state FROM invite').all()).toEqual([{ email: 'cancelled@example.org', state: 'cancelled' }]);
    raw.close();
    for (const token of links) expect((await authority.call()(contract.security.resetPassword, { body: { token, password: 'a long new one for everybody' } })).ok).toBe(false);
    const mails = (await authority.authority().outbox()).filter(({ state }) => state === 'waiting');
    // The letters of then are not sent again.
    expect(mails.map(({ to }) => to).toSorted()).toEqual(['boss@harbor.example', 'owner@northlight.example']);
    expect(mails.every(({ subject }) => subject === 'The license authority was restored from a backup')).toBe(true);
    expect(mails.find(({ to }) => to.startsWith('owner'))?.text).toContain('- Northlight');
    expect((await authority.authority().verifyAudit()).intact).toBe(true);
  });

  test('is told once: a second look ends nothing that was begun since, and a process that was killed before it wrote the head is not taken for a restored one', async () => {
    const head = join(authority.home, 'keys/audit-head.json');
    await authority.stop();
    const older = readFileSync(head);
    await authority.start();
    const token = await authority.signIn('owner@northlight.example');
    await authority.stop();
    // As a kill would have left it.
    writeFileSync(head, older);
    await authority.start();
    expect((await authority.call(token)(contract.accounts.me, {})).ok).toBe(true);
    await authority.stop();
    rmSync(head);
    await authority.start();
    expect((await authority.call(token)(contract.accounts.me, {})).ok).toBe(true);
    expect(await authority.authority().restored.refusal()).toBeNull();
  });

  test('also when its last rows were cut off by hand', async () => {
    await authority.signIn('owner@northlight.example');
    await authority.stop();
    const raw = new BetterSqlite(database);
    raw.exec('DROP TRIGGER audit_is_never_deleted; DELETE FROM audit WHERE seq = (SELECT max(seq) FROM audit)');
    raw.close();
    expect(await asOperator((opened) => opened.restored.refusal())).toMatchObject(restoredCode);
    unwrap(await asOperator((opened) => opened.restored.accept()));
    await authority.start();
  });
});

test('on the command line serve and answer are refused after a restore, the decision is asked for, and serve goes on after it', { timeout: 300_000 }, async () => {
  await backup();
  await authority.signIn('owner@northlight.example');
  await putBack();
  const run = (...args: string[]) => ask('authority', args, { LATCHKEY_AUTHORITY_HOME: authority.home });
  expect(await run('serve', '--port', '0')).toMatchObject({ status: 7, code: 'STORE_UNUSABLE', details: { why: 'restored' } });
  // Nobody is there to be asked.
  expect(await run('restored', '--accept')).toMatchObject({ status: 2, code: 'INPUT_INVALID' });
  expect(await run('restored')).toMatchObject({ status: 2, code: 'INPUT_INVALID' });
  expect(await run('restored', '--accept', '--yes')).toMatchObject({ status: 0 });
  expect(await run('restored', '--accept', '--yes')).toMatchObject({ status: 3, code: 'CONFLICT', details: { why: 'not-restored' } });
  await authority.start();
});
