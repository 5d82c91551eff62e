import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { join } from 'node:path';
import { contract } from '../../src-shared/http/index.ts';
import { unwrap } from '../../src-shared/result.ts';
import type { Result } from '../../src-shared/result.ts';
import { parseKind, signDocument } from '../../src-shared/documents/index.ts';
import { DAY, HOUR } from '../../src-shared/time.ts';
import { PASSWORD, startAuthority } from '../support/authority.ts';
import type { TestAuthority } from '../support/authority.ts';
import { codeOf, startClient } from '../support/client.ts';
import type { TestClient } from '../support/client.ts';
import { unwrapJws, wrap } from '../support/documents.ts';
import { acceptProof, answer } from '../support/exchange.ts';
import { databaseOf, everyRow } from '../support/home-files.ts';
import { createTestMachine } from '../support/machine.ts';

/** Genuine documents in the wrong place, at the wrong time, or once more. */
let authority: TestAuthority;
let machine: TestClient;
let other: TestClient;
beforeEach(async () => {
  authority = await startAuthority();
  machine = await startClient({ clock: authority.clock, authority: null, keyset: authority.keyset(), name: 'WS-042' });
  other = await startClient({ clock: authority.clock, authority: null, keyset: authority.keyset(), name: 'WS-043' });
});
afterEach(async () => {
  await machine.close();
  await other.close();
  await authority.close();
});

const ask = async (client = machine, want: { product?: string; lease?: string } = { product: 'stage' }): Promise<string> => unwrap(await client.licensing().createRequest({ days: 30, ...want })).text;
const take = async (client = machine): Promise<{ lease: string; file: string; request: string }> => {
  const request = await ask(client);
  const file = await answer(authority, request, 'lic_stage', 30);
  return { ...(unwrap(await client.licensing().accept(file)) as { lease: string }), file, request };
};
const proofOf = async (lease: string, client = machine): Promise<string> => unwrap(await client.licensing().releaseByProof(lease)).text;

/** Refused at the machine: the code, nothing changed in any table, and one more row in its record of refusals. */
const refusedHere = async (file: string, client = machine): Promise<string> => {
  const path = databaseOf(client.home);
  const [before, { count }] = [everyRow(path, ['refusal']), unwrap(client.licensing().refusals())];
  const code = codeOf(await client.licensing().accept(file));
  expect(everyRow(path, ['refusal'])).toEqual(before);
  expect(unwrap(client.licensing().refusals())).toMatchObject({ count: count + 1, newest: [expect.objectContaining({ code }), ...Array.from({ length: Math.min(count, 9) }, () => expect.anything())] });
  return code;
};
/** Refused at the authority: the code, nothing changed, and a row of the audit (of the same kind one an hour: so an hour passes). */
const refusedThere = async (work: () => Promise<Result<unknown>>): Promise<string> => {
  const rows = () => everyRow(join(authority.home, 'authority.db'));
  authority.clock.advance(HOUR);
  const { audit: auditBefore, ...before } = rows();
  const code = codeOf(await work());
  const { audit, ...after } = rows();
  expect(after).toEqual(before);
  const added = (audit as { action: string; details: string }[]).slice(auditBefore?.length);
  expect(added.filter(({ action, details }) => action === 'document.refused' && details.includes(code)).length).toBeGreaterThan(0);
  return code;
};

describe('a license file', () => {
  test('on a second machine', async () => {
    const { file } = await take();
    expect(await refusedHere(file, other)).toBe('FILE_WRONG_MACHINE');
    await ask(other);
    expect(await refusedHere(file, other)).toBe('FILE_WRONG_MACHINE');
  });

  test('twice: it is in use already, and nothing changes', async () => {
    const { file, lease } = await take();
    const before = everyRow(databaseOf(machine.home));
    authority.clock.advance(60);
    expect(unwrap(await machine.licensing().accept(file))).toEqual({ kind: 'license', lease, again: true });
    expect(everyRow(databaseOf(machine.home))).toEqual(before);
  });

  test('that answers a request of before the machine began anew, or a discarded one', async () => {
    const request = await ask();
    const file = await answer(authority, request, 'lic_stage', 30);
    const { id } = machine.licensing().state().requests[0] ?? { id: '' };
    unwrap(machine.licensing().discardRequest(id));
    expect(await refusedHere(file)).toBe('REQUEST_UNKNOWN');
  });

  test('out of order: an earlier file of a lease after a later one', async () => {
    const { file, lease } = await take();
    const requests = [await ask(machine, { lease }), await ask(machine, { lease })];
    const files: string[] = [];
    for (const request of requests) files.push(await answer(authority, request, 'lic_stage', 40));
    unwrap(await machine.licensing().accept(files[1] ?? ''));
    expect(await refusedHere(files[0] ?? '')).toBe('FILE_STALE');
    expect(await refusedHere(file)).toBe('FILE_STALE');
  });

  test('after its release, at once and after the receipt; also every earlier file of the lease', async () => {
    const { file, lease } = await take();
    const later = await answer(authority, await ask(machine, { lease }), 'lic_stage', 40);
    unwrap(await machine.licensing().accept(later));
    const proof = await proofOf(lease);
    for (const each of [file, later]) expect(await refusedHere(each)).toBe('LEASE_RELEASED');
    unwrap(await machine.licensing().accept(await acceptProof(authority, proof)));
    for (const each of [file, later]) expect(await refusedHere(each)).toBe('LEASE_RELEASED');
  });

  test('after its end', async () => {
    const request = await ask();
    const file = await answer(authority, request, 'lic_stage', 30);
    authority.clock.advance(30 * DAY);
    expect(await refusedHere(file)).toBe('FILE_EXPIRED');
  });
});

describe('an activation request', () => {
  const given = (request: string, license = 'lic_stage') => authority.authority().answer({ request, license, days: 30 });

  test('edited after it was signed: every claim changed in turn, and the signature of another request', async () => {
    const request = await ask();
    const [head = '', payload = '', signature = ''] = unwrapJws(request).split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
    const sealed = (edited: Record<string, unknown>) => wrap('ACTIVATION REQUEST', `${head}.${Buffer.from(JSON.stringify(edited)).toString('base64url')}.${signature}`);
    const other2 = unwrap(parseKind('request', await ask(other))).claims;
    const edits: Record<string, unknown> = {
      jti: `${String(claims['jti'])}A`, iat: Number(claims['iat']) + 1, exp: Number(claims['exp']) + DAY, seq: 99, iss: other2.iss, cnf: other2.cnf, fp: other2.fp,
      want: { ...(claims['want'] as object), days: 365 }, machine: { name: 'WS-999', os: 'x', app: 'y' }, purpose: 'time', keyset: 9,
    };
    for (const [claim, value] of Object.entries(edits)) {
      expect([claim, await refusedThere(() => given(sealed({ ...claims, [claim]: value })))]).toEqual([claim, 'FILE_NOT_GENUINE']);
    }
    const swapped = unwrapJws(await ask(other)).split('.');
    expect(await refusedThere(() => given(wrap('ACTIVATION REQUEST', `${head}.${payload}.${swapped[2] ?? ''}`)))).toBe('FILE_NOT_GENUINE');
    // The one it was made from is good.
    expect((await given(request)).ok).toBe(true);
  });

  test('fifty times at once: one lease, one file, fifty equal answers; and again later, and for another license', async () => {
    const request = await ask();
    const manager = authority.call(await authority.signIn('manager@northlight.example'));
    const answers = await Promise.all(Array.from({ length: 50 }, () => manager(contract.exchange.answer, { body: { request, license: 'lic_stage', days: 30 } })));
    const files = new Set(answers.map((each) => unwrap(each).licenseFile));
    expect(files.size).toBe(1);
    const count = (table: string) => (everyRow(join(authority.home, 'authority.db'))[table] ?? []).length;
    expect([count('lease'), count('license_file')]).toEqual([1, 1]);
    authority.clock.advance(DAY);
    expect(unwrap(await given(request)).licenseFile).toBe([...files][0]);
    const elsewhere = await given(request, 'lic_offline');
    expect(elsewhere.ok ? elsewhere.value.licenseFile : elsewhere.code).toSatisfy((each: string) => each === [...files][0] || each === 'CONFLICT');
    expect([count('lease'), count('license_file')]).toEqual([1, 1]);
  });

  test('of a machine that has asked since, numbered lower: a copied profile shows', async () => {
    const jack = await createTestMachine({ authority: authority.id, clock: authority.clock, name: 'WS-100' });
    const early = await jack.request({ product: 'stage', mode: 'offline', days: 30 }, { seq: 1 });
    unwrap(await given(await jack.request({ product: 'stage', mode: 'offline', days: 30 }, { seq: 2 })));
    const twice = await jack.request({ product: 'stage', mode: 'offline', days: 30 }, { seq: 2 });
    expect(codeOf(await given(twice))).toBe('MACHINE_CLONED');
    expect((await given(early)).ok).toBe(false);
  });
});

describe('a release proof', () => {
  const give = (proof: string) => authority.authority().accept(proof);

  test('for somebody else’s lease, signed by a machine’s own key', async () => {
    const mine = await take();
    const theirs = await take(other);
    const file = unwrap(parseKind('license', mine.file)).claims;
    const thief = other.ports().machine;
    const forged = await signDocument('release', { iss: thief.id, aud: authority.id, sub: mine.lease, file: file.jti, jti: 'rel_forged', iat: authority.clock.now(), seq: 50, reason: 'user' }, thief.key);
    expect(await refusedThere(() => give(forged))).toBe('LEASE_NOT_FOUND');
    const named = await signDocument('release', { iss: machine.ports().machine.id, aud: authority.id, sub: mine.lease, file: file.jti, jti: 'rel_named', iat: authority.clock.now(), seq: 50, reason: 'user' }, thief.key);
    expect(await refusedThere(() => give(named))).toBe('FILE_NOT_GENUINE');
    expect(theirs.lease).not.toBe(mine.lease);
  });

  test('replayed: the same receipt, and nothing changes; edited, it is not genuine', async () => {
    const { lease } = await take();
    const proof = await proofOf(lease);
    const receipt = unwrap(await give(proof)).receipt;
    const before = everyRow(join(authority.home, 'authority.db'), ['audit', 'session']);
    for (let turn = 0; turn < 3; turn += 1) expect(unwrap(await give(proof)).receipt).toBe(receipt);
    expect(everyRow(join(authority.home, 'authority.db'), ['audit', 'session'])).toEqual(before);
    const [head = '', payload = '', signature = ''] = unwrapJws(proof).split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object;
    const edited = wrap('RELEASE PROOF', `${head}.${Buffer.from(JSON.stringify({ ...claims, reason: 'change' })).toString('base64url')}.${signature}`);
    expect(await refusedThere(() => give(edited))).toBe('FILE_NOT_GENUINE');
  });

  test('of an earlier time for a lease that was taken again: it gives nothing back that is in use', async () => {
    const first = await take();
    const proof = await proofOf(first.lease);
    unwrap(await give(proof));
    const second = await take();
    expect(unwrap(await give(proof)).lease.id).toBe(first.lease);
    expect(machine.licensing().current()).toMatchObject([{ id: second.lease, standing: { usable: true } }]);
    const held = everyRow(join(authority.home, 'authority.db'))['lease'] as { id: string; state: string }[];
    expect(held.find(({ id }) => id === second.lease)?.state).not.toBe('released');
  });

  test('used after its lease has ended: accepted late, and it frees no seat that somebody else has by now', async () => {
    const { lease } = await take();
    const proof = await proofOf(lease);
    authority.clock.advance(31 * DAY);
    const successor = await take(other);
    const late = await give(proof);
    expect(late.ok ? 'accepted' : late.code).toSatisfy((each: string) => ['accepted', 'LEASE_EXPIRED'].includes(each));
    expect(other.licensing().current()).toMatchObject([{ id: successor.lease, standing: { usable: true } }]);
    const seats = everyRow(join(authority.home, 'authority.db'))['seat'] as { lease: string | null }[];
    expect(seats.filter((seat) => seat.lease === successor.lease)).toHaveLength(1);
  });
});

describe('receipts and keysets', () => {
  test('a receipt of another machine, of a lease never given up, of another proof; and one twice', async () => {
    const { lease } = await take();
    const theirs = await take(other);
    const receipt = await acceptProof(authority, await proofOf(theirs.lease, other));
    expect(await refusedHere(receipt)).toBe('FILE_WRONG_MACHINE');
    const own = await acceptProof(authority, await proofOf(lease));
    unwrap(await machine.licensing().accept(own));
    const before = everyRow(databaseOf(machine.home));
    expect(unwrap(await machine.licensing().accept(own))).toEqual({ kind: 'receipt', lease });
    expect(everyRow(databaseOf(machine.home))).toEqual(before);
    const anew = await startClient({ clock: authority.clock, authority: null, keyset: authority.keyset() });
    expect(await refusedHere(own, anew)).toBe('FILE_WRONG_MACHINE');
    await anew.close();
  });

  test('a keyset again changes nothing; what a machine wrote itself is not taken in', async () => {
    const before = everyRow(databaseOf(machine.home));
    expect(unwrap(await machine.licensing().accept(authority.keyset()))).toEqual({ kind: 'keyset', version: 1, again: true });
    expect(everyRow(databaseOf(machine.home))).toEqual(before);
    const { lease, request } = await take();
    expect(await refusedHere(request)).toBe('FILE_WRONG_KIND');
    expect(await refusedHere(await proofOf(lease))).toBe('FILE_WRONG_KIND');
  });

  test('a license file in the place of a receipt, at the authority: refused by its kind', async () => {
    const { file } = await take();
    expect(await refusedThere(() => authority.authority().accept(file))).toBe('FILE_WRONG_KIND');
    expect(await refusedThere(() => authority.authority().answer({ request: file, license: 'lic_stage', days: 1 }))).toBe('FILE_WRONG_KIND');
  });
});

test('over the network: a checkout whose every reply is lost, repeated, takes one seat', async () => {
  const online = await startClient({ clock: authority.clock, authority: authority.url, keyset: authority.keyset() });
  unwrap(await online.licensing().account.signIn({ email: 'editor@northlight.example', password: PASSWORD }));
  online.wire.set('deaf');
  for (let turn = 0; turn < 3; turn += 1) expect(codeOf(await online.licensing().checkout({ license: 'lic_online' }))).toBe('AUTHORITY_UNREACHABLE');
  online.wire.set('up');
  const { lease } = unwrap(await online.licensing().checkout({ license: 'lic_online' }));
  const leases = (everyRow(join(authority.home, 'authority.db'))['lease'] as { id: string; license: string }[]).filter(({ license }) => license === 'lic_online');
  expect(leases.map(({ id }) => id)).toEqual([lease]);
  await online.close();
});
