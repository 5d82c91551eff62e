import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { contract } from '../../src-shared/http/index.ts';
import { unwrap } from '../../src-shared/result.ts';
import { DAY } from '../../src-shared/time.ts';
import { PASSWORD, settableClock, startAuthority } from '../support/authority.ts';
import type { TestAuthority } from '../support/authority.ts';
import { createCommandLine } from '../support/command.ts';
import { eventually, startClient } from '../support/client.ts';
import type { TestClient } from '../support/client.ts';

/** A laptop is closed on Friday and opened on Monday; its online license was good for a day. */
const clock = settableClock();
let authority: TestAuthority;
let laptop: TestClient;
let colleague: TestClient;
beforeAll(async () => {
  authority = await startAuthority({ clock });
});
afterAll(() => authority.close());
beforeEach(async () => {
  laptop = await startClient({ clock, keyset: authority.keyset(), authority: authority.url, name: 'laptop' });
  colleague = await startClient({ clock, keyset: authority.keyset(), authority: authority.url, name: 'workstation' });
  unwrap(await laptop.licensing().account.signIn({ email: 'editor@northlight.example', password: PASSWORD }));
  unwrap(await colleague.licensing().account.signIn({ email: 'manager@northlight.example', password: PASSWORD }));
});
afterEach(async () => {
  for (const client of [laptop, colleague]) {
    await client.licensing().stop();
    for (const { id } of client.licensing().current()) await client.licensing().release({ lease: id, reason: 'user' });
    await client.close();
  }
});

const settled = (client: TestClient) => eventually('what was due is done', () => client.schedule.pending() >= 2, 30_000);
/** Its timers stand still while it sleeps. */
const sleep = async (seconds: number): Promise<void> => {
  await settled(laptop);
  clock.advance(seconds);
};
const wake = (): void => laptop.schedule.advance(5);

test.each([['by a look at the clock', wake], ['as the system says', () => laptop.licensing().wake()]])('a license that ended while the computer slept is taken again when it wakes (%s), and that is said', { timeout: 240_000 }, async (_, wakes) => {
  const { lease } = unwrap(await laptop.licensing().checkout({ license: 'lic_single' }));
  await laptop.licensing().start();
  await sleep(3 * DAY);
  wakes();
  await eventually('it is in use again', () => laptop.licensing().current().some(({ license, standing }) => license === 'lic_single' && standing.usable), 30_000);
  const [held, ...others] = laptop.licensing().current();
  expect([held?.license, others]).toEqual(['lic_single', []]);
  expect(held?.id).not.toBe(lease);
  await eventually('it is said', () => laptop.licensing().state().notices.some(({ kind }) => kind === 'taken-again'), 30_000);
  expect(laptop.licensing().state().notices).toMatchObject([{ kind: 'taken-again', lease: held?.id, productName: 'Grade' }]);
  // One seat, held once.
  const token = await authority.signIn('editor@northlight.example');
  expect(unwrap(await authority.call(token)(contract.leases.mine, {})).leases.map(({ id }) => id)).toEqual([held?.id]);
});

test('where somebody else has the seat by then, it says who', { timeout: 240_000 }, async () => {
  const { lease } = unwrap(await laptop.licensing().checkout({ license: 'lic_single' }));
  await laptop.licensing().start();
  await sleep(3 * DAY);
  unwrap(await colleague.licensing().checkout({ license: 'lic_single' }));
  wake();
  const told = () => laptop.licensing().state().notices.find(({ kind, details }) => kind === 'expired' && details['code'] !== undefined);
  await eventually('it is said', () => told() !== undefined, 30_000);
  expect(told()).toMatchObject({ lease, details: { code: 'SEAT_LIMIT_EXCEEDED', holders: 'Mia Manager (workstation)' } });
  // Not asked for again and again: a person decides now.
  await settled(laptop);
  const asked = () => laptop.wire.sent.filter((each) => each.endsWith('/checkouts')).length;
  const before = asked();
  for (let passed = 0; passed < 700; passed += 50) {
    clock.advance(50);
    laptop.schedule.advance(50);
    await settled(laptop);
  }
  expect(asked()).toBe(before);
});

test('what a person takes while the computer wakes is not told as taken again', { timeout: 240_000 }, async () => {
  unwrap(await laptop.licensing().checkout({ license: 'lic_stage' }));
  clock.advance(60);
  unwrap(await laptop.licensing().checkout({ license: 'lic_single' }));
  // The newest is asked for first.
  expect(laptop.licensing().current()).toMatchObject([{ license: 'lic_single' }, { license: 'lic_stage' }]);
  await laptop.licensing().start();
  await sleep(3 * DAY);
  unwrap(await colleague.licensing().checkout({ license: 'lic_single' }));
  const asking = laptop.wire.hold(/checkouts/);
  wake();
  await eventually('the first license was asked for', () => asking.arrived() === 1, 30_000);
  const looking = laptop.wire.hold(/entitlements/);
  asking.letGo();
  await eventually('it was refused, and is looked for', () => looking.arrived() > 0, 30_000);
  const { lease } = unwrap(await laptop.licensing().checkout({ license: 'lic_stage' }));
  looking.letGo();
  await settled(laptop);
  await eventually('it is said who has the first one', () => laptop.licensing().state().notices.some(({ kind, details }) => kind === 'expired' && details['code'] === 'SEAT_LIMIT_EXCEEDED'), 30_000);
  await settled(laptop);
  expect(laptop.licensing().current().filter(({ standing }) => standing.usable)).toMatchObject([{ id: lease, license: 'lic_stage' }]);
  expect(laptop.notices.filter(({ kind }) => kind === 'taken-again')).toEqual([]);
});

test('what one person took is not taken again for the person who signed in after them', { timeout: 240_000 }, async () => {
  unwrap(await laptop.licensing().checkout({ license: 'lic_single' }));
  unwrap(await laptop.licensing().account.signOut({ release: false }));
  unwrap(await laptop.licensing().account.signIn({ email: 'second@northlight.example', password: PASSWORD }));
  await laptop.licensing().start();
  await sleep(3 * DAY);
  wake();
  await eventually('the end is said', () => laptop.licensing().state().notices.some(({ kind }) => kind === 'expired'), 30_000);
  await settled(laptop);
  expect(laptop.licensing().current().filter(({ standing }) => standing.usable)).toEqual([]);
  const token = await authority.signIn('second@northlight.example');
  expect(unwrap(await authority.call(token)(contract.leases.mine, {})).leases).toEqual([]);
});

test('what a person released, or a command took, is not taken by the app', { timeout: 240_000 }, async () => {
  unwrap(await laptop.licensing().checkout({ license: 'lic_single', run: true }));
  const { lease } = unwrap(await laptop.licensing().checkout({ license: 'lic_stage' }));
  unwrap(await laptop.licensing().release({ lease, reason: 'user' }));
  await laptop.licensing().start();
  await sleep(3 * DAY);
  wake();
  await eventually('the end is said', () => laptop.licensing().state().notices.some(({ kind }) => kind === 'expired'), 30_000);
  await settled(laptop);
  expect(laptop.licensing().current().filter(({ standing }) => standing.usable)).toEqual([]);
  // The command that took it does, when it is the one that wakes.
  await laptop.licensing().stop();
  await laptop.licensing().start({ notices: false, product: 'grade' });
  await eventually('it is in use again', () => laptop.licensing().current('grade').some(({ standing }) => standing.usable), 30_000);
  const [again] = laptop.licensing().current('grade');
  expect(laptop.ports().store.runLeases()).toContain(again?.id);
});

test('a run whose computer slept takes its license again, says so on its error output, and releases it at its end', { timeout: 300_000 }, async () => {
  let slept = 0;
  const later = await startAuthority({ clock: { now: () => Math.floor(Date.now() / 1000) + slept, set: () => undefined, advance: () => undefined } });
  const commands = createCommandLine(later);
  try {
    const home = commands.home('laptop');
    const file = join(commands.folder, 'slept');
    writeFileSync(file, '0');
    // The clock of its processes, which a sleep moves on and their timers do not notice.
    const node = ['--import', `data:text/javascript,import { readFileSync } from "node:fs";const now=Date.now;Date.now=()=>now()+1000*Number(readFileSync(${JSON.stringify(file)},"utf8")||0)`];
    await home.login();
    const running = home.begin(['run', '--product', 'grade', '--', process.execPath, '-e', 'console.log("up"); process.on("SIGTERM", () => process.exit(0)); setInterval(() => 0, 1000)'], { node });
    await eventually('the command runs', () => running.out().includes('up'), 60_000);
    slept = 3 * DAY;
    writeFileSync(file, String(slept));
    await eventually('it is said', () => running.err().includes('was taken again until'), 60_000);
    running.kill('SIGTERM');
    expect((await running.ended).status).toBe(0);
    expect(await home.json(['status'], { node })).toMatchObject({ leases: [], givenUp: expect.arrayContaining([expect.objectContaining({ reason: 'run-ended' })]) });
  } finally {
    commands.close();
    await later.close();
  }
});
