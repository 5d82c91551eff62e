import { copyFileSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createAuthority } from '../../src-authority/index.ts';
import { unwrap } from '../../src-shared/result.ts';
import { DAY } from '../../src-shared/time.ts';
import { PASSWORD, realRandom, startAuthority } from '../support/authority.ts';
import type { TestAuthority } from '../support/authority.ts';
import { codeOf, startClient } from '../support/client.ts';
import type { TestClient } from '../support/client.ts';
import { answer } from '../support/exchange.ts';

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
const restore = async (): Promise<void> => {
  await authority.stop();
  for (const part of ['', '-wal', '-shm']) rmSync(database + part, { force: true });
  copyFileSync(join(authority.home, 'backup'), database);
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
