import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { signDocument } from '../../src-shared/documents/index.ts';
import { unwrap } from '../../src-shared/result.ts';
import { DAY } from '../../src-shared/time.ts';
import { settableClock, startAuthority } from '../support/authority.ts';
import type { SettableClock, TestAuthority } from '../support/authority.ts';
import { codeOf, startClient } from '../support/client.ts';
import type { TestClient } from '../support/client.ts';
import { licenseClaims, newScene, NOW } from '../support/documents.ts';
import { acceptProof, answer } from '../support/exchange.ts';
import { databaseFiles, putBack, snapshot } from '../support/home-files.ts';

/** Somebody takes the database away, or puts an older one back, and leaves `counter` as it is: what the rebuild must not give, and what it must not lose. */
let authority: TestAuthority;
let own: SettableClock;
let folder: string;
let machine: TestClient;

beforeEach(async () => {
  authority = await startAuthority();
  own = settableClock(authority.clock.now());
  folder = mkdtempSync(join(tmpdir(), 'latchkey-rebuilt-'));
  machine = await startClient({ clock: own, authority: null, keyset: authority.keyset(), name: 'WS-042' });
});
afterEach(async () => {
  await machine.close();
  await authority.close();
  rmSync(folder, { recursive: true, force: true });
});

const ask = async (want: { product?: string; lease?: string }): Promise<string> => unwrap(await machine.licensing().createRequest({ days: 30, ...want })).text;
const take = async (days = 30): Promise<{ lease: string; file: string }> => {
  const file = await answer(authority, await ask({ product: 'stage' }), 'lic_stage', days);
  const { lease } = unwrap(await machine.licensing().accept(file)) as { lease: string };
  return { lease, file };
};
const usable = (): string[] => machine.licensing().current().filter(({ standing }) => standing.usable).map(({ id }) => id);
const standings = (): unknown[] => machine.licensing().current().map(({ standing }) => (standing.usable ? 'usable' : standing.code));
const advance = (by: number): void => {
  own.advance(by);
  authority.clock.advance(by);
};
const drop = (file: string): void => {
  mkdirSync(join(machine.home, 'kept'), { recursive: true });
  writeFileSync(join(machine.home, 'kept/lse_x.fil_x.file.lklic'), file);
};
const loseDatabase = async (meanwhile: () => void = () => undefined): Promise<void> => {
  await machine.stop();
  for (const name of databaseFiles) rmSync(join(machine.home, name), { force: true });
  meanwhile();
  await machine.restart();
};
/** What a running program does every few seconds. */
const look = async (): Promise<void> => void (await machine.licensing().checkClock());
const recoveryFacts = async () => unwrap(await machine.licensing().diagnose()).find(({ subject }) => subject === 'recovery')?.facts;

describe('a rebuild does not give back', () => {
  test('a lease that was given up, also where the clock stood past its end while the database was lost, and was then set right', async () => {
    const { lease, file } = await take();
    await acceptProof(authority, unwrap(await machine.licensing().releaseByProof(lease)).text);
    own.advance(400 * DAY);
    await look();
    await loseDatabase();
    own.advance(-400 * DAY);
    await machine.restart();
    const ticket = unwrap(await authority.authority().tellTime(unwrap(await machine.licensing().createTimeRequest()).text)).ticket;
    unwrap(await machine.licensing().accept(ticket));
    await loseDatabase(() => drop(file));
    expect(usable()).toEqual([]);
    expect(codeOf(await machine.licensing().accept(file))).toBe('LEASE_RELEASED');
  });

  test('a later file of a lease that was given up, kept in a drawer until the one that was held has ended', async () => {
    const { lease } = await take(10);
    const longer = await answer(authority, await ask({ lease }), 'lic_stage', 60);
    await acceptProof(authority, unwrap(await machine.licensing().releaseByProof(lease)).text);
    advance(11 * DAY);
    await machine.restart();
    // Something newer is signed for this machine meanwhile.
    const { lease: next } = await take(5);
    await acceptProof(authority, unwrap(await machine.licensing().releaseByProof(next)).text);
    await loseDatabase(() => drop(longer));
    expect(usable()).toEqual([]);
    expect(codeOf(await machine.licensing().accept(longer))).toBe('LEASE_RELEASED');
  });

  test('an earlier and longer file of a lease that was renewed for less, however often the database is lost', async () => {
    const { lease, file } = await take(60);
    unwrap(await machine.licensing().accept(await answer(authority, await ask({ lease }), 'lic_stage', 10)));
    advance(11 * DAY);
    await machine.restart();
    expect(standings()).toEqual(['LEASE_EXPIRED']);
    for (let turn = 0; turn < 3; turn += 1) {
      await loseDatabase(() => drop(file));
      expect(usable()).toEqual([]);
    }
    // One lease is missing, and what is said of it is what became of its newest file.
    expect(machine.licensing().state().recovery).toMatchObject({ refused: [{ code: 'FILE_EXPIRED' }] });
  });
});

describe('a database put back to when a request for the time waited', () => {
  test.each(['the ticket was used', 'the clock was right again without it', 'the request was discarded by hand'])('is older than its second copy: %s', async (what) => {
    await take();
    const told = own.now();
    own.advance(3 * DAY);
    await look();
    own.set(told);
    const ticket = unwrap(await authority.authority().tellTime(unwrap(await machine.licensing().createTimeRequest()).text)).ticket;
    await machine.stop();
    snapshot(machine.home, join(folder, 'before'));
    await machine.restart();

    if (what.startsWith('the ticket')) unwrap(await machine.licensing().accept(ticket));
    else if (what.startsWith('the clock')) {
      own.advance(3 * DAY);
      await look();
    } else unwrap(machine.licensing().discardRequest(machine.licensing().state().requests[0]?.id ?? ''));
    own.set(told + 29 * DAY);
    await look();
    await machine.stop();
    putBack(machine.home, join(folder, 'before'), databaseFiles);
    own.set(told);
    await machine.restart();
    expect(codeOf(await machine.licensing().accept(ticket))).toBe('STORE_ROLLED_BACK');
    expect(standings()).toEqual(['STORE_ROLLED_BACK']);
    // Nor does anything that happens meanwhile make it look as if it were not.
    own.set(told + 29 * DAY);
    await look();
    await machine.restart();
    own.set(told);
    await machine.restart();
    expect(standings()).toEqual(['STORE_ROLLED_BACK']);
  });
});

test('a database put back, with what is kept, to before a shorter file was taken: the longer one is not in use again, though no number was used between', async () => {
  const { lease } = await take(60);
  const shorter = await answer(authority, await ask({ lease }), 'lic_stage', 10);
  await machine.stop();
  snapshot(machine.home, join(folder, 'before'));
  await machine.restart();
  unwrap(await machine.licensing().accept(shorter));
  await machine.stop();
  putBack(machine.home, join(folder, 'before'), [...databaseFiles, 'kept']);
  await machine.restart();
  expect(usable()).toEqual([]);
  // The shorter one is answered by a request that waits there: it can be taken again.
  unwrap(await machine.licensing().accept(shorter));
  expect(machine.licensing().current()).toMatchObject([{ id: lease, until: own.now() + 10 * DAY, standing: { usable: true } }]);
});

describe('a rebuild does not lose', () => {
  test('a lease whose file seems to have ended because the clock is ahead: it is back when the clock is right', async () => {
    const { lease } = await take();
    await machine.stop();
    own.advance(400 * DAY);
    await loseDatabase();
    expect(usable()).toEqual([]);
    expect(await recoveryFacts()).toMatchObject({ waiting: true });
    own.advance(-400 * DAY);
    await machine.restart();
    unwrap(await machine.licensing().accept(unwrap(await authority.authority().tellTime(unwrap(await machine.licensing().createTimeRequest()).text)).ticket));
    await machine.restart();
    expect(usable()).toEqual([lease]);
    expect(await recoveryFacts()).toMatchObject({ waiting: false });
  });

  test('a lease whose keyset is lost with the database: it is back when the keyset is brought', async () => {
    const scene = await newScene();
    const stranger = await newScene();
    const first = { ...scene.keyset, keys: [...scene.keyset.keys] };
    const second = { ...scene.keyset, version: 2, keys: [...scene.keyset.keys, ...stranger.keyset.keys.filter(({ role }) => role === 'license')] };
    const text = await signDocument('keyset', second, scene.root.key);
    const island = await startClient({ clock: { now: () => NOW }, authority: null, keyset: await signDocument('keyset', first, scene.root.key), name: 'WS-9' });
    unwrap(await island.licensing().accept(text));
    const { id } = island.ports().machine;
    await island.licensing().createRequest({ product: 'aurora' });
    const [asked] = island.licensing().state().requests;
    const fp = licenseClaims(scene).fp;
    await island.restart({ fingerprint: fp });
    const file = await signDocument('license', licenseClaims(scene, { aud: id, cnf: { jkt: id.slice(4) }, req: asked?.id ?? '' }), stranger.license.key);
    unwrap(await island.licensing().accept(file));
    await island.stop();
    for (const name of databaseFiles) rmSync(join(island.home, name), { force: true });
    rmSync(join(island.home, 'kept/2.update.lkkeys'));
    await island.restart();
    expect(island.licensing().state().recovery).toMatchObject({ refused: [{ code: 'FILE_NOT_GENUINE' }] });
    unwrap(await island.licensing().accept(text));
    await island.restart();
    expect(island.licensing().current()).toMatchObject([{ standing: { usable: true } }]);
    await island.close();
  });
});
