import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openHome } from '../../src-main/adapter/index.ts';
import { createLicensing } from '../../src-main/licensing/index.ts';
import { unwrap } from '../../src-shared/result.ts';
import { PASSWORD, startAuthority } from '../support/authority.ts';
import type { TestAuthority } from '../support/authority.ts';
import { eventually, startClient } from '../support/client.ts';
import { createCommandLine, realTime } from '../support/command.ts';
import type { CommandLine, Ended, Home, Running } from '../support/command.ts';
import { trap } from '../support/crash/processes.ts';
import { answer } from '../support/exchange.ts';
import { fingerprintOf } from '../support/machine.ts';

/** Several processes on one home: they are one machine, which has one seat of a license. */
const data = {
  products: [{ id: 'stage', name: 'Stage' }],
  organizations: [{
    name: 'Northlight',
    users: ['editor', 'manager'].map((role) => ({ email: `${role}@northlight.example`, name: role, password: PASSWORD, role })),
    licenses: [{ id: 'lic_stage', product: 'stage', seats: 50, policy: { leasesPerUser: 50 } }],
  }],
};
let authority: TestAuthority;
let commands: CommandLine;

beforeAll(async () => {
  authority = await startAuthority({ clock: realTime, data });
  commands = createCommandLine(authority);
});
afterAll(async () => {
  commands.close();
  await authority.close();
});

const codeOf = ({ status, err }: Ended): string | null => (status === 0 ? null : (JSON.parse(err.trim().split('\n').at(-1) ?? '') as { error: { code: string } }).error.code);
const leaseOf = ({ out }: Ended): string => (JSON.parse(out) as { id: string }).id;
type Status = { readonly leases: readonly { readonly id: string }[]; readonly givenUp: readonly { readonly lease: string; readonly receiptAt: number | null }[] };

describe('simultaneous starts', () => {
  test('all get the one seat of the machine, and it comes back', { timeout: 420_000 }, async () => {
    const home = commands.home('starts');
    await home.login();
    for (let round = 0; round < 3; round += 1) {
      const started = await Promise.all([1, 2, 3, 4].map(() => home.latchkey(['--json', 'checkout', 'lic_stage', '--offline', '30'])));
      expect(started.map(codeOf)).toEqual([null, null, null, null]);
      const { leases } = await home.json<Status>(['status']);
      expect(leases).toHaveLength(1);
      expect(new Set(started.map(leaseOf)), 'nobody is told a lease that another start took away').toEqual(new Set([leases[0]?.id]));
      expect(await home.latchkey(['release', leases[0]?.id ?? ''])).toMatchObject({ status: 0 });
    }
    const { leases, givenUp } = await home.json<Status>(['status']);
    expect(leases).toEqual([]);
    expect(givenUp.filter(({ receiptAt }) => receiptAt === null)).toEqual([]);
  });
});

describe('a lease that another process took a moment ago', () => {
  const open = async (home: string, fetch: typeof globalThis.fetch = globalThis.fetch) => unwrap(await openHome({
    home, authority: authority.url, trust: { keyset: authority.keyset(), packaged: false }, app: 'test 1', readFingerprint: async () => fingerprintOf('one'), fetch,
  }));

  test('is not dropped without its proof when a license file takes its place', async () => {
    const first = await startClient({ clock: realTime, authority: authority.url, keyset: authority.keyset(), fingerprint: fingerprintOf('one') });
    unwrap(await first.licensing().account.signIn({ email: 'editor@northlight.example', password: PASSWORD }));
    const request = unwrap(await first.licensing().createRequest({ license: 'lic_stage' }));
    const file = await answer(authority, request.text, 'lic_stage', 10);
    const { ports, close } = await open(first.home);
    // As if the other's commit came right after this one has looked.
    const second = await createLicensing({ ...ports, store: { ...ports.store, changedElsewhere: () => false } });
    const { lease } = unwrap(await first.licensing().checkout({ license: 'lic_stage', mode: 'offline', days: 10 }));

    const accepted = unwrap(await second.accept(file));
    expect(accepted).toMatchObject({ kind: 'license', again: false });
    expect(ports.store.leases().map(({ id }) => id)).toEqual([accepted.kind === 'license' ? accepted.lease : '']);
    expect(ports.store.releases().map((row) => [row.lease, row.reason])).toEqual([[lease, 'moved']]);
    expect(unwrap(second.proofFile(lease)).text).toContain('RELEASE PROOF');
    close();
    await first.close();
  });

  test('is the one that a start is told whose own was replaced by it', async () => {
    const [answered, stored] = [gate(), gate()];
    let other: Promise<string> | null = null;
    const isCall = (input: unknown, path: string): boolean => String(input).endsWith(path);
    const before = await startClient({ clock: realTime, authority: authority.url, keyset: authority.keyset(), fingerprint: fingerprintOf('one') });
    unwrap(await before.licensing().account.signIn({ email: 'editor@northlight.example', password: PASSWORD }));
    await before.stop();
    // Two that did not wait for each other and wrote a request each: the second asks while the first has its answer, and stores its own before the first reports.
    const first = await open(before.home, async (input, init) => {
      if (isCall(input, '/heartbeats')) {
        stored.open();
        await other;
      }
      const reply = await fetch(input, init);
      if (isCall(input, '/checkouts')) {
        other ??= createLicensing({ ...second.ports, alone: (work) => work(), store: { ...second.ports.store, pendingRequests: () => [] } }).then(async (licensing) => unwrap(await licensing.checkout({ license: 'lic_stage' })).lease);
        await answered.opened;
      }
      return reply;
    });
    const second = await open(before.home, async (input, init) => {
      const reply = await fetch(input, init);
      if (isCall(input, '/checkouts')) {
        answered.open();
        await stored.opened;
      }
      return reply;
    });
    const licensing = await createLicensing({ ...first.ports, alone: (work) => work() });
    const { lease } = unwrap(await licensing.checkout({ license: 'lic_stage' }));
    expect(lease).toBe(await other);
    expect(first.ports.store.leases().map(({ id }) => id)).toEqual([lease]);
    expect(first.ports.store.releases().map(({ reason }) => reason)).toEqual(['moved']);
    first.close();
    second.close();
    await before.close();
  });
});

describe('runs', { timeout: 420_000 }, () => {
  const untilTold = ['run', '--product', 'stage', '--', process.execPath, '-e', 'console.log("up", require("fs").existsSync(process.env.LATCHKEY_LICENSE_FILE), process.pid); process.on("SIGTERM", () => process.exit(0)); setInterval(() => 0, 1000)'];
  const short = ['run', '--product', 'stage', '--', 'true'];
  const up = (run: Running): Promise<void> => eventually('the command runs', () => run.out().includes('up'), 60_000);
  const leasesOf = async (home: Home): Promise<readonly string[]> => (await home.json<Status>(['status'])).leases.map(({ id }) => id);

  test('that begin while another ends are licensed until they end', async () => {
    const home = commands.home('passing');
    await home.login();
    let before = home.begin(untilTold);
    await up(before);
    for (let turn = 0; turn < 4; turn += 1) {
      const next = home.begin(untilTold);
      before.kill('SIGTERM');
      await up(next);
      expect(next.out()).toContain('up true');
      expect((await before.ended).status).toBe(0);
      expect(existsSync(join(home.path, 'licenses/stage.lklic')), `turn ${turn}`).toBe(true);
      expect(next.err()).toBe('');
      before = next;
    }
    before.kill('SIGTERM');
    await before.ended;
    expect(await leasesOf(home)).toEqual([]);
  });

  test('release what a run that was killed had taken, whatever process has its number now', async () => {
    const home = commands.home('killed');
    await home.login();
    const killed = home.begin(untilTold);
    await up(killed);
    killed.kill('SIGKILL');
    // What it had started goes on; that is not what this is about.
    process.kill(Number(killed.out().trim().split(' ').at(-1)), 'SIGTERM');
    await killed.ended;
    expect(await leasesOf(home)).toHaveLength(1);
    // Where runs were known by their numbers, this process had the one of the dead.
    const [lease] = await leasesOf(home);
    mkdirSync(join(home.path, 'runs', lease ?? ''), { recursive: true });
    writeFileSync(join(home.path, 'runs', lease ?? '', String(process.pid)), '');
    expect((await home.latchkey(short)).status).toBe(0);
    expect(await leasesOf(home)).toEqual([]);
  });

  test('release what a run took that was killed between its checkout and its command', async () => {
    const home = commands.home('between');
    await home.login();
    const trapped = await home.latchkey(untilTold, { node: ['--import', trap], env: { LATCHKEY_TRAP_AT: 'sql insert lease#1|after' } });
    expect(trapped.status).toBe(null);
    expect((await home.latchkey(short)).status).toBe(0);
    const stored = await home.latchkey(untilTold, { node: ['--import', trap], env: { LATCHKEY_TRAP_AT: 'net POST /v1/heartbeats#1|before' } });
    expect(stored.status).toBe(null);
    expect(await leasesOf(home)).toHaveLength(1);
    expect((await home.latchkey(short)).status).toBe(0);
    expect(await leasesOf(home)).toEqual([]);
  });

  test('keep a license that a person checked out while they ran', async () => {
    const home = commands.home('person');
    await home.login();
    const running = home.begin(untilTold);
    await up(running);
    const { id } = await home.json<{ id: string }>(['checkout', 'lic_stage']);
    running.kill('SIGTERM');
    await running.ended;
    expect(await leasesOf(home)).toEqual([id]);
  });

  const namespaces = ['unshare', '--pid', '--fork', '--mount-proc'];
  test.runIf(spawnSync('unshare', [...namespaces.slice(1), 'true']).status === 0)('of two containers on one volume do not take each other’s license', async () => {
    const home = commands.home('containers');
    await home.login();
    // Both are number 1 of their container.
    const first = home.begin(untilTold, { under: [...namespaces, '--kill-child'] });
    await up(first);
    const second = home.begin(untilTold, { under: [...namespaces, '--kill-child'] });
    await up(second);
    spawnSync('pkill', ['-TERM', '-P', String(first.pid)]);
    expect((await first.ended).status).toBe(0);
    expect(await leasesOf(home)).toHaveLength(1);
    expect(existsSync(join(home.path, 'licenses/stage.lklic'))).toBe(true);
    spawnSync('pkill', ['-TERM', '-P', String(second.pid)]);
    await second.ended;
    expect(await leasesOf(home)).toEqual([]);
  });
});

const gate = (): { readonly open: () => void; readonly opened: Promise<void> } => {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { open: resolve, opened: promise };
};
