import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openHome } from '../../src-main/adapter/index.ts';
import { createLicensing } from '../../src-main/licensing/index.ts';
import { fail, ok, unwrap } from '../../src-shared/result.ts';
import { MINUTE } from '../../src-shared/time.ts';
import { PASSWORD, settableClock, startAuthority } from '../support/authority.ts';
import type { SettableClock, TestAuthority } from '../support/authority.ts';
import { eventually, manualSchedule } from '../support/client.ts';
import { createCommandLine, realTime } from '../support/command.ts';
import { everyRow } from '../support/home-files.ts';
import { fingerprintOf } from '../support/machine.ts';

/** One home on two computers: a network drive, or a volume that two hosts mount. */
let authority: TestAuthority;
let clock: SettableClock;
let home: string;
beforeEach(async () => {
  clock = settableClock();
  authority = await startAuthority({ clock });
  home = mkdtempSync(join(tmpdir(), 'latchkey-shared-'));
});
afterEach(async () => {
  await authority.close();
  rmSync(home, { recursive: true, force: true });
});

const openOn = (name: string, ids: readonly string[] = [name]) => openHome({
  home, authority: authority.url, trust: { keyset: authority.keyset(), packaged: false }, app: 'test 1', clock, schedule, computer: { name, ids }, readFingerprint: async () => fingerprintOf(name),
});
let schedule = manualSchedule();
const files = () => Object.fromEntries((readdirSync(home, { recursive: true }) as string[]).filter((name) => /lklic$|counter$|json$/.test(name)).map((name) => [name, readFileSync(join(home, name), 'utf8')]));

const runOn = async (name: string) => {
  schedule = manualSchedule();
  const { ports, close } = unwrap(await openOn(name));
  const licensing = await createLicensing(ports);
  unwrap(await licensing.account.signIn({ email: 'editor@northlight.example', password: PASSWORD }));
  unwrap(await licensing.checkout({ license: 'lic_stage', mode: 'offline', days: 30 }));
  await licensing.start();
  await eventually('it says that it is there', () => existsSync(join(home, 'in-use.json')), 30_000);
  return {
    stop: async () => {
      await licensing.stop();
      close();
    },
    close,
  };
};

test('a second computer is told which one uses the home, and changes nothing in it', async () => {
  const first = await runOn('alpha');
  const [before, rows] = [files(), everyRow(join(home, 'latchkey.db'))];
  expect(before['licenses/stage.lklic']).toContain('LICENSE FILE');
  expect(await openOn('beta')).toEqual(fail('STORE_UNUSABLE', { why: 'home-in-use', path: home, computer: 'alpha', at: clock.now() }));
  expect([files(), everyRow(join(home, 'latchkey.db'))]).toEqual([before, rows]);
  // Containers of one computer have a name each and its kernel in common.
  const container = await openOn('container', ['other', 'alpha']);
  expect(container).toMatchObject(ok({}));
  unwrap(container).close();
  await first.stop();
});

test('a computer that goes on using the home keeps it, and one that stops leaves it', async () => {
  const first = await runOn('alpha');
  clock.advance(4 * MINUTE);
  schedule.advance(5);
  await eventually('it says so again', () => (JSON.parse(readFileSync(join(home, 'in-use.json'), 'utf8')) as { at: number }).at === clock.now(), 30_000);
  clock.advance(4 * MINUTE);
  expect(await openOn('beta')).toMatchObject(fail('STORE_UNUSABLE', { why: 'home-in-use', computer: 'alpha' }));
  await first.stop();
  expect(existsSync(join(home, 'in-use.json'))).toBe(false);
  unwrap(await openOn('beta')).close();
});

test('a profile that has moved goes on as before when its old computer gives no sign of life', async () => {
  const first = await runOn('alpha');
  first.close();
  clock.advance(5 * MINUTE);
  const { ports, close } = unwrap(await openOn('beta'));
  const licensing = await createLicensing(ports);
  expect(licensing.current()).toMatchObject([{ standing: { usable: false, code: 'FINGERPRINT_MISMATCH' } }]);
  close();
});

test('the command line says it too', async () => {
  const real = await startAuthority({ clock: realTime });
  const commands = createCommandLine(real);
  const there = commands.home('shared');
  await there.login();
  await there.json(['checkout', 'lic_stage']);
  writeFileSync(join(there.path, 'in-use.json'), JSON.stringify({ v: 1, computer: 'render-07', ids: ['another'], at: realTime.now() }));
  const refused = await there.latchkey(['status']);
  expect(refused.status).toBe(7);
  expect(refused.err).toContain('render-07');
  expect(existsSync(join(there.path, 'licenses/stage.lklic'))).toBe(true);
  writeFileSync(join(there.path, 'in-use.json'), 'not a record');
  expect((await there.latchkey(['status'])).status).toBe(0);
  commands.close();
  await real.close();
});
