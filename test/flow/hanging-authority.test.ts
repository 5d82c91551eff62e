import { createServer } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { contract } from '../../src-shared/http/index.ts';
import { unwrap } from '../../src-shared/result.ts';
import { PASSWORD, startAuthority } from '../support/authority.ts';
import type { TestAuthority } from '../support/authority.ts';
import { eventually } from '../support/client.ts';
import { createCommandLine, realTime } from '../support/command.ts';
import type { CommandLine, Home } from '../support/command.ts';
import { listening } from '../support/listening.ts';

/** An address that takes every connection and never answers: a firewall, a dead proxy, an authority that is stuck. */
type Hanging = {
  readonly url: string;
  /** What happened there, in order. */
  readonly events: ('asked' | 'client gave up')[];
  /** How long each wait was, milliseconds. */
  readonly waits: number[];
  readonly close: () => Promise<void>;
};

const startHanging = async (): Promise<Hanging> => {
  const events: Hanging['events'] = [];
  const waits: number[] = [];
  const { port, close } = await listening(createServer((socket) => {
    let askedAt: number | null = null;
    socket.on('data', () => {
      if (askedAt !== null) return;
      askedAt = performance.now();
      events.push('asked');
    });
    socket.once('close', () => {
      if (askedAt === null) return;
      waits.push(performance.now() - askedAt);
      events.push('client gave up');
    });
  }));
  return { url: `http://127.0.0.1:${port}`, events, waits, close };
};

/** Each test has a machine of its own, and the same person uses them all. */
const policy = { leasesPerUser: 50 };
const data = {
  products: [{ id: 'stage', name: 'Stage', kind: 'desktop' }],
  organizations: [{
    name: 'Northlight',
    users: [{ email: 'editor@northlight.example', name: 'Edda Editor', password: PASSWORD, role: 'editor' }, { email: 'owner@northlight.example', name: 'Olga Owner', password: PASSWORD, role: 'owner' }],
    licenses: [{ id: 'lic_stage', product: 'stage', seats: 50, policy }, { id: 'lic_online', product: 'stage', seats: 20, policy }],
  }],
};

let authority: TestAuthority;
let commands: CommandLine;
let hanging: Hanging;
let home: Home;
let turn = 0;
const away = (): { readonly env: Readonly<Record<string, string>> } => ({ env: { LATCHKEY_AUTHORITY: hanging.url } });

beforeAll(async () => {
  authority = await startAuthority({ clock: realTime, data });
  commands = createCommandLine(authority);
});
afterAll(async () => {
  commands.close();
  await authority.close();
});
beforeEach(async () => {
  hanging = await startHanging();
  turn += 1;
  home = commands.home(`home-${turn}`);
  await home.login();
  return () => hanging.close();
});

/** Shorter by far than the quarter of a minute that an answer may take, on a busy computer too. */
const FEW_SECONDS = 12_000;
const toldOnce = (): void => {
  expect(hanging.events).toEqual(['asked', 'client gave up']);
  expect(Math.max(...hanging.waits)).toBeLessThan(FEW_SECONDS);
};

describe('an authority that hangs', { timeout: 300_000 }, () => {
  test.each([['online', []], ['offline', ['--offline', '5']]])('does not hold up an application that has an %s lease', async (_, how) => {
    await home.json(['checkout', 'lic_stage', ...how]);
    const text = 'console.log("up", require("fs").existsSync(process.env.LATCHKEY_LICENSE_FILE)); process.on("SIGTERM", () => process.exit(0)); setInterval(() => 0, 1000)';
    const running = home.begin(['run', '--product', 'stage', '--', process.execPath, '-e', text], away());
    await eventually('the application runs', () => running.out().includes('up'), 60_000);
    expect(hanging.events).not.toContain('client gave up');
    expect(running.out()).toBe('up true\n');
    // Its end waits no longer than its start.
    await eventually('the authority is asked beside it', () => hanging.events.includes('asked'), 60_000);
    running.kill('SIGTERM');
    expect((await running.ended).status).toBe(0);
    expect(Math.max(...hanging.waits)).toBeLessThan(FEW_SECONDS);
  });

  test('is waited for once by a run that needs a license, and the run says so', async () => {
    // The list of licenses is known from before; a checkout would only wait a second time.
    await home.json(['licenses']);
    const { status, err } = await home.latchkey(['run', '--product', 'stage', '--json', '--', 'true'], away());
    expect([status, hanging.events.filter((event) => event === 'asked')]).toEqual([5, ['asked']]);
    expect(err).toContain('did not answer in time');
  });

  test('is waited for once by renew, however many leases there are', async () => {
    await home.json(['checkout', 'lic_stage']);
    await home.json(['checkout', 'lic_online']);
    expect((await home.latchkey(['renew'], away())).status).toBe(5);
    toldOnce();
  });

  test('does not keep the list of licenses that is known from being shown soon', async () => {
    await home.json(['licenses']);
    expect(await home.latchkey(['licenses'], away())).toMatchObject({ status: 0, out: expect.stringContaining('lic_stage'), err: expect.stringContaining('cannot be reached') });
    toldOnce();
  });

  test('is found to be away by status and doctor after a few seconds', async () => {
    await home.json(['checkout', 'lic_stage']);
    expect(await home.json(['status'], away())).toMatchObject({ connection: { state: 'unreachable' }, leases: [{ standing: { usable: true } }] });
    toldOnce();
    hanging.events.length = 0;
    const { out } = await home.latchkey(['doctor', '--json'], away());
    expect((JSON.parse(out) as { rows: unknown[] }).rows).toContainEqual(expect.objectContaining({ subject: 'authority', ok: false, facts: expect.objectContaining({ problem: 'AUTHORITY_UNREACHABLE' }) }));
    toldOnce();
  });

  test('does not keep a license from being released, nor a person from signing out: the authority hears of it later', async () => {
    const { id } = await home.json<{ id: string }>(['checkout', 'lic_stage']);
    expect(await home.json(['release'], away())).toEqual({ lease: id, delivered: false });
    toldOnce();
    // The first command that reaches it delivers the proof.
    await home.json(['status']);
    expect(await home.json(['status'])).toMatchObject({ leases: [], givenUp: [{ lease: id, receiptAt: expect.any(Number) }] });
    await home.json(['checkout', 'lic_stage']);
    await home.json(['checkout', 'lic_online']);
    hanging.events.length = 0;
    expect(await home.json(['logout'], away())).toEqual({ signedIn: false });
    toldOnce();
  });
});

test('a run whose lease was ended elsewhere before it began takes another one, and releases that at its end', { timeout: 300_000 }, async () => {
  const { id } = await home.json<{ id: string }>(['checkout', 'lic_stage']);
  const token = await authority.signIn('editor@northlight.example');
  unwrap(await authority.call(token)(contract.leases.release, { params: { lease: id } }));
  const text = 'console.log("up"); process.on("SIGTERM", () => process.exit(0)); setInterval(() => 0, 1000)';
  const running = home.begin(['run', '--product', 'stage', '--', process.execPath, '-e', text]);
  type Status = { readonly leases: readonly { readonly id: string; readonly standing: { readonly usable: boolean } }[] };
  await eventually('another lease is there', async () => (await home.json<Status>(['status'])).leases.some((each) => each.id !== id && each.standing.usable), 60_000);
  running.kill('SIGTERM');
  expect((await running.ended).status).toBe(0);
  expect(await home.json(['status'])).toMatchObject({ leases: [] });
});
