import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { followLicense, statusFileFor } from '../../src-cli/latchkey/license-status.ts';
import type { LicenseStatus } from '../../src-cli/latchkey/license-status.ts';
import { contract } from '../../src-shared/http/index.ts';
import { unwrap } from '../../src-shared/result.ts';
import { DAY, HOUR, MINUTE } from '../../src-shared/time.ts';
import { PASSWORD, startAuthority } from '../support/authority.ts';
import type { TestAuthority } from '../support/authority.ts';
import { eventually, startClient } from '../support/client.ts';
import { createCommandLine, realTime } from '../support/command.ts';
import type { CommandLine, Home } from '../support/command.ts';
import { fakeTimeLibrary } from '../support/ensure-packages.ts';

/** What an application that `latchkey run` started, and whoever reads its error output, is told of its license. */
const PATIENCE = 30_000;
let authority: TestAuthority;

describe('while an application runs', () => {
  beforeEach(async () => {
    authority = await startAuthority();
  });
  afterEach(() => authority.close());

  test('its status says that its license is not renewed, with each step once, that it is renewed after all, and that it is gone', async () => {
    const client = await startClient({ clock: authority.clock, authority: authority.url, keyset: authority.keyset(), name: 'WS-042' });
    try {
      const licensing = client.licensing();
      unwrap(await licensing.account.signIn({ email: 'editor@northlight.example', password: PASSWORD }));
      const { lease } = unwrap(await licensing.checkout({ license: 'lic_stage' }));
      const since = authority.clock.now();
      const lines: string[] = [];
      const told: LicenseStatus[] = [];
      const [held] = licensing.current();
      if (!held) throw new Error('no lease');
      const following = followLicense(licensing, held, { say: (line) => lines.push(line), changed: (status) => told.push(status) });
      expect(following.now()).toEqual({ version: 1, product: 'stage', state: 'licensed', until: since + DAY, since: null, reason: null });
      await authority.stop();
      await licensing.start({ notices: false });
      await eventually('the loss is seen', () => licensing.state().connection.state === 'unreachable', PATIENCE);
      const pass = async (by: number, count: number): Promise<void> => {
        authority.clock.advance(by);
        await eventually(`line ${count}`, () => {
          client.schedule.advance(5);
          return lines.length >= count;
        }, PATIENCE);
        expect(lines).toHaveLength(count);
      };
      await pass(12 * HOUR + 1, 1);
      expect(lines[0]).toMatch(/^Stage Studio has not been renewed since .* and stops at .*\. The license authority cannot be reached/);
      const unrenewed = { version: 1, product: 'stage', state: 'not-renewed', until: since + DAY, since, reason: 'AUTHORITY_UNREACHABLE' };
      expect(following.now()).toEqual(unrenewed);
      await pass(9 * HOUR, 2);
      await pass(2.5 * HOUR, 3);
      expect(told).toEqual([unrenewed, unrenewed, unrenewed]);
      // The app that shares the home has still to tell its own person.
      expect(client.notices).toEqual([]);
      expect(client.ports().store.lease(lease)?.unrenewed).toBeNull();
      await authority.start();
      await pass(MINUTE, 4);
      expect(lines[3]).toMatch(/^Stage Studio is renewed until /);
      expect(following.now()).toMatchObject({ state: 'licensed', until: authority.clock.now() + DAY });
      unwrap(await authority.call(await authority.signIn('manager@northlight.example'))(contract.leases.release, { params: { lease } }));
      unwrap(await licensing.heartbeat());
      expect(following.now()).toMatchObject({ state: 'not-licensed', until: null });
      expect(lines[4]).toBe('Stage Studio is no longer licensed on this machine.');
    } finally {
      await client.close();
    }
  });
});

test('what a killed run left is removed by a later run of the product once its license has ended a day ago, and nothing else is', () => {
  const home = mkdtempSync(join(tmpdir(), 'latchkey-status-'));
  try {
    mkdirSync(join(home, 'licenses'));
    const now = Math.floor(Date.now() / 1000);
    const write = (name: string, until: number | null): void => writeFileSync(join(home, 'licenses', name), JSON.stringify({ version: 1, product: 'stage', state: 'licensed', until, since: null, reason: null }));
    write('stage.run-0.json', now - 2 * DAY);
    write('stage.run-1.json', now - HOUR);
    write('stage.run-2.json', now + DAY);
    write('stage.run-3.json', null);
    write('stage2.run-0.json', now - 2 * DAY);
    writeFileSync(join(home, 'licenses', 'stage.lklic'), 'x');
    const file = statusFileFor(home, 'stage');
    expect(readdirSync(join(home, 'licenses')).toSorted()).toEqual(['stage.lklic', 'stage.run-1.json', 'stage.run-2.json', 'stage.run-3.json', 'stage2.run-0.json']);
    file.write({ version: 1, product: 'stage', state: 'not-licensed', until: null, since: null, reason: null });
    expect(JSON.parse(readFileSync(file.path, 'utf8'))).toMatchObject({ state: 'not-licensed' });
    file.remove();
    expect(existsSync(file.path)).toBe(false);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});

describe('latchkey run', () => {
  let line: CommandLine;
  let home: Home;
  beforeEach(async () => {
    authority = await startAuthority({ clock: realTime });
    line = createCommandLine(authority);
    home = line.home('home');
    await home.login();
  });
  afterEach(async () => {
    line.close();
    await authority.close();
  });
  /** Prints the status when it starts, and again for each signal. */
  const watching = `
    const fs = require("fs");
    const show = (what) => console.log(what + " " + fs.readFileSync(process.env.LATCHKEY_LICENSE_STATUS, "utf8").trim());
    process.on("SIGUSR2", () => show("signal"));
    process.on("SIGTERM", () => process.exit(0));
    show("start");
    setInterval(() => 0, 1000);`;
  const statusFiles = (): readonly string[] => (existsSync(join(home.path, 'licenses')) ? readdirSync(join(home.path, 'licenses')).filter((name) => name.endsWith('.json')) : []);

  test.skipIf(process.platform === 'win32')('names a status file, sends the signal that was asked for when its license ends, and takes the file away', async () => {
    const running = home.begin(['run', '--product', 'stage', '--notify-signal', 'SIGUSR2', '--', process.execPath, '-e', watching]);
    await eventually('it runs', () => running.out().includes('start'), PATIENCE);
    expect(JSON.parse(running.out().slice('start '.length))).toMatchObject({ version: 1, product: 'stage', state: 'licensed', reason: null });
    const [lease] = (await home.json<{ leases: readonly { id: string }[] }>(['status'])).leases;
    unwrap(await authority.call(await authority.signIn('manager@northlight.example'))(contract.leases.release, { params: { lease: lease?.id ?? '' } }));
    await eventually('it is told', () => running.out().includes('"state":"not-licensed"'), PATIENCE);
    expect(running.out()).toContain('signal {');
    expect(running.err()).toContain('no longer licensed on this machine');
    running.kill('SIGTERM');
    expect((await running.ended).status).toBe(0);
    expect(statusFiles()).toEqual([]);
  });

  test('sends no signal that nobody asked for, and takes the name of one that a program can handle only', async () => {
    for (const name of ['SIGKILL', 'SIGSTOP', 'usr1', '9', '']) {
      const { status, err } = await home.latchkey(['run', '--product', 'stage', '--notify-signal', name, '--json', '--', 'true']);
      expect([status, JSON.parse(err)]).toMatchObject([2, { error: { code: 'INPUT_INVALID' } }]);
    }
    const running = home.begin(['run', '--product', 'stage', '--', process.execPath, '-e', watching]);
    await eventually('it runs', () => running.out().includes('start'), PATIENCE);
    const [lease] = (await home.json<{ leases: readonly { id: string }[] }>(['status'])).leases;
    unwrap(await authority.call(await authority.signIn('manager@northlight.example'))(contract.leases.release, { params: { lease: lease?.id ?? '' } }));
    await eventually('it is told', () => running.err().includes('no longer licensed'), PATIENCE);
    running.kill('SIGTERM');
    const { out } = await running.ended;
    expect(out).not.toContain('signal');
  });

  const library = fakeTimeLibrary();
  test.skipIf(library === null)('says on its error output that the license is not renewed while the authority is away, and goes on', async () => {
    const clocks = mkdtempSync(join(tmpdir(), 'latchkey-clock-'));
    const file = join(clocks, 'now');
    const setClock = (shift: string): void => {
      writeFileSync(`${file}.next`, `${shift}\n`);
      renameSync(`${file}.next`, file);
    };
    setClock('+0s');
    try {
      const env = { LD_PRELOAD: library ?? '', FAKETIME_TIMESTAMP_FILE: file, FAKETIME_NO_CACHE: '1', FAKETIME_DONT_FAKE_MONOTONIC: '1' };
      const running = home.begin(['run', '--product', 'stage', '--', process.execPath, '-e', watching], { env });
      await eventually('it runs', () => running.out().includes('start'), PATIENCE);
      await authority.stop();
      setClock('+13h');
      await eventually('it is told', () => running.err().includes('has not been renewed since'), PATIENCE);
      const [name = ''] = statusFiles();
      expect(JSON.parse(readFileSync(join(home.path, 'licenses', name), 'utf8'))).toMatchObject({ state: 'not-renewed', reason: 'AUTHORITY_UNREACHABLE' });
      expect((await home.latchkey(['status'], { env })).out).toMatch(/Stage Studio, Northlight: online until .*\n.*\n.*\n  Not renewed since /);
      setClock('+22h');
      await eventually('it is told again', () => running.err().split('has not been renewed since').length === 3, PATIENCE);
      running.kill('SIGTERM');
      expect((await running.ended).status).toBe(0);
      await authority.start();
    } finally {
      rmSync(clocks, { recursive: true, force: true });
    }
  });
});
