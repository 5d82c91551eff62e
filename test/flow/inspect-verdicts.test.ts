import { join } from 'node:path';
import BetterSqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseKind, signDocument } from '../../src-shared/documents/index.ts';
import { contract } from '../../src-shared/http/index.ts';
import type { Inspection, NextStep } from '../../src-shared/inspection.ts';
import { unwrap } from '../../src-shared/result.ts';
import type { Result } from '../../src-shared/result.ts';
import { DAY, HOUR } from '../../src-shared/time.ts';
import { startAuthority } from '../support/authority.ts';
import type { TestAuthority } from '../support/authority.ts';
import { startClient } from '../support/client.ts';
import type { TestClient } from '../support/client.ts';
import { newParty } from '../support/documents.ts';
import { acceptProof, answer } from '../support/exchange.ts';
import { createTestMachine, fingerprintOf } from '../support/machine.ts';

/** Looking at a file and taking it are one judgement: for every case, what the inspection says is what then happens. */
let authority: TestAuthority;
let island: TestClient;

beforeEach(async () => {
  authority = await startAuthority();
  island = await startClient({ clock: authority.clock, authority: null, keyset: authority.keyset(), name: 'WS-042' });
});
afterEach(async () => {
  await island.close();
  await authority.close();
});

/** One letter of the signature, which ends the document, is another. */
const flipped = (text: string): string => {
  const at = text.lastIndexOf('\n-----END') - 20;
  const found = text[at] === '\n' ? at - 1 : at;
  return `${text.slice(0, found)}${text[found] === 'A' ? 'B' : 'A'}${text.slice(found + 1)}`;
};

/** What an inspection says will happen. */
const told = ({ genuine, acceptable }: Inspection): string => (!genuine.ok ? genuine.code : !acceptable.ok ? acceptable.code : 'taken');
const done = (result: Result<unknown>): string => (result.ok ? 'taken' : result.code);

type Case = { readonly what: string; readonly file: () => Promise<string>; readonly code: string; readonly next: NextStep };

const asked = async (want: { product?: string; license?: string; lease?: string; days?: number } = { product: 'stage' }) =>
  unwrap(await island.licensing().createRequest({ days: 30, ...want }));
const answered = async (): Promise<string> => answer(authority, (await asked()).text, 'lic_stage', 30);
const held = async (): Promise<{ readonly file: string; readonly lease: string }> => {
  const file = await answered();
  const imported = unwrap(await island.licensing().accept(file));
  if (imported.kind !== 'license') throw new Error(imported.kind);
  return { file, lease: imported.lease };
};

const atTheMachine: readonly Case[] = [
  { what: 'a license file that answers its request', file: answered, code: 'taken', next: 'import' },
  { what: 'one that is held already', file: async () => (await held()).file, code: 'taken', next: 'nothing' },
  { what: 'one of another machine', file: async () => {
    const other = await startClient({ clock: authority.clock, authority: null, keyset: authority.keyset(), name: 'WS-043' });
    const file = await answer(authority, unwrap(await other.licensing().createRequest({ product: 'stage' })).text, 'lic_stage', 30);
    await other.close();
    return file;
  }, code: 'FILE_WRONG_MACHINE', next: 'take-to-machine' },
  { what: 'one whose signature does not hold', file: async () => flipped(await answered()), code: 'FILE_NOT_GENUINE', next: 'put-away' },
  { what: 'one whose request was discarded', file: async () => {
    const file = await answered();
    unwrap(await island.licensing().discardRequest(island.licensing().state().requests[0]?.id ?? ''));
    return file;
  }, code: 'REQUEST_UNKNOWN', next: 'request-again' },
  { what: 'one of a lease that was given up', file: async () => {
    const { file, lease } = await held();
    unwrap(await island.licensing().releaseByProof(lease));
    return file;
  }, code: 'LEASE_RELEASED', next: 'request-again' },
  { what: 'an older one of a lease that was extended', file: async () => {
    const { file, lease } = await held();
    authority.clock.advance(DAY);
    unwrap(await island.licensing().accept(await answer(authority, (await asked({ lease })).text, 'lic_stage', 60)));
    return file;
  }, code: 'FILE_STALE', next: 'put-away' },
  { what: 'one that has ended', file: async () => {
    const file = await answered();
    authority.clock.advance(31 * DAY);
    return file;
  }, code: 'FILE_EXPIRED', next: 'request-again' },
  { what: 'one from after what the clock shows', file: async () => {
    authority.clock.advance(2 * DAY);
    const file = await answered();
    authority.clock.advance(-2 * DAY);
    return file;
  }, code: 'CLOCK_ROLLED_BACK', next: 'right-clock' },
  { what: 'one for a computer that has changed since', file: async () => {
    const file = await answered();
    await island.restart({ fingerprint: fingerprintOf('another computer') });
    return file;
  }, code: 'FINGERPRINT_MISMATCH', next: 'request-again' },
  { what: 'one of another authority', file: async () => {
    const elsewhere = await startAuthority();
    const stranger = await startClient({ clock: elsewhere.clock, authority: null, keyset: elsewhere.keyset() });
    const file = await answer(elsewhere, unwrap(await stranger.licensing().createRequest({ product: 'stage' })).text, 'lic_stage', 30);
    await Promise.all([stranger.close(), elsewhere.close()]);
    return file;
  }, code: 'FILE_WRONG_AUTHORITY', next: 'put-away' },
  { what: 'a license file where no authority is trusted', file: async () => {
    const file = await answered();
    await island.close();
    island = await startClient({ clock: authority.clock, authority: null });
    return file;
  }, code: 'TRUST_MISSING', next: 'bring-keyset' },
  { what: 'the receipt of a proof made here', file: async () => acceptProof(authority, unwrap(await island.licensing().releaseByProof((await held()).lease)).text), code: 'taken', next: 'import' },
  { what: 'a receipt of a proof that was not made here', file: async () => {
    const machine = await createTestMachine({ authority: authority.id, clock: authority.clock });
    const file = unwrap(parseKind('license', await answer(authority, await machine.request({ product: 'stage', mode: 'offline' }), 'lic_stage', 30))).claims;
    return acceptProof(authority, await machine.proof(file.sub, file.jti));
  }, code: 'FILE_WRONG_MACHINE', next: 'take-to-machine' },
  { what: 'the keyset that is known', file: async () => authority.keyset(), code: 'taken', next: 'nothing' },
  { what: 'a keyset whose signature does not hold', file: async () => flipped(authority.keyset()), code: 'FILE_NOT_GENUINE', next: 'put-away' },
  { what: 'the own request', file: async () => (await asked()).text, code: 'FILE_WRONG_KIND', next: 'take-to-authority' },
  { what: 'a request edited after signing', file: async () => flipped((await asked()).text), code: 'FILE_NOT_GENUINE', next: 'put-away' },
  { what: 'the own release proof', file: async () => unwrap(await island.licensing().releaseByProof((await held()).lease)).text, code: 'FILE_WRONG_KIND', next: 'take-to-authority' },
  { what: "another machine's release proof", file: async () => {
    const machine = await createTestMachine({ authority: authority.id, clock: authority.clock });
    return machine.proof('lse_1', 'fil_1');
  }, code: 'FILE_WRONG_MACHINE', next: 'take-to-authority' },
];

const inspected = async (file: string): Promise<Inspection> => unwrap(await island.licensing().inspect(file));

describe('at the machine, what an inspection says is what importing does', () => {
  test.each(atTheMachine)('$what: $code', async ({ file: make, code, next }) => {
    const file = await make();
    const before = structuredClone(island.licensing().state());
    const inspection = await inspected(file);
    expect(island.licensing().state()).toEqual(before);
    expect({ told: told(inspection), next: inspection.next }).toEqual({ told: code, next });
    expect(done(await island.licensing().accept(file))).toBe(code);
  });
});

/** A machine of its own, so that documents can be made that the app never would. */
const machineOf = (seq = 0) => createTestMachine({ authority: authority.id, clock: authority.clock, seq });
const want = { product: 'stage', mode: 'offline', days: 30 } as const;
const leaseOf = async (machine: Awaited<ReturnType<typeof machineOf>>): Promise<{ readonly lease: string; readonly file: string }> => {
  const { sub, jti } = unwrap(parseKind('license', await answer(authority, await machine.request(want), 'lic_stage', 30))).claims;
  return { lease: sub, file: jti };
};
const given = async (machine: Awaited<ReturnType<typeof machineOf>>, { lease, file }: { lease: string; file: string }): Promise<void> =>
  void (await acceptProof(authority, await machine.proof(lease, file)));

type Bringing = Case & { readonly as?: string };
const atTheAuthority: readonly Bringing[] = [
  { what: 'a request', file: async () => (await machineOf()).request(want), code: 'taken', next: 'answer' },
  { what: 'a request that was answered', file: async () => {
    const request = await (await machineOf()).request(want);
    await answer(authority, request, 'lic_stage', 30);
    return request;
  }, code: 'taken', next: 'answer' },
  { what: 'an answered request, brought by somebody who may not have the answer', as: 'editor@northlight.example', file: async () => {
    const request = await (await machineOf()).request(want);
    await answer(authority, request, 'lic_stage', 30);
    return request;
  }, code: 'CONFLICT', next: 'put-away' },
  { what: 'a request whose signature does not hold', file: async () => flipped(await (await machineOf()).request(want)), code: 'FILE_NOT_GENUINE', next: 'put-away' },
  { what: 'a request for another authority', file: async () => (await createTestMachine({ authority: 'aut_elsewhere', clock: authority.clock })).request(want), code: 'FILE_WRONG_AUTHORITY', next: 'put-away' },
  { what: 'a request that is too old', file: async () => {
    const request = await (await machineOf()).request(want);
    authority.clock.advance(15 * DAY);
    return request;
  }, code: 'REQUEST_EXPIRED', next: 'request-again' },
  { what: 'a request from the future', file: async () => {
    const machine = await machineOf();
    return machine.request(want, { iat: authority.clock.now() + 2 * HOUR });
  }, code: 'FILE_NOT_YET_VALID', next: 'request-again' },
  { what: 'a second document with a number that is used up', file: async () => {
    const machine = await machineOf();
    await answer(authority, await machine.request(want, { seq: 7 }), 'lic_stage', 30);
    return machine.request(want, { seq: 7 });
  }, code: 'MACHINE_CLONED', next: 'resolve-clone' },
  { what: 'another document under an id that is used up', file: async () => {
    const machine = await machineOf();
    await answer(authority, await machine.request(want, { jti: 'req_same' }), 'lic_stage', 30);
    return machine.request(want, { jti: 'req_same' });
  }, code: 'CONFLICT', next: 'put-away' },
  { what: 'a request to extend a lease', file: async () => {
    const machine = await machineOf();
    return machine.request(want, { lease: (await leaseOf(machine)).lease });
  }, code: 'taken', next: 'answer' },
  { what: 'a request to extend a lease that nobody knows', file: async () => (await machineOf()).request(want, { lease: 'lse_nobody' }), code: 'LEASE_NOT_FOUND', next: 'request-again' },
  { what: "a request to extend another machine's lease", file: async () => (await machineOf()).request(want, { lease: (await leaseOf(await machineOf())).lease }), code: 'LEASE_NOT_FOUND', next: 'request-again' },
  { what: 'a request to extend a lease that was given back', file: async () => {
    const machine = await machineOf();
    const lease = await leaseOf(machine);
    await given(machine, lease);
    return machine.request(want, { lease: lease.lease });
  }, code: 'LEASE_RELEASED', next: 'request-again' },
  { what: 'a request to extend a lease that has ended', file: async () => {
    const machine = await machineOf();
    const { lease } = await leaseOf(machine);
    authority.clock.advance(31 * DAY);
    return machine.request(want, { lease });
  }, code: 'LEASE_EXPIRED', next: 'request-again' },
  { what: 'a request to extend a lease on a computer that has changed', file: async () => {
    const machine = await machineOf();
    const { lease } = await leaseOf(machine);
    return machine.request(want, { lease, fp: fingerprintOf('another computer') as never });
  }, code: 'FINGERPRINT_MISMATCH', next: 'request-again' },
  { what: "a request to extend a lease of somebody else's, brought by an editor", as: 'editor@northlight.example', file: async () => {
    const machine = await machineOf();
    return machine.request(want, { lease: (await leaseOf(machine)).lease });
  }, code: 'FORBIDDEN', next: 'put-away' },
  { what: 'a request for the time', file: async () => (await machineOf()).request({ mode: 'offline' }, { purpose: 'time' }), code: 'taken', next: 'answer-time' },
  { what: 'a request for the time by a clock that is two years off', file: async () => (await machineOf()).request({ mode: 'offline' }, { purpose: 'time', iat: authority.clock.now() + 700 * DAY }), code: 'taken', next: 'answer-time' },
  { what: 'a request for the time that was answered', file: async () => {
    const request = await (await machineOf()).request({ mode: 'offline' }, { purpose: 'time' });
    unwrap(await authority.call(await authority.signIn('manager@northlight.example'))(contract.exchange.time, { body: { request } }));
    return request;
  }, code: 'taken', next: 'answer-time' },
  { what: 'a request for the time, brought by a reader', as: 'reader@northlight.example', file: async () => (await machineOf()).request({ mode: 'offline' }, { purpose: 'time' }), code: 'FORBIDDEN', next: 'put-away' },
  { what: 'a release proof', file: async () => {
    const machine = await machineOf();
    const { lease, file } = await leaseOf(machine);
    return machine.proof(lease, file);
  }, code: 'taken', next: 'accept' },
  { what: 'a release proof that was accepted', file: async () => {
    const machine = await machineOf();
    const { lease, file } = await leaseOf(machine);
    const proof = await machine.proof(lease, file);
    await acceptProof(authority, proof);
    return proof;
  }, code: 'taken', next: 'accept' },
  { what: 'a release proof of a machine that nobody knows', file: async () => (await machineOf()).proof('lse_1', 'fil_1'), code: 'LEASE_NOT_FOUND', next: 'put-away' },
  { what: "a release proof of another machine's lease", file: async () => {
    const [one, other] = [await machineOf(), await machineOf()];
    await leaseOf(one);
    const { lease, file } = await leaseOf(other);
    return one.proof(lease, file);
  }, code: 'LEASE_NOT_FOUND', next: 'put-away' },
  { what: 'a release proof that names a file of another lease', file: async () => {
    const machine = await machineOf();
    return machine.proof((await leaseOf(machine)).lease, 'fil_other');
  }, code: 'LEASE_NOT_FOUND', next: 'put-away' },
  { what: 'a release proof made before the newest file was asked for', file: async () => {
    const machine = await machineOf();
    const { lease, file } = await leaseOf(machine);
    const seq = machine.nextSeq();
    await answer(authority, await machine.request(want, { lease }), 'lic_stage', 30);
    return machine.proof(lease, file, { seq });
  }, code: 'FILE_STALE', next: 'put-away' },
  { what: 'a release proof for another authority', file: async () => {
    const machine = await machineOf();
    const { lease, file } = await leaseOf(machine);
    return machine.proof(lease, file, { aud: 'aut_elsewhere' });
  }, code: 'FILE_WRONG_AUTHORITY', next: 'put-away' },
  { what: "a release proof of another organization's lease, brought by a stranger", as: 'boss@harbor.example', file: async () => {
    const machine = await machineOf();
    const { lease, file } = await leaseOf(machine);
    return machine.proof(lease, file);
  }, code: 'LEASE_NOT_FOUND', next: 'put-away' },
  { what: "a release proof of somebody else's lease, brought by a reader", as: 'reader@northlight.example', file: async () => {
    const machine = await machineOf();
    const { lease, file } = await leaseOf(machine);
    return machine.proof(lease, file);
  }, code: 'FORBIDDEN', next: 'put-away' },
  { what: 'a release proof with a number that is used up', file: async () => {
    const machine = await machineOf();
    const { lease, file } = await leaseOf(machine);
    return machine.proof(lease, file, { seq: 1 });
  }, code: 'MACHINE_CLONED', next: 'resolve-clone' },
  { what: 'a release proof whose signature does not hold', file: async () => {
    const machine = await machineOf();
    const { lease, file } = await leaseOf(machine);
    return flipped(await machine.proof(lease, file));
  }, code: 'FILE_NOT_GENUINE', next: 'put-away' },
];

describe('at the authority, what an inspection says is what answering and accepting do', () => {
  test.each(atTheAuthority)('$what: $code', async ({ file: make, code, next, as = 'manager@northlight.example' }) => {
    const file = await make();
    const call = authority.call(await authority.signIn(as));
    const { inspection } = unwrap(await call(contract.exchange.inspect, { body: { document: file } }));
    expect({ told: told(inspection), next: inspection.next }).toEqual({ told: code, next });
    const result = inspection.kind === 'release' ? await call(contract.exchange.accept, { body: { proof: file } })
      : inspection.purpose === 'time' ? await call(contract.exchange.time, { body: { request: file } })
        : await call(contract.exchange.answer, { body: { request: file, license: 'lic_stage', days: 30 } });
    expect(done(result)).toBe(code);
  });
});

describe('a license file under a key that the authority never had', () => {
  test('is a stranger\'s at the authority, where no keyset could help, and at the machine one may be missing', async () => {
    const { claims } = unwrap(parseKind('license', await answered()));
    const forged = await signDocument('license', claims, (await newParty()).key);
    const call = authority.call(await authority.signIn('manager@northlight.example'));
    const { inspection } = unwrap(await call(contract.exchange.inspect, { body: { document: forged } }));
    expect(inspection).toMatchObject({ genuine: { ok: false, code: 'FILE_NOT_GENUINE', details: { why: 'key-not-ours' } }, next: 'put-away' });
    expect(unwrap(await island.licensing().inspect(forged))).toMatchObject({ genuine: { ok: false, code: 'FILE_NOT_GENUINE', details: { why: 'key-unknown' } }, next: 'bring-keyset' });
  });
});

test('looking at a document waits for nobody who writes: another process holds the write lock meanwhile', async () => {
  const writer = new BetterSqlite(join(authority.home, 'authority.db'));
  try {
    const machine = await createTestMachine({ authority: authority.id, clock: authority.clock });
    const request = await machine.request({ license: 'lic_stage', mode: 'offline' });
    writer.exec('BEGIN IMMEDIATE');
    expect(await authority.authority().inspect(request)).toMatchObject({ ok: true, value: { inspection: { kind: 'request', genuine: { ok: true }, acceptable: { ok: true } }, answered: false } });
    writer.exec('ROLLBACK');
    unwrap(await authority.authority().answer({ request, license: 'lic_stage', days: 3 }));
    const proof = await machine.proof('lse_unknown', 'fil_unknown');
    writer.exec('BEGIN IMMEDIATE');
    expect(await authority.authority().inspect(request)).toMatchObject({ ok: true, value: { answered: true } });
    expect(await authority.authority().inspect(proof)).toMatchObject({ ok: true, value: { inspection: { kind: 'release', genuine: { ok: true }, acceptable: { ok: false, code: 'LEASE_NOT_FOUND' } } } });
  } finally {
    writer.close();
  }
});
