import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { contract } from '../../src-shared/http/index.ts';
import type { ValueOf } from '../../src-shared/http/index.ts';
import { unwrap } from '../../src-shared/result.ts';
import { DAY, HOUR } from '../../src-shared/time.ts';
import { otherProcess, PASSWORD, startAuthority } from '../support/authority.ts';
import type { TestAuthority } from '../support/authority.ts';
import { codeOf, eventually, startClient } from '../support/client.ts';
import type { TestClient } from '../support/client.ts';
import { createTestMachine, fingerprintOf } from '../support/machine.ts';
import { startSmtp } from '../support/smtp.ts';
import type { TestSmtp } from '../support/smtp.ts';

/** A whole profile copied to a second computer that is told apart by nothing (a cloned disk, a cloned virtual machine). */

const { holdings, leases } = contract;
const EDITOR = 'editor@northlight.example';

let a: TestAuthority;
let smtp: TestSmtp;
let northlight: string;
beforeEach(async () => {
  smtp = await startSmtp();
  a = await startAuthority({ smtp: smtp.url });
  northlight = await a.organization(await a.signIn('manager@northlight.example'), 'Northlight');
});
const folders: string[] = [];
const clients: TestClient[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
  await a.close();
  await smtp.close();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const fingerprint = fingerprintOf('the computer and its copy');
const open = async (home: string): Promise<TestClient> => {
  const client = await startClient({ home, clock: a.clock, authority: a.url, keyset: a.keyset(), fingerprint });
  clients.push(client);
  return client;
};
const folder = (): string => {
  const made = mkdtempSync(join(tmpdir(), 'latchkey-copied-'));
  folders.push(made);
  return made;
};

/** The original holds an online lease; its copy was made with it. */
const copied = async () => {
  const [here, there] = [join(folder(), 'home'), join(folder(), 'home')];
  const original = await open(here);
  unwrap(await original.licensing().account.signIn({ email: EDITOR, password: PASSWORD }));
  const { lease } = unwrap(await original.licensing().checkout({ license: 'lic_stage' }));
  await original.stop();
  cpSync(here, there, { recursive: true });
  await original.restart();
  const copy = await open(there);
  return { original, copy, lease, machine: original.ports().machine.id };
};

const manager = async () => a.call(await a.signIn('manager@northlight.example'));
const shown = async (machine: string) => unwrap(await (await manager())(holdings.machine, { params: { organization: northlight, machine } })).machine;
const resolve = async (machine: string, decision: 'same-machine' | 'retire', as = 'manager@northlight.example') =>
  a.call(await a.signIn(as))(holdings.resolve, { params: { organization: northlight, machine }, body: { decision, reason: 'looked at it on site' } });
const audit = async (action: string) => {
  const rows: { readonly seq: number; readonly action: string; readonly actor: string; readonly subject: string; readonly organization: string | null; readonly details: string }[] = [];
  for await (const row of a.authority().auditRows()) rows.push(row as never);
  return rows.filter((row) => row.action === action);
};
const seatsInUse = async () => {
  const { licenses } = unwrap(await (await manager())(holdings.list, { params: { organization: northlight }, query: {} }));
  return licenses.find(({ license }) => license === 'lic_stage')?.seats;
};

describe('when a profile was copied and both copies renew', () => {
  test('the second is noticed, goes on record once, and from then on neither gets anything issued, while what is held goes on', async () => {
    const { original, copy, lease, machine } = await copied();
    unwrap(await original.licensing().renew({ lease }));
    const until = original.licensing().current()[0]?.until;
    const before = await seatsInUse();

    const refused = await copy.licensing().renew({ lease });
    expect(refused).toMatchObject({ code: 'MACHINE_CLONED', details: { machine, retired: false, at: a.clock.now() } });
    expect(codeOf(await original.licensing().renew({ lease }))).toBe('MACHINE_CLONED');
    expect(codeOf(await original.licensing().checkout({ license: 'lic_board' }))).toBe('MACHINE_CLONED');
    expect(codeOf(await copy.licensing().checkout({ license: 'lic_board' }))).toBe('MACHINE_CLONED');
    const request = unwrap(await original.licensing().createRequest({ license: 'lic_offline', days: 5 })).text;
    expect(await a.authority().answer({ request, license: 'lic_offline', days: 5 })).toMatchObject({ code: 'MACHINE_CLONED' });

    expect(original.licensing().current()).toMatchObject([{ id: lease, until, standing: { usable: true } }]);
    expect(await seatsInUse()).toEqual(before);
    expect(await audit('machine.cloned')).toMatchObject([{ actor: machine, subject: machine }]);
    expect(await shown(machine)).toMatchObject({ clonedAt: a.clock.now(), retiredAt: null });
    expect(await a.authority().verifyAudit()).toMatchObject({ intact: true });
  });

  test('every owner and manager of its organization is written to, once, and finds it first in their list; an editor cannot decide', async () => {
    const { original, copy, lease, machine } = await copied();
    unwrap(await original.licensing().renew({ lease }));
    for (let each = 0; each < 3; each += 1) await copy.licensing().renew({ lease });
    const letters = (await a.authority().outbox(true)).filter(({ subject }) => subject.includes('exists twice'));
    expect(letters.map(({ to }) => to).sort()).toEqual(['manager@northlight.example', 'owner@northlight.example']);
    const { text } = await smtp.next('manager@northlight.example');
    expect(text).toContain(`/organizations/${northlight}/machines/${machine}`);

    const waiting = unwrap(await (await manager())(holdings.machines, { params: { organization: northlight }, query: { state: 'cloned' } }));
    expect(waiting).toMatchObject({ total: 1, machines: [{ id: machine }] });
    expect(await resolve(machine, 'same-machine', EDITOR)).toMatchObject({ code: 'FORBIDDEN' });
    expect(await resolve(machine, 'same-machine', 'boss@harbor.example')).toMatchObject({ code: 'NOT_FOUND' });
    expect((await shown(machine)).clonedAt).not.toBeNull();
  });

  test('the picker of that machine says why nothing is to be had, and whom to ask; other machines are not touched', async () => {
    const { original, copy, lease, machine } = await copied();
    unwrap(await original.licensing().renew({ lease }));
    await copy.licensing().renew({ lease });
    const editor = a.call(await a.signIn(EDITOR));
    const picker = async (on?: string) => unwrap(await editor(contract.licenses.entitlements, { params: { organization: northlight }, query: on === undefined ? {} : { machine: on } })).entitlements;
    const [first] = await picker(machine);
    expect(first).toMatchObject({ available: false, reasons: [{ code: 'MACHINE_CLONED', details: { machine, retired: false } }] });
    expect(first?.contacts.map(({ role }) => role).sort()).toEqual(['manager', 'owner']);
    expect((await picker()).some(({ available }) => available)).toBe(true);
    const other = await createTestMachine({ authority: a.id, clock: a.clock, name: 'WS-other' });
    expect((await editor(leases.checkout, { body: { request: await other.request({ license: 'lic_board', mode: 'online' }) } })).ok).toBe(true);
  });

  test('what either gives back is taken meanwhile, and heartbeats are heard', async () => {
    const { original, copy, lease } = await copied();
    unwrap(await original.licensing().renew({ lease }));
    await copy.licensing().renew({ lease });
    expect((await original.licensing().heartbeat()).ok).toBe(true);
    unwrap(await original.licensing().release({ lease, reason: 'user' }));
    expect(await seatsInUse()).toMatchObject({ inUse: 0, free: 5 });
    // The copy hears that the lease has ended, and gives up its own file.
    expect((await copy.licensing().heartbeat()).ok).toBe(true);
    expect(copy.licensing().current()).toEqual([]);
    expect((await shown(original.ports().machine.id)).clonedAt).not.toBeNull();
  });

  test('the same request goes on getting the answer that it had: a lost reply is no new issue', async () => {
    const editor = a.call(await a.signIn(EDITOR));
    const machine = await createTestMachine({ authority: a.id, clock: a.clock });
    const want = { license: 'lic_stage', mode: 'online' } as const;
    const request = await machine.request(want);
    const first = unwrap(await editor(leases.checkout, { body: { request } }));
    expect(await editor(leases.checkout, { body: { request: await machine.request(want, { seq: 1 }) } })).toMatchObject({ code: 'MACHINE_CLONED', details: { seq: 1, last: 1 } });
    expect(unwrap(await editor(leases.checkout, { body: { request } })).licenseFile).toBe(first.licenseFile);
  });
});

test('a time ticket counts too: its number used again marks the machine, and a marked machine is not told the time', async () => {
  const machine = await createTestMachine({ authority: a.id, clock: a.clock });
  const tell = async (claims: { readonly seq?: number } = {}) => a.call()(leases.time, { body: { request: await machine.request({ mode: 'online' }, { purpose: 'time', ...claims }) } });
  unwrap(await tell());
  expect(await tell({ seq: 1 })).toMatchObject({ code: 'MACHINE_CLONED', details: { machine: machine.id, seq: 1, last: 1, retired: false } });
  expect(await tell()).toMatchObject({ code: 'MACHINE_CLONED', details: { machine: machine.id, last: 1 } });
  expect(await a.authority().machines(true)).toMatchObject([{ id: machine.id, clonedAt: a.clock.now() }]);
});

describe('when somebody decides', () => {
  test('that it is the same machine, a restored client goes on above the number that the authority knows, and says who decided why', async () => {
    const { original, copy, lease, machine } = await copied();
    for (let each = 0; each < 4; each += 1) {
      a.clock.advance(HOUR);
      unwrap(await original.licensing().renew({ lease }));
    }
    const known = original.ports().store.machine().seq;
    await original.stop();
    expect(codeOf(await copy.licensing().renew({ lease }))).toBe('MACHINE_CLONED');
    expect(copy.ports().store.machine().seq).toBe(known);
    const decided = unwrap(await resolve(machine, 'same-machine'));
    expect(decided).toMatchObject({ ended: [], atRisk: [], machine: { clonedAt: null, retiredAt: null } });
    expect(await audit('machine.resolved')).toMatchObject([{ organization: northlight, subject: machine, details: expect.stringContaining('looked at it on site') as string }]);
    expect((await copy.licensing().renew({ lease })).ok).toBe(true);
    expect(await resolve(machine, 'same-machine')).toMatchObject({ code: 'CONFLICT', details: { why: 'not-cloned' } });
  });

  test('that it is the same machine while both copies run, they collide again at their next documents', async () => {
    const { original, copy, lease, machine } = await copied();
    unwrap(await original.licensing().renew({ lease }));
    await copy.licensing().renew({ lease });
    unwrap(await resolve(machine, 'same-machine'));
    const outcomes: boolean[] = [];
    for (const client of [copy, original, copy, original]) outcomes.push((await client.licensing().renew({ lease })).ok);
    expect(outcomes).toContain(false);
    expect((await shown(machine)).clonedAt).not.toBeNull();
    expect(await audit('machine.cloned')).toHaveLength(2);
  });

  test('to retire it, its online leases end, its offline ones keep their seats until their files end, and its key is never answered again', async () => {
    const { original, copy, lease, machine } = await copied();
    const offline = unwrap(await original.licensing().checkout({ license: 'lic_offline', mode: 'offline', days: 10 })).lease;
    unwrap(await original.licensing().renew({ lease }));
    await copy.licensing().renew({ lease });
    const decided: ValueOf<typeof holdings.resolve> = unwrap(await resolve(machine, 'retire'));
    expect(decided.ended.map(({ id }) => id)).toEqual([lease]);
    expect(decided.atRisk).toMatchObject([{ id: offline, state: 'revoked', busyUntil: a.clock.now() + 10 * DAY }]);
    expect(decided.machine).toMatchObject({ clonedAt: null, retiredAt: a.clock.now() });

    for (const client of [original, copy]) {
      expect((await client.licensing().heartbeat()).ok).toBe(true);
      expect(client.licensing().current()).toEqual([]);
      expect(await client.licensing().checkout({ license: 'lic_board' })).toMatchObject({ code: 'MACHINE_CLONED', details: { retired: true } });
    }
    expect(await resolve(machine, 'same-machine')).toMatchObject({ code: 'CONFLICT', details: { why: 'retired' } });
    expect(await resolve(machine, 'retire')).toMatchObject({ code: 'CONFLICT', details: { why: 'retired' } });
    expect((await smtp.next(EDITOR)).text).toContain('Mia Manager');
  });

  test('of two who decide at once, one is heard and the other told', async () => {
    const { original, copy, lease, machine } = await copied();
    unwrap(await original.licensing().renew({ lease }));
    await copy.licensing().renew({ lease });
    const both = await Promise.all([resolve(machine, 'same-machine'), resolve(machine, 'retire', 'owner@northlight.example')]);
    expect(both.map((each) => (each.ok ? 'ok' : each.code)).sort()).toEqual(['CONFLICT', 'ok']);
    expect(await audit('machine.resolved')).toHaveLength(1);
  });
});

test('a machine that is in order cannot be retired by an organization that it works for, but by the operator', async () => {
  const { original, machine } = await copied();
  expect(await resolve(machine, 'retire')).toMatchObject({ code: 'CONFLICT', details: { why: 'not-cloned' } });
  expect(unwrap(await a.authority().resolveMachine({ machine, decision: 'retire', reason: 'stolen' })).ended).toHaveLength(1);
  expect(codeOf(await original.licensing().checkout({ license: 'lic_board' }))).toBe('MACHINE_CLONED');
  expect(await audit('machine.resolved')).toMatchObject([{ actor: 'operator', organization: null }]);
});

test('a request for another authority marks nothing, whatever its number', async () => {
  const editor = a.call(await a.signIn(EDITOR));
  const machine = await createTestMachine({ authority: a.id, clock: a.clock });
  const want = { license: 'lic_stage', mode: 'online' } as const;
  unwrap(await editor(leases.checkout, { body: { request: await machine.request(want) } }));
  expect(await editor(leases.checkout, { body: { request: await machine.request(want, { seq: 1, aud: 'aut_other' }) } })).toMatchObject({ code: 'FILE_WRONG_AUTHORITY' });
  expect((await shown(machine.id)).clonedAt).toBeNull();
});

test('a stranger who speaks for unknown machines fills no records', async () => {
  const rows = (await a.authority().verifyAudit()).rows;
  for (let each = 0; each < 5; each += 1) {
    const machine = await createTestMachine({ authority: a.id, clock: a.clock });
    expect(await a.call()(leases.renew, { body: await machine.renewal({ mode: 'online' }, { lease: 'lse_unknown' }) })).toMatchObject({ code: 'LEASE_NOT_FOUND' });
  }
  expect(await a.authority().machines(false)).toEqual([]);
  // Each refusal is one row at most; none of them is a machine.
  expect((await a.authority().verifyAudit()).rows - rows).toBeLessThanOrEqual(5);
});

describe('a decision reaches the open app by itself', () => {
  const listening = async () => {
    const { original, copy, lease, machine } = await copied();
    await copy.stop();
    unwrap(await original.licensing().renew({ lease }));
    const second = await open(copy.home);
    await second.licensing().renew({ lease });
    await second.stop();
    const app = original.licensing();
    expect(codeOf(await app.renew({ lease }))).toBe('MACHINE_CLONED');
    await app.start();
    await eventually('the stream is open', () => original.wire.answered.includes('GET /v1/events') && app.state().picker.entitlements.length > 0 && !available(original), 30_000);
    expect(app.current()).toMatchObject([{ refusal: { code: 'MACHINE_CLONED', details: { retired: false } } }]);
    return { original, app, lease, machine };
  };
  const available = (client: TestClient): boolean => client.licensing().state().picker.entitlements.some((each) => each.available);
  /** As `authority machines resolve` does, in a process of its own. */
  const byOperator = async (machine: string, decision: 'same-machine' | 'retire') => {
    const other = await otherProcess(a);
    try {
      unwrap(await other.resolveMachine({ machine, decision, reason: 'looked at it on site' }));
    } finally {
      await other.close();
    }
  };

  test.each(['a manager', 'the operator'] as const)('that it is the same machine, by %s: the refusal is gone, and licenses can be taken', async (who) => {
    const { original, app, lease, machine } = await listening();
    if (who === 'a manager') unwrap(await resolve(machine, 'same-machine'));
    else await byOperator(machine, 'same-machine');
    await eventually('the picker has licenses again', () => available(original), 30_000);
    await eventually('the lease was renewed', () => app.current()[0]?.refusal === null, 30_000);
    expect(app.current()).toMatchObject([{ id: lease, standing: { usable: true } }]);
  });

  test.each([['a manager', 'Mia Manager'], ['the operator', 'operator']] as const)('that it is retired, by %s: it says so and by whom, and nobody waits for a decision', async (who, by) => {
    const { original, app, lease, machine } = await listening();
    if (who === 'a manager') unwrap(await resolve(machine, 'retire'));
    else await byOperator(machine, 'retire');
    await eventually('the lease is gone', () => app.current().length === 0, 30_000);
    expect(app.state().notices).toMatchObject([{ kind: 'retired', lease, productName: 'Stage', details: { endedBy: by } }]);
    await eventually('the picker says so', () => original.licensing().state().picker.entitlements.every(({ reasons: [reason] }) => reason?.details['why'] === 'retired'), 30_000);
    const refused = await app.checkout({ license: 'lic_board' });
    expect(refused).toMatchObject({ code: 'MACHINE_CLONED', details: { retired: true, why: 'retired', at: a.clock.now() } });
  });
});
