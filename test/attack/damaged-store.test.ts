import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { signDocument } from '../../src-shared/documents/index.ts';
import { unwrap } from '../../src-shared/result.ts';
import { DAY } from '../../src-shared/time.ts';
import { PASSWORD, startAuthority } from '../support/authority.ts';
import type { TestAuthority } from '../support/authority.ts';
import { codeOf, startClient } from '../support/client.ts';
import type { TestClient } from '../support/client.ts';
import { licenseClaims, newScene, NOW, requestClaims } from '../support/documents.ts';
import { answer } from '../support/exchange.ts';
import { databaseFiles, databaseOf, edit, putBack, setAsides, snapshot } from '../support/home-files.ts';
import { parseKind } from '../../src-shared/documents/index.ts';

/** The database of a machine is damaged: it is set aside, what is kept beside it goes through the door again, and the person is told. */
let authority: TestAuthority;
let folder: string;
let machine: TestClient;

beforeEach(async () => {
  authority = await startAuthority();
  folder = mkdtempSync(join(tmpdir(), 'latchkey-damage-'));
  machine = await startClient({ clock: authority.clock, authority: null, keyset: authority.keyset(), name: 'WS-042' });
});
afterEach(async () => {
  await machine.close();
  await authority.close();
  rmSync(folder, { recursive: true, force: true });
});

const take = async (product: string, license: string, days = 30): Promise<{ lease: string; file: string }> => {
  const file = await answer(authority, unwrap(await machine.licensing().createRequest({ product, days })).text, license, days);
  const imported = unwrap(await machine.licensing().accept(file));
  if (imported.kind !== 'license') throw new Error(imported.kind);
  return { lease: imported.lease, file };
};
const usable = (): string[] => machine.licensing().current().filter(({ standing }) => standing.usable).map(({ id }) => id).sort();
const wreck = (): void => writeFileSync(databaseOf(machine.home), 'this was a database');
const giveBack = async (): Promise<void> => {
  for (const { id } of machine.licensing().current()) unwrap(await machine.licensing().releaseByProof(id));
  for (const { lease } of machine.licensing().state().givenUp) {
    const { text } = unwrap(machine.licensing().proofFile(lease));
    unwrap(await authority.authority().accept(text));
  }
};

describe('a database that is no database any more', () => {
  test('is set aside, the leases are read back from their license files, and the person is told what is back and what is not', async () => {
    const stage = await take('stage', 'lic_stage', 30);
    const grade = await take('grade', 'lic_single', 3);
    const before = machine.licensing().current();
    await machine.stop();
    wreck();
    authority.clock.advance(5 * DAY);
    await machine.restart();

    expect(setAsides(machine.home)).toHaveLength(1);
    expect(readFileSync(join(machine.home, setAsides(machine.home)[0] ?? ''), 'utf8')).toBe('this was a database');
    const { recovery, notices: [notice], leases } = machine.licensing().state();
    expect(machine.licensing().state().machine.name).toBe('WS-042');
    expect(leases).toEqual(before.filter(({ id }) => id === stage.lease));
    expect(usable()).toEqual([stage.lease]);
    expect(readFileSync(join(machine.home, 'licenses/stage.lklic'), 'utf8')).toBe(stage.file);
    expect(notice).toMatchObject({ kind: 'store-recovered', details: { rebuilt: 1, refused: 1 } });
    expect(recovery).toMatchObject({ path: join(machine.home, setAsides(machine.home)[0] ?? ''), rebuilt: 1, lost: 0, refused: [{ product: 'Grade', organization: 'Northlight', code: 'FILE_EXPIRED' }] });
    expect(unwrap(await machine.licensing().diagnose()).find(({ subject }) => subject === 'recovery')).toMatchObject({ facts: { rebuilt: 1, notRebuilt: 1, waiting: true } });

    expect(unwrap(await machine.licensing().diagnose()).find(({ subject }) => subject === 'home')).toMatchObject({ ok: true });

    // It goes on numbering where it was, and the same seat can be renewed and given back.
    const request = unwrap(parseKind('request', unwrap(await machine.licensing().createRequest({ lease: stage.lease, days: 30 })).text));
    expect(request.claims.seq).toBe(3);
    unwrap(await machine.licensing().accept(await answer(authority, request.text, 'lic_stage', 30)));
    await giveBack();
    expect(codeOf(await machine.licensing().accept(stage.file))).toBe('LEASE_RELEASED');
    expect(codeOf(await machine.licensing().accept(grade.file))).toBe('REQUEST_UNKNOWN');

    // Told until it was read, and no longer. That the other has ended is certain since the authority has signed a later time.
    await machine.restart();
    expect(unwrap(await machine.licensing().diagnose()).find(({ subject }) => subject === 'recovery')).toMatchObject({ facts: { notRebuilt: 1, waiting: false } });
    expect(machine.licensing().state()).toMatchObject({ notices: [], recovery: { rebuilt: 1 } });
    unwrap(machine.licensing().dismissRecovery());
    expect(machine.licensing().state().recovery).toBeNull();
    await machine.restart();
    expect(machine.licensing().state().recovery).toBeNull();
  });

  test('does not undo a release: a file that is put back among those kept is refused by its tombstone, also after a second damage', async () => {
    const { lease, file } = await take('stage', 'lic_stage', 60);
    await machine.stop();
    snapshot(machine.home, join(folder, 'before'));
    await machine.restart();
    await giveBack();
    for (let turn = 0; turn < 3; turn += 1) {
      await machine.stop();
      putBack(machine.home, join(folder, 'before'), ['kept']);
      wreck();
      await machine.restart();
      expect(usable()).toEqual([]);
      expect(codeOf(await machine.licensing().accept(file))).toBe('LEASE_RELEASED');
      expect(readdirSync(join(machine.home, 'kept')).filter((name) => name.endsWith('.lklic'))).toEqual([]);
      expect(readFileSync(join(machine.home, 'counter'), 'utf8')).toContain(lease);
      authority.clock.advance(60);
    }
    expect(setAsides(machine.home)).toHaveLength(3);
  });

  test('grants nothing that is merely dropped among the files kept: of another machine, of a request never made, of another computer', async () => {
    const neighbour = await startClient({ clock: authority.clock, authority: null, keyset: authority.keyset(), name: 'WS-043' });
    const foreign = await answer(authority, unwrap(await neighbour.licensing().createRequest({ product: 'stage' })).text, 'lic_stage', 30);
    await machine.stop();
    const drop = (text: string): void => writeFileSync(join(machine.home, 'kept/lse_x.fil_x.file.lklic'), text);
    drop(foreign);
    wreck();
    await machine.restart();
    expect(usable()).toEqual([]);
    expect(machine.licensing().state().recovery).toMatchObject({ rebuilt: 0, refused: [{ code: 'FILE_WRONG_MACHINE' }] });
    // While the database is whole nothing there is even looked at, and it is tidied away.
    await machine.stop();
    drop(foreign);
    await machine.restart();
    expect(machine.licensing().current()).toEqual([]);
    expect(existsSync(join(machine.home, 'kept/lse_x.fil_x.file.lklic'))).toBe(false);
    unwrap(await neighbour.licensing().accept(foreign));
    const { lease } = unwrap(await neighbour.licensing().accept(foreign)) as { lease: string };
    unwrap(await authority.authority().accept(unwrap(await neighbour.licensing().releaseByProof(lease)).text));
    await neighbour.close();
  });

  test('may have lost its kept files too: cut, emptied, missing; what is left is read back', async () => {
    const stage = await take('stage', 'lic_stage');
    await take('grade', 'lic_single');
    await machine.stop();
    const kept = join(machine.home, 'kept');
    const grade = readdirSync(kept).find((name) => name.endsWith('.lklic') && !name.startsWith(stage.lease)) ?? '';
    truncateSync(join(kept, grade), 200);
    wreck();
    await machine.restart();
    expect(usable()).toEqual([stage.lease]);
    await machine.stop();
    rmSync(kept, { recursive: true });
    wreck();
    await machine.restart();
    expect(usable()).toEqual([]);
    expect(machine.licensing().state().recovery).toMatchObject({ rebuilt: 0, refused: [] });
    // The person takes the next step that was named: a new request gets the same seats back.
    expect(await take('grade', 'lic_single')).toMatchObject({ lease: expect.any(String) });
    await take('stage', 'lic_stage');
    await giveBack();
  });

  test('forgets neither the request that is on its way nor the proof that was not delivered: the answer is taken, the seat comes back', async () => {
    const { lease, file } = await take('stage', 'lic_stage', 60);
    const proof = unwrap(await machine.licensing().releaseByProof(lease));
    const asked = unwrap(await machine.licensing().createRequest({ product: 'grade', days: 30 }));
    const dropped = unwrap(await machine.licensing().createRequest({ product: 'stage', days: 10 }));
    const { requests } = machine.licensing().state();
    unwrap(machine.licensing().discardRequest(requests.find(({ fileName, product }) => fileName === dropped.name && product === 'stage')?.id ?? ''));
    const before = machine.licensing().state();
    expect([before.requests.length, before.givenUp.length]).toEqual([1, 1]);
    const answered = await answer(authority, asked.text, 'lic_single', 30);
    for (const memory of ['all', 'no second copy'] as const) {
      await machine.stop();
      wreck();
      if (memory === 'no second copy') rmSync(join(machine.home, 'counter'));
      await machine.restart();
      const { requests: waiting, givenUp, recovery } = machine.licensing().state();
      expect({ waiting, givenUp }).toEqual({ waiting: before.requests, givenUp: before.givenUp });
      expect(recovery).toMatchObject({ rebuilt: 0, refused: [], lost: 0, proofs: 1, requests: 1 });
      expect(unwrap(machine.licensing().proofFile(lease))).toEqual(proof);
      expect(unwrap(machine.licensing().requestFile(before.requests[0]?.id ?? ''))).toEqual(asked);
      expect(codeOf(await machine.licensing().accept(file))).toBe('LEASE_RELEASED');
      expect(machine.ports().store.machine().seq).toBe(4 - Number(memory === 'no second copy'));
    }
    expect(unwrap(await machine.licensing().diagnose()).find(({ subject }) => subject === 'recovery')).toMatchObject({ ok: true, facts: { proofs: 1, requests: 1 } });
    unwrap(await machine.licensing().accept(answered));
    unwrap(await machine.licensing().accept(unwrap(await authority.authority().accept(proof.text)).receipt));
    expect(usable()).toHaveLength(1);
    // What was answered is kept no longer: it does not come back, and is not asked twice.
    expect(readdirSync(join(machine.home, 'kept')).filter((name) => /\.(lkreq|lkrel)$/.test(name))).toEqual([]);
    await machine.stop();
    wreck();
    await machine.restart();
    expect(machine.licensing().state()).toMatchObject({ requests: [], givenUp: [] });
    expect(usable()).toHaveLength(1);
    await giveBack();
  });

  test('frees the seat of a license that was given up while the authority was away, as soon as it is there again', async () => {
    const online = await startClient({ clock: authority.clock, authority: authority.url, keyset: authority.keyset() });
    unwrap(await online.licensing().account.signIn({ email: 'editor@northlight.example', password: PASSWORD }));
    const { lease } = unwrap(await online.licensing().checkout({ license: 'lic_online' }));
    online.wire.set('cut');
    await online.licensing().release({ lease, reason: 'user' });
    await online.stop();
    writeFileSync(databaseOf(online.home), Buffer.alloc(8192));
    await online.restart();
    expect(online.licensing().state()).toMatchObject({ leases: [], givenUp: [{ lease, receiptAt: null }], recovery: { rebuilt: 0, proofs: 1 } });
    online.wire.set('up');
    await online.licensing().deliver();
    expect(online.licensing().state().givenUp).toMatchObject([{ lease, receiptAt: authority.clock.now() }]);
    await online.close();
  });

  test.each([
    ['cut', (text: string) => text.slice(0, 300)],
    ['one character changed in the signature', (text: string) => text.split('\n').map((line, at, { length }) => (at === length - 4 ? line.slice(0, -1) + (line.endsWith('A') ? 'B' : 'A') : line)).join('\n')],
    ['another document', () => 'nothing of this kind'],
  ] as const)('in a database that still opens, a request and a proof that are not as they were signed come back from their copies: %s', async (_, spoil) => {
    const { lease, file } = await take('stage', 'lic_stage', 60);
    const proof = unwrap(await machine.licensing().releaseByProof(lease));
    const asked = unwrap(await machine.licensing().createRequest({ product: 'grade', days: 30 }));
    const answered = await answer(authority, asked.text, 'lic_single', 30);
    const before = machine.licensing().state();
    await machine.stop();
    edit(machine.home, (database) => {
      database.prepare('UPDATE release SET proof_text = ?').run(spoil(proof.text));
      database.prepare('UPDATE request SET text = ? WHERE state = ?').run(spoil(asked.text), 'pending');
    });
    await machine.restart();
    const { requests, givenUp, recovery } = machine.licensing().state();
    expect({ requests, givenUp }).toEqual({ requests: before.requests, givenUp: before.givenUp });
    expect(recovery).toMatchObject({ path: null, rebuilt: 0, refused: [], lost: 0, proofs: 1, requests: 1 });
    expect(unwrap(machine.licensing().proofFile(lease))).toEqual(proof);
    expect(codeOf(await machine.licensing().accept(file))).toBe('LEASE_RELEASED');
    unwrap(await machine.licensing().accept(answered));
    unwrap(await machine.licensing().accept(unwrap(await authority.authority().accept(proof.text)).receipt));
    // Told once, and what has been answered stays answered.
    unwrap(machine.licensing().dismissRecovery());
    await machine.restart();
    expect(machine.licensing().state()).toMatchObject({ requests: [], givenUp: [{ lease, receiptAt: authority.clock.now() }], recovery: null });
    await giveBack();
  });

  test('takes no proof and no request that another machine wrote, none that does not fit its file, and none for the time', async () => {
    const { lease, file } = await take('stage', 'lic_stage', 60);
    const other = await take('grade', 'lic_single', 60);
    const neighbour = await startClient({ clock: authority.clock, authority: null, keyset: authority.keyset(), name: 'WS-043' });
    const foreign = unwrap(await neighbour.licensing().createRequest({ product: 'stage' })).text;
    const scene = await newScene();
    const claims = unwrap(parseKind('license', file)).claims;
    const forged = await signDocument('release', { iss: claims.aud, aud: claims.iss, sub: lease, file: claims.jti, jti: 'rel_forged', iat: authority.clock.now(), seq: 9, reason: 'user' }, scene.machine.key);
    const now = authority.clock.now();
    authority.clock.set(now - 3 * DAY);
    const timed = unwrap(await machine.licensing().createTimeRequest()).text;
    authority.clock.set(now);
    expect(readdirSync(join(machine.home, 'kept')).filter((name) => name.endsWith('.lkreq'))).toEqual([]);
    await machine.stop();
    const drop = (name: string, text: string): void => writeFileSync(join(machine.home, 'kept', name), text);
    drop('req_a.lkreq', foreign);
    drop('req_b.lkreq', timed);
    drop('req_c.lkreq', 'no document');
    drop(`${lease}.rel_forged.lkrel`, forged);
    drop(`${lease}.rel_forged.lklic`, file);
    drop(`${lease}.rel_other.lkrel`, forged);
    drop(`${lease}.rel_other.lklic`, other.file);
    drop(`${lease}.rel_alone.lkrel`, forged);
    wreck();
    await machine.restart();
    expect(usable()).toEqual([lease, other.lease].sort());
    expect(machine.licensing().state()).toMatchObject({ requests: [], givenUp: [], recovery: { rebuilt: 2, proofs: 0, requests: 0 } });
    expect(readdirSync(join(machine.home, 'kept')).filter((name) => /\.(lkreq|lkrel)$/.test(name))).toEqual([]);
    await giveBack();
    await neighbour.close();
  });

  test('is not there at all, with its second copy or without: the leases are read back all the same', async () => {
    const stage = await take('stage', 'lic_stage');
    await machine.stop();
    rmSync(databaseOf(machine.home));
    await machine.restart();
    expect(usable()).toEqual([stage.lease]);
    expect(machine.licensing().state().recovery).toMatchObject({ path: null, rebuilt: 1 });
    expect(machine.ports().store.machine().seq).toBe(1);
    await giveBack();
  });

  test('waits for what may pass: a clock that is wrong now keeps the files, and they are read back when it is right', async () => {
    const stage = await take('stage', 'lic_stage');
    const now = authority.clock.now();
    await machine.stop();
    wreck();
    authority.clock.set(now - 3 * DAY);
    await machine.restart();
    expect(machine.licensing().current()).toEqual([]);
    expect(machine.licensing().state().recovery).toMatchObject({ rebuilt: 0, refused: [{ code: 'CLOCK_ROLLED_BACK' }] });
    expect(unwrap(await machine.licensing().diagnose()).find(({ subject }) => subject === 'recovery')).toMatchObject({ ok: false, facts: { waiting: true } });
    await machine.restart();
    authority.clock.set(now);
    await machine.licensing().start();
    machine.schedule.advance(6);
    await expect.poll(() => usable()).toEqual([stage.lease]);
    expect(machine.licensing().state().recovery).toMatchObject({ rebuilt: 1, refused: [] });
    await giveBack();
  });

  test('was that of a machine that pinned its authority at sign-in: whom it trusts survives, online leases too', async () => {
    const online = await startClient({ clock: authority.clock, authority: authority.url });
    unwrap(await online.licensing().account.signIn({ email: 'editor@northlight.example', password: PASSWORD }));
    const { lease } = unwrap(await online.licensing().checkout({ license: 'lic_online' }));
    await online.stop();
    writeFileSync(databaseOf(online.home), Buffer.alloc(8192));
    await online.restart();
    expect(online.ports().store.keysets()).toMatchObject([{ version: 1, source: 'pinned' }]);
    expect(online.licensing().current()).toMatchObject([{ id: lease, mode: 'online', carrier: 'network', standing: { usable: true } }]);
    unwrap(await online.licensing().heartbeat());
    unwrap(await online.licensing().release({ lease, reason: 'user' }));
    await online.close();
  });

  test('a chain of keysets is walked again from its beginning: one that nobody vouched for is not believed', async () => {
    const scene = await newScene();
    const island = await startClient({ clock: { now: () => NOW }, authority: null, keyset: await signDocument('keyset', scene.keyset, scene.root.key) });
    const next = { ...scene.keyset, version: 2, keys: scene.keyset.keys.map((key) => (key.role === 'license' ? { ...key, revokedAt: NOW } : key)) };
    const request = unwrap(parseKind('request', unwrap(await island.licensing().createRequest({ product: 'aurora' })).text)).claims;
    unwrap(await island.licensing().accept(await signDocument('license', licenseClaims(scene, { aud: request.iss, cnf: { jkt: request.iss.slice(4) }, fp: request.fp, req: request.jti }), scene.license.key)));
    unwrap(await island.licensing().accept(await signDocument('keyset', next, scene.root.key)));
    const stranger = await newScene();
    await island.stop();
    writeFileSync(join(island.home, 'kept/3.update.lkkeys'), await signDocument('keyset', { ...next, version: 3, keys: scene.keyset.keys }, stranger.root.key));
    writeFileSync(databaseOf(island.home), 'gone');
    await island.restart();
    // The revocation is not forgotten: what the revoked key signed is not read back.
    expect(island.licensing().current()).toEqual([]);
    expect(island.licensing().state().recovery).toMatchObject({ refused: [{ code: 'FILE_NOT_GENUINE' }] });
    expect(unwrap(await island.licensing().inspect(await signDocument('request', requestClaims(scene), scene.machine.key)))).toMatchObject({ kind: 'request' });
    await island.close();
  });
});

describe('a database that is damaged anywhere', { timeout: 480_000 }, () => {
  /** A home with something in every table, at rest; `lively` has its newest commits in the write-ahead log. */
  let lively: string;
  let quiet: string;
  let leases: string[];

  beforeEach(async () => {
    const held = [(await take('stage', 'lic_stage', 60)).lease, (await take('grade', 'lic_single', 60)).lease];
    await machine.restart({ authority: authority.url });
    unwrap(await machine.licensing().account.signIn({ email: 'editor@northlight.example', password: PASSWORD }));
    const online = unwrap(await machine.licensing().checkout({ license: 'lic_online' })).lease;
    const given = unwrap(await machine.licensing().checkout({ license: 'lic_harbor' })).lease;
    unwrap(await machine.licensing().release({ lease: given, reason: 'user' }));
    await machine.restart({ authority: null });
    unwrap(await machine.licensing().createRequest({ product: 'stage' }));
    unwrap(await machine.licensing().releaseByProof((await take('board', 'lic_board', 60)).lease));
    await machine.licensing().accept('not a document');
    leases = [...held, online].sort();
    lively = join(folder, 'lively');
    quiet = join(folder, 'quiet');
    snapshot(machine.home, lively);
    await machine.stop();
    snapshot(machine.home, quiet);
  });
  /** Starts on what was done to the home; says what became of it. */
  const startOn = async (from: string, damage: (home: string) => void): Promise<'whole' | 'set aside' | 'suspended'> => {
    await machine.stop();
    rmSync(machine.home, { recursive: true });
    cpSync(from, machine.home, { recursive: true });
    rmSync(join(machine.home, 'latchkey.db-shm'), { force: true });
    damage(machine.home);
    const damaged = Object.fromEntries(databaseFiles.filter((name) => existsSync(join(machine.home, name))).map((name) => [name, readFileSync(join(machine.home, name))]));
    await machine.restart();
    const { setAside, rolledBack } = machine.ports().store.facts();
    if (rolledBack) {
      expect(usable()).toEqual([]);
      return 'suspended';
    }
    expect(usable()).toEqual(leases);
    if (setAside === null) return 'whole';
    if (from === quiet) expect(readFileSync(setAside)).toEqual(damaged['latchkey.db']);
    expect(machine.licensing().state().recovery).toMatchObject({ path: setAside, rebuilt: leases.length, refused: [], lost: 0, proofs: 1, requests: 1 });
    return 'set aside';
  };
  const file = (home: string, name: string, change: (bytes: Buffer) => Buffer | void): void => {
    const path = join(home, name);
    const bytes = readFileSync(path);
    writeFileSync(path, change(bytes) ?? bytes);
  };
  /** Positions drawn evenly over a file, the same ones each run. */
  const spread = (length: number, count: number): number[] => Array.from({ length: count }, (_, index) => Math.floor(((index + ((index * 0.618) % 1)) / count) * length));
  const count = async (turns: readonly (() => Promise<string>)[]): Promise<Record<string, number>> => {
    const seen: Record<string, number> = {};
    for (const turn of turns) {
      const what = await turn();
      seen[what] = (seen[what] ?? 0) + 1;
    }
    return seen;
  };

  test('every byte of its header, and bytes all over its pages, turned over: it opens whole or is set aside, and the leases are back', async () => {
    const { length } = readFileSync(join(quiet, 'latchkey.db'));
    const places = [...Array.from({ length: 100 }, (_, at) => at), ...spread(length, 120)];
    const seen = await count(places.map((at) => () => startOn(quiet, (home) => file(home, 'latchkey.db', (bytes) => void (bytes[at] = (bytes[at] ?? 0) ^ (1 << at % 8) ^ 0x40)))));
    expect(seen['suspended'] ?? 0).toBe(0);
    expect(seen['set aside']).toBeGreaterThan(20);
  });

  test('whole pages of it filled with zeros or with text', async () => {
    const pages = readFileSync(join(quiet, 'latchkey.db')).length / 4096;
    const turns = Array.from({ length: pages }, (_, page) => [0, 0x78].map((fill) => () =>
      startOn(quiet, (home) => file(home, 'latchkey.db', (bytes) => void bytes.fill(fill, page * 4096, (page + 1) * 4096))))).flat();
    const seen = await count(turns);
    expect(seen['suspended'] ?? 0).toBe(0);
    expect(seen['set aside']).toBeGreaterThan(pages);
  });

  test('it is cut off anywhere', async () => {
    const { length } = readFileSync(join(quiet, 'latchkey.db'));
    const seen = await count([0, 1, 99, 100, 4095, 4096, ...spread(length, 30)].map((at) => () => startOn(quiet, (home) => truncateSync(databaseOf(home), at))));
    expect(seen['suspended'] ?? 0).toBe(0);
    expect(seen['set aside']).toBeGreaterThan(20);
  });

  test('the write-ahead log is damaged or cut: nothing is in use that was given up, and what is suspended says that it is older', async () => {
    const { length } = readFileSync(join(lively, 'latchkey.db-wal'));
    expect(length).toBeGreaterThan(0);
    const seen = await count(spread(length, 25).flatMap((at) => [
      () => startOn(lively, (home) => file(home, 'latchkey.db-wal', (bytes) => void (bytes[at] = (bytes[at] ?? 0) ^ 0x55))),
      () => startOn(lively, (home) => truncateSync(join(home, 'latchkey.db-wal'), at)),
    ]));
    expect(Object.keys(seen).length).toBeGreaterThan(0);
    expect(seen['suspended'] ?? 0).toBeGreaterThan(0);
  });
});
