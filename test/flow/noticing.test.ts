import { existsSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { parseKind } from '../../src-shared/documents/index.ts';
import { contract } from '../../src-shared/http/index.ts';
import { unwrap } from '../../src-shared/result.ts';
import { DAY, HOUR, MINUTE } from '../../src-shared/time.ts';
import { PASSWORD, startAuthority } from '../support/authority.ts';
import type { TestAuthority } from '../support/authority.ts';
import { codeOf, eventually, startClient } from '../support/client.ts';
import type { TestClient } from '../support/client.ts';

let authority: TestAuthority;
let client: TestClient;
const clients: TestClient[] = [];

const newClient = async (name: string, home?: string): Promise<TestClient> => {
  const made = await startClient({
    clock: authority.clock, authority: authority.url, keyset: authority.keyset(), name, ...(home === undefined ? {} : { home }),
  });
  clients.push(made);
  return made;
};
const signIn = async (on: TestClient, who: string): Promise<void> =>
  void unwrap(await on.licensing().account.signIn({ email: `${who}@northlight.example`, password: PASSWORD }));

beforeEach(async () => {
  authority = await startAuthority();
  client = await newClient('WS-042');
  await signIn(client, 'editor');
});
afterEach(async () => {
  for (const each of clients.splice(0)) await each.close();
  await authority.close();
});

const endFromElsewhere = async (lease: string): Promise<void> => {
  const token = await authority.signIn('manager@northlight.example');
  unwrap(await authority.call(token)(contract.leases.release, { params: { lease } }));
};

describe('a machine whose lease is released elsewhere', () => {
  test('notices by the event within two seconds, gives the lease up, and tells by whom', async () => {
    const { lease } = unwrap(await client.licensing().checkout({ license: 'lic_stage' }));
    const file = client.ports().store.lease(lease)?.text ?? '';
    const place = client.licensing().current()[0]?.file ?? '';
    await client.licensing().start();
    await eventually('the stream stands', () => client.wire.answered.includes('GET /v1/events') && client.licensing().state().connection.state === 'online');
    await endFromElsewhere(lease);
    await eventually('the lease is gone', () => client.licensing().current().length === 0, 2000);
    expect(client.licensing().state().notices.at(-1)).toMatchObject({ kind: 'released-elsewhere', lease, productName: 'Stage', details: { endedBy: 'Mia Manager' } });
    await eventually('the proof is delivered', () => typeof client.licensing().state().givenUp[0]?.receiptAt === 'number');
    expect(client.licensing().state().givenUp).toMatchObject([{ lease, reason: 'released-elsewhere' }]);
    expect(existsSync(place)).toBe(false);
    expect(codeOf(await client.licensing().accept(file))).toBe('LEASE_RELEASED');
  });

  test('notices at its next heartbeat when the stream is down', async () => {
    const { lease } = unwrap(await client.licensing().checkout({ license: 'lic_stage' }));
    client.wire.set('cut', /events/);
    await client.licensing().start();
    await eventually('the first round is over', () => client.wire.sent.filter((each) => each === 'POST /v1/heartbeats').length >= 2);
    await endFromElsewhere(lease);
    authority.clock.advance(10 * MINUTE);
    client.schedule.advance(10 * MINUTE);
    await eventually('the lease is gone', () => client.licensing().current().length === 0);
    expect(client.licensing().state().notices.at(-1)).toMatchObject({ kind: 'released-elsewhere', lease });
  });

  test('notices when it asks for more time', async () => {
    const { lease } = unwrap(await client.licensing().checkout({ license: 'lic_stage' }));
    await endFromElsewhere(lease);
    expect(['LEASE_RELEASED', 'LEASE_REVOKED']).toContain(codeOf(await client.licensing().renew({ lease })));
    expect(client.licensing().current()).toEqual([]);
    expect(client.licensing().state().givenUp).toMatchObject([{ lease, reason: 'released-elsewhere' }]);
  });
});

describe('the authority goes and comes back', () => {
  test('the lease goes on, the picker shows what was known and as of when, and everything recovers by itself', async () => {
    const { lease } = unwrap(await client.licensing().checkout({ license: 'lic_stage' }));
    await client.licensing().start();
    await eventually('the picker is there', () => client.licensing().state().picker.asOf !== null);
    const asOf = client.licensing().state().picker.asOf;
    await authority.stop();
    await eventually('the loss is seen', () => client.licensing().state().connection.state === 'unreachable');
    authority.clock.advance(2 * HOUR);
    expect(codeOf(await client.licensing().refresh())).toBe('AUTHORITY_UNREACHABLE');
    expect(client.licensing().state().picker).toMatchObject({ asOf, problem: { code: 'AUTHORITY_UNREACHABLE' }, loading: false });
    expect(client.licensing().state().picker.entitlements.length).toBeGreaterThan(5);
    expect(client.licensing().current()).toMatchObject([{ id: lease, standing: { usable: true } }]);

    // A new start with nobody there shows the same.
    await client.restart();
    expect(client.licensing().state()).toMatchObject({ account: { user: { name: 'Edda Editor' } }, picker: { asOf, organization: { name: 'Northlight' } } });
    expect(client.licensing().current()).toMatchObject([{ id: lease, standing: { usable: true } }]);
    await client.licensing().start();
    await eventually('nobody is there', () => client.licensing().state().connection.state === 'unreachable');

    await authority.start();
    client.schedule.advance(MINUTE);
    await eventually('it is back', () => client.licensing().state().connection.state === 'online' && client.licensing().state().picker.problem === null);
    expect(client.licensing().state().picker.asOf).toBe(authority.clock.now());
    await eventually('the lease is reported', () => client.licensing().current()[0]?.lastContact === authority.clock.now());
    expect(client.licensing().current()).toMatchObject([{ id: lease, standing: { usable: true } }]);
  });

  test('an online lease ends at its end when nobody ever answers, and says so once', async () => {
    const { lease } = unwrap(await client.licensing().checkout({ license: 'lic_stage' }));
    await authority.stop();
    await client.restart();
    await client.licensing().start();
    authority.clock.advance(DAY - 1);
    expect(client.licensing().current()).toMatchObject([{ id: lease, standing: { usable: true } }]);
    authority.clock.advance(1);
    client.schedule.advance(5);
    await eventually('it is told', () => client.notices.some(({ kind }) => kind === 'expired'));
    expect(client.licensing().current()).toMatchObject([{ id: lease, standing: { usable: false, code: 'LEASE_EXPIRED' }, file: null }]);
    client.schedule.advance(60);
    await client.licensing().heartbeat();
    expect(client.notices.filter(({ kind }) => kind === 'expired')).toHaveLength(1);
    await authority.start();
    // The seat is free again by time; choosing the license takes it anew.
    expect((await client.licensing().checkout({ license: 'lic_stage' })).ok).toBe(true);
    expect(client.licensing().current()).toMatchObject([{ standing: { usable: true } }]);
  });

  test('a sign-in that has ended leaves the lease until its end', async () => {
    const { lease } = unwrap(await client.licensing().checkout({ license: 'lic_stage' }));
    const token = await client.ports().secrets.read('session');
    unwrap(await authority.call(token)(contract.accounts.signOut, {}));
    expect(codeOf(await client.licensing().refresh())).toBe('NOT_SIGNED_IN');
    expect(client.licensing().state().account).toBeNull();
    expect(await client.ports().secrets.read('session')).toBeNull();
    expect(client.licensing().current()).toMatchObject([{ id: lease, standing: { usable: true } }]);
    unwrap(await client.licensing().heartbeat());
    unwrap(await client.licensing().renew({ lease }));
  });
});

describe('seats seen by others', () => {
  test('a colleague’s checkout changes the picker by itself', async () => {
    await client.licensing().start();
    await eventually('the stream stands', () => client.wire.answered.includes('GET /v1/events'));
    const other = await newClient('WS-043');
    await signIn(other, 'second');
    unwrap(await other.licensing().checkout({ license: 'lic_single' }));
    await vi.waitFor(() => {
      client.schedule.advance(1);
      const row = client.licensing().state().picker.entitlements.find(({ license }) => license === 'lic_single');
      expect(row).toMatchObject({ available: false, reasons: [{ code: 'SEAT_LIMIT_EXCEEDED' }], holders: [{ person: 'Sven Second', machine: { name: 'WS-043' } }] });
    }, 30_000);
  });
});

describe('two processes of one home', () => {
  test('what one does the other sees, and a lease given up by one cannot be used by the other', async () => {
    const { lease } = unwrap(await client.licensing().checkout({ license: 'lic_stage' }));
    const second = await newClient('WS-042', client.home);
    expect(second.licensing().current()).toMatchObject([{ id: lease }]);
    await client.licensing().start();
    await eventually('the first round is over', () => client.wire.sent.filter((each) => each === 'POST /v1/heartbeats').length >= 2);
    unwrap(await second.licensing().release({ lease, reason: 'user' }));
    client.schedule.advance(5);
    await eventually('the app sees it', () => client.licensing().current().length === 0);
    expect(codeOf(await client.licensing().renew({ lease }))).toBe('LEASE_RELEASED');
    // Both write at once: no number of the machine is used twice.
    const both = await Promise.all(Array.from({ length: 8 }, (_, index) => (index % 2 ? client : second).licensing().createRequest({ product: 'stage' })));
    const numbers = both.map((each) => unwrap(parseKind('request', unwrap(each).text)).claims.seq);
    expect(new Set(numbers).size).toBe(8);
    await second.stop();
  });
});
