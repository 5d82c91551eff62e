import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import BetterSqlite from 'better-sqlite3';
import { unwrap } from '../../src-shared/result.ts';
import { PASSWORD, startAuthority } from '../support/authority.ts';
import type { TestAuthority } from '../support/authority.ts';
import { createTestMachine } from '../support/machine.ts';
import type { TestMachine } from '../support/machine.ts';

const CLIENTS = 64;
const SEATS = 20;

let a: TestAuthority;
let clients: { readonly token: string; readonly machine: TestMachine; readonly request: string }[];

beforeAll(async () => {
  a = await startAuthority({
    data: {
      products: [{ id: 'p', name: 'P' }],
      organizations: [
        {
          name: 'Crowd',
          users: Array.from({ length: CLIENTS }, (_, at) => ({ email: `u${at}@crowd.example`, name: `User ${at}`, password: PASSWORD, role: 'editor' })),
          licenses: [{ id: 'lic_crowd', product: 'p', seats: SEATS }, { id: 'lic_other', product: 'p', edition: 'Other', seats: 3 }],
        },
      ],
    },
  });
  const tokens: string[] = [];
  for (let at = 0; at < CLIENTS; at += 1) tokens.push(await a.signIn(`u${at}@crowd.example`));
  clients = await Promise.all(
    tokens.map(async (token, at) => {
      const machine = await createTestMachine({ authority: a.id, clock: a.clock, name: `WS-${at}` });
      return { token, machine, request: await machine.request({ license: 'lic_crowd', mode: 'online' }) };
    }),
  );
});
afterAll(() => a.close());

const post = async (path: string, token: string, body: object): Promise<{ readonly status: number; readonly text: string }> => {
  const response = await fetch(`${a.url}${path}`, { method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body: JSON.stringify(body) });
  return { status: response.status, text: await response.text() };
};
const all = () => Promise.all(clients.map(({ token, request }) => post('/v1/checkouts', token, { request })));

const inDatabase = <T>(work: (sqlite: BetterSqlite.Database) => T): T => {
  const sqlite = new BetterSqlite(join(a.home, 'authority.db'));
  try {
    return work(sqlite);
  } finally {
    sqlite.close();
  }
};

test('64 clients at once on 20 seats get exactly 20 leases and 44 clear refusals, and the same answers when they ask again, also of a restarted authority', async () => {
  const first = await all();
  const given = first.filter(({ status }) => status === 200).map(({ text }) => (JSON.parse(text) as { value: { lease: { id: string; machine: { id: string } } } }).value.lease);
  const refused = first.filter(({ status }) => status !== 200);
  expect(given).toHaveLength(SEATS);
  expect(new Set(given.map((lease) => lease.id)).size).toBe(SEATS);
  expect(new Set(given.map((lease) => lease.machine.id)).size).toBe(SEATS);
  expect(refused).toHaveLength(CLIENTS - SEATS);
  for (const { status, text } of refused) {
    expect(status).toBe(409);
    expect(JSON.parse(text)).toMatchObject({ ok: false, code: 'SEAT_LIMIT_EXCEEDED', details: { license: 'lic_crowd', owned: SEATS } });
  }
  inDatabase((sqlite) => {
    expect(sqlite.prepare("SELECT count(*), count(DISTINCT machine), count(DISTINCT lease) FROM seat WHERE license = 'lic_crowd' AND busy_until > 0").raw().get()).toEqual([SEATS, SEATS, SEATS]);
    expect(sqlite.prepare("SELECT count(*) FROM audit WHERE action = 'lease.checked-out'").pluck().get()).toBe(SEATS);
    expect(sqlite.prepare('SELECT count(*) FROM license_file').pluck().get()).toBe(SEATS);
  });

  const texts = first.map(({ text }) => text);
  expect((await all()).map(({ text }) => text)).toEqual(texts);
  await a.stop();
  await a.start();
  expect((await all()).map(({ text }) => text)).toEqual(texts);
  expect(await a.authority().verifyAudit()).toMatchObject({ intact: true });
});

test('control: counting first and inserting afterwards gives out more leases than there are seats', async () => {
  const sqlite = new BetterSqlite(join(a.home, 'authority.db'));
  sqlite.exec('CREATE TEMP TABLE naive (license TEXT NOT NULL, machine TEXT NOT NULL)');
  const count = sqlite.prepare('SELECT count(*) FROM naive').pluck();
  const insert = sqlite.prepare('INSERT INTO naive VALUES (?, ?)');
  const checkout = async (machine: string): Promise<boolean> => {
    if ((count.get() as number) >= SEATS) return false;
    // What every real checkout waits for between looking and taking: here, one signature check.
    await crypto.subtle.digest('SHA-256', randomBytes(64));
    insert.run('lic_crowd', machine);
    return true;
  };
  const outcomes = await Promise.all(clients.map(({ machine }) => checkout(machine.id)));
  sqlite.close();
  expect(outcomes.filter(Boolean).length).toBeGreaterThan(SEATS);
});

test('one request fifty times at once is one lease with one answer', async () => {
  const { token, machine } = clients[0]!;
  const request = await machine.request({ license: 'lic_other', mode: 'online' });
  const answers = await Promise.all(Array.from({ length: 50 }, () => post('/v1/checkouts', token, { request })));
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  expect(answers[0]?.status).toBe(200);
  inDatabase((sqlite) => expect(sqlite.prepare("SELECT count(*) FROM lease WHERE license = 'lic_other'").pluck().get()).toBe(1));
});

test('requests, releases and renewals at once never leave more seats busy than are owned, and the numbers add up', async () => {
  // The first client still holds the seat of the test before.
  const machines = clients.slice(1, 13);
  const jti = (text: string): { readonly lease: string; readonly file: string } => {
    const { licenseFile } = (JSON.parse(text) as { value: { licenseFile: string } }).value;
    const payload = licenseFile.split('\n').slice(1, -2).join('').split('.')[1] ?? '';
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { sub: string; jti: string };
    return { lease: claims.sub, file: claims.jti };
  };
  const one = async ({ token, machine }: (typeof machines)[number]): Promise<number> => {
    let taken = 0;
    // However the others are served, each asks until it has had its turns.
    for (let asked = 0; taken < 2 && asked < 2000; asked += 1) {
      const got = await post('/v1/checkouts', token, { request: await machine.request({ license: 'lic_other', mode: 'online' }) });
      if (got.status !== 200) continue;
      taken += 1;
      const held = jti(got.text);
      const renewed = await post('/v1/renewals', token, await machine.renewal({ mode: 'online' }, { lease: held.lease }));
      expect(renewed.status).toBe(200);
      const back = await post('/v1/releases', token, { proof: await machine.proof(held.lease, jti(renewed.text).file) });
      expect(back.status).toBe(200);
    }
    return taken;
  };
  const done = await Promise.all(machines.map(one));
  expect(done).toEqual(machines.map(() => 2));
  const organization = await a.organization(clients[0]!.token, 'Crowd');
  const response = await fetch(`${a.url}/v1/organizations/${organization}/entitlements`, { headers: { authorization: `Bearer ${clients[0]!.token}` } });
  const { entitlements } = unwrap((await response.json()) as { ok: true; value: { entitlements: { license: string; seats: object }[] } });
  expect(entitlements.find((each) => each.license === 'lic_other')?.seats).toEqual({ owned: 3, free: 2, inUse: 1, inTransit: 0, atRisk: 0 });
});
