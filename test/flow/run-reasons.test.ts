import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { unwrap } from '../../src-shared/result.ts';
import { eventually, startClient } from '../support/client.ts';
import { commandScene } from '../support/command-scene.ts';
import { realTime } from '../support/command.ts';
import { answer } from '../support/exchange.ts';
import { startFaultProxy } from '../support/fault-proxy.ts';
import { databaseFiles, putBack, snapshot } from '../support/home-files.ts';

/** Why `latchkey run` does not start an application, and what ends a run. */
const scene = commandScene();
const away = { LATCHKEY_AUTHORITY: '' };

/** A clock set so many days back, for one process. */
const clockBack = (days: number): readonly string[] => ['--import', `data:text/javascript,const now=Date.now;Date.now=()=>now()-(${days * 86_400_000})`];

describe('a run on a machine without a network', { timeout: 300_000 }, () => {
  const hold = async (): Promise<void> => {
    await scene.home.json(['request', '--out', 'run.lkreq', '--product', 'stage'], { env: away });
    writeFileSync(join(scene.commands.folder, 'run.lklic'), await answer(scene.authority, readFileSync(join(scene.commands.folder, 'run.lkreq'), 'utf8'), 'lic_stage', 3));
    await scene.home.json(['import', 'run.lklic'], { env: away });
  };
  const refused = async (env: Readonly<Record<string, string>> = away, node: readonly string[] = []): Promise<[number | null, string]> => {
    const { status, err, out } = await scene.home.latchkey(['run', '--product', 'stage', '--json', '--', process.execPath, '-p', '"started"'], { env, node });
    expect(out).toBe('');
    return [status, (JSON.parse(err) as { error: { code: string } }).error.code];
  };

  test('names the clock, where that is wrong', async () => {
    await hold();
    expect(await refused(away, clockBack(2))).toEqual([7, 'CLOCK_ROLLED_BACK']);
  });

  test('names the end of the license, where that has come', async () => {
    await hold();
    expect(await refused(away, clockBack(-5))).toEqual([3, 'LEASE_EXPIRED']);
  });

  test('names the computer, where the home came from another one', async () => {
    const before = await startClient({ clock: realTime, authority: null, keyset: scene.authority.keyset(), home: scene.home.path, name: 'another computer' });
    const request = unwrap(await before.licensing().createRequest({ product: 'stage' }));
    unwrap(await before.licensing().accept(await answer(scene.authority, request.text, 'lic_stage', 3)));
    await before.stop();
    expect(await refused()).toEqual([7, 'FINGERPRINT_MISMATCH']);
  });

  test('says that no address is set, where there is no license, and does not ask anybody to sign in', async () => {
    expect(await refused()).toEqual([5, 'AUTHORITY_UNREACHABLE']);
    for (const args of [['checkout', 'lic_stage'], ['licenses'], ['organizations'], ['default-organization']]) {
      const { err } = await scene.home.latchkey(args, { env: away });
      expect([args[0], err]).toEqual([args[0], expect.stringContaining('no address is set')]);
      expect(err).not.toContain('signed in');
    }
  });

  test('says that its database was put back, where no lease is left in it to say so', async () => {
    await scene.home.json(['status'], { env: away });
    snapshot(scene.home.path, join(scene.commands.folder, 'earlier'));
    await hold();
    putBack(scene.home.path, join(scene.commands.folder, 'earlier'), databaseFiles);
    expect(await refused()).toEqual([7, 'STORE_ROLLED_BACK']);
    rmSync(join(scene.commands.folder, 'earlier'), { recursive: true });
  });
});

describe.skipIf(process.platform === 'win32')('a run', { timeout: 300_000 }, () => {
  const script = (text: string): readonly string[] => ['run', '--product', 'stage', '--', process.execPath, '-e', text];

  test.each([['SIGQUIT', 131], ['SIGUSR1', 138], ['SIGUSR2', 140], ['SIGALRM', 142], ['SIGPWR', 158]] as const)('that gets %s passes it on, and releases its license', async (signal, status) => {
    await scene.home.login();
    // One that does nothing about a signal is ended by it, as it would be without us.
    const running = scene.home.begin(script(`process.on("${signal}", () => { console.log("heard"); process.exit(${status}) }); console.log("up"); setInterval(() => 0, 1000)`));
    await eventually('the command runs', () => running.out().includes('up'), 60_000);
    running.kill(signal);
    expect(await running.ended).toMatchObject({ status, out: 'up\nheard\n' });
    expect(await scene.home.json(['status'])).toMatchObject({ leases: [], givenUp: [{ reason: 'run-ended' }] });
  });

  test('whose command is ended by a signal has that status', async () => {
    await scene.home.login();
    const running = scene.home.begin(script('console.log("up"); setInterval(() => 0, 1000)'));
    await eventually('the command runs', () => running.out().includes('up'), 60_000);
    running.kill('SIGUSR2');
    expect((await running.ended).status).toBe(140);
    expect(await scene.home.json(['status'])).toMatchObject({ leases: [] });
  });

  test('that is told to end while its license is being taken starts nothing, and keeps no license', async () => {
    await scene.home.login();
    const wire = await startFaultProxy(scene.authority.url);
    try {
      wire.set({ kind: 'swallow-reply' }, /checkouts/);
      const marker = join(scene.commands.folder, `started-${scene.turn}`);
      const running = scene.home.begin(script(`require("fs").writeFileSync(${JSON.stringify(marker)}, "")`), { env: { LATCHKEY_AUTHORITY: wire.url } });
      await eventually('the license is being taken', () => wire.answered() > 0, 60_000);
      running.kill('SIGQUIT');
      expect([(await running.ended).status, existsSync(marker)]).toEqual([131, false]);
      wire.set(null);
      // What the authority gave is the same again for who asks again, and is released then.
      expect((await scene.home.latchkey(script('0'))).status).toBe(0);
      expect(await scene.home.json(['status'])).toMatchObject({ leases: [] });
    } finally {
      await wire.close();
    }
  });
});
