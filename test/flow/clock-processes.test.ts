import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fakeTimeLibrary } from '../support/ensure-packages.ts';

/**
 * The real programs, each under a clock of its own (libfaketime): the authority's is right, the machine's is set as somebody
 * would set it. Nothing in our code knows of it.
 */
const library = fakeTimeLibrary();
const programs = { latchkey: resolve(import.meta.dirname, '../../src-cli/latchkey.ts'), authority: resolve(import.meta.dirname, '../../src-cli/authority.ts') };
const PASSWORD = 'correct horse battery';
const data = {
  products: [{ id: 'stage', name: 'Stage', kind: 'desktop' }],
  organizations: [{
    name: 'Northlight', users: [{ email: 'owner@northlight.example', name: 'Olga Owner', password: PASSWORD, role: 'owner' }],
    licenses: [{ id: 'lic_stage', product: 'stage', seats: 3 }],
  }],
};

let folder: string;
let served: ChildProcess;
let url = '';

/** `+2y`, `-2h`: relative to the true time; null leaves the clock alone. */
type Shift = string | null;
const clockOf = (shift: Shift, more: Record<string, string> = {}): NodeJS.ProcessEnv => ({
  ...process.env, ...more,
  ...(shift === null ? {} : { LD_PRELOAD: library ?? '', FAKETIME: shift, FAKETIME_DONT_FAKE_MONOTONIC: '1' }),
});

type Ended = { readonly status: number | null; readonly out: string; readonly err: string };
const run = (program: keyof typeof programs, args: readonly string[], env: NodeJS.ProcessEnv, input = ''): Promise<Ended> => {
  const child = spawn(process.execPath, [programs[program], ...args], { cwd: folder, env });
  const text = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => (text.out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (text.err += chunk.toString()));
  child.stdin.end(input);
  return new Promise((done) => child.once('close', (status) => done({ status, ...text })));
};

/** A machine, by its home. */
const machine = (name: string, connected: boolean) => {
  const env = { LATCHKEY_HOME: join(folder, name), LATCHKEY_AUTHORITY: connected ? url : '', LATCHKEY_TRUST: join(folder, 'trust.lkkeys') };
  const ended = (shift: Shift, args: readonly string[], input = '', more: Record<string, string> = {}) => run('latchkey', args, clockOf(shift, { ...env, ...more }), input);
  return {
    home: env.LATCHKEY_HOME,
    ended,
    json: async (shift: Shift, args: readonly string[], more: Record<string, string> = {}): Promise<Record<string, unknown>> => {
      const { status, out, err } = await ended(shift, [...args, '--json'], '', more);
      if (status !== 0) throw new Error(`${args.join(' ')}: ${status} ${err}`);
      return JSON.parse(out) as Record<string, unknown>;
    },
    refusal: async (shift: Shift, args: readonly string[]): Promise<string> => {
      const { status, err } = await ended(shift, [...args, '--json']);
      if (status === 0) throw new Error(`${args.join(' ')} was not refused`);
      return (JSON.parse(err) as { error: { code: string } }).error.code;
    },
  };
};
const atAuthority = async (args: readonly string[]): Promise<Record<string, unknown>> => {
  const { status, out, err } = await run('authority', [...args, '--home', join(folder, 'authority'), '--json'], process.env);
  if (status !== 0) throw new Error(`authority ${args.join(' ')}: ${err}`);
  return JSON.parse(out) as Record<string, unknown>;
};

const stands = (status: Record<string, unknown>): string => {
  const [lease] = status['leases'] as readonly { standing: { usable: boolean; code?: string } }[];
  return lease?.standing.usable ? 'usable' : (lease?.standing.code ?? 'none');
};

describe.skipIf(process.platform !== 'linux')('real programs under clocks of their own', () => {
  beforeAll(async () => {
    if (library === null) throw new Error('libfaketime is missing (on Debian: apt-get install libfaketime)');
    folder = mkdtempSync(join(tmpdir(), 'latchkey-clocks-'));
    writeFileSync(join(folder, 'data.json'), JSON.stringify(data));
    await atAuthority(['init']);
    await atAuthority(['load', join(folder, 'data.json')]);
    await atAuthority(['keys', 'export', '--out', join(folder, 'trust.lkkeys')]);
    served = spawn(process.execPath, [programs.authority, 'serve', '--port', '0', '--home', join(folder, 'authority')], { cwd: folder });
    url = await new Promise<string>((ready, failed) => {
      served.stdout?.once('data', (line: Buffer) => ready((JSON.parse(line.toString()) as { url: string }).url));
      served.once('exit', () => failed(new Error('the authority did not start')));
    });
  }, 60_000);
  afterAll(async () => {
    if (served?.exitCode === null) await new Promise((gone) => served.once('exit', gone) && served.kill('SIGTERM'));
    rmSync(folder, { recursive: true, force: true });
  });

  test('this Node takes its time from libfaketime', async () => {
    const child = spawn(process.execPath, ['-e', 'console.log(Date.now(), new Date().getFullYear())'], { env: clockOf('+2y') });
    let out = '';
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    await new Promise((done) => child.once('close', done));
    const ahead = Number(out.split(' ')[0]) - Date.now();
    expect(Math.abs(ahead / 86_400_000 - 730)).toBeLessThan(2);
  });

  test('a connected machine: back 2 hours and back 400 days suspend, two years ahead and back is set right by itself', async () => {
    const ws = machine('connected', true);
    expect(await ws.ended(null, ['login', '--email', 'owner@northlight.example', '--password-stdin'], `${PASSWORD}\n`)).toMatchObject({ status: 0 });
    await ws.json(null, ['checkout', 'lic_stage']);
    for (const shift of ['-2h', '-400d']) {
      const status = await ws.json(shift, ['status']);
      expect([shift, stands(status)]).toEqual([shift, 'CLOCK_ROLLED_BACK']);
      expect(status['clock']).toMatchObject({ ok: false, cause: 'behind' });
      expect(await ws.refusal(shift, ['renew'])).toBe('CLOCK_ROLLED_BACK');
      expect((await ws.ended(shift, ['status'])).out).not.toMatch(/expired|EXPIRED/);
      expect(stands(await ws.json(null, ['status']))).toBe('usable');
    }
    // Ahead, with the authority away: nobody can know better. Then right again, and connected.
    await ws.json('+2y', ['status'], { LATCHKEY_AUTHORITY: '' });
    expect(stands(await ws.json(null, ['status'], { LATCHKEY_AUTHORITY: '' }))).toBe('CLOCK_ROLLED_BACK');
    const after = await ws.json(null, ['status']);
    expect([stands(after), after['clock']]).toEqual(['usable', { ok: true }]);
    // Ahead and connected: the clock's own words, not that the lease has ended.
    const ahead = await ws.json('+2y', ['status']);
    expect([stands(ahead), ahead['clock']]).toMatchObject(['CLOCK_ROLLED_BACK', { ok: false, cause: 'ahead' }]);
  }, 90_000);

  test('a machine without a network: two years ahead and back is set right by a time ticket, and a lease that has ended stays ended', async () => {
    const ws = machine('island', false);
    await ws.json(null, ['request', '--out', 'ask.lkreq', '--license', 'lic_stage', '--days', '30']);
    await atAuthority(['answer', 'ask.lkreq', '--license', 'lic_stage', '--days', '30', '--out', 'answer.lklic']);
    await ws.json(null, ['import', 'answer.lklic']);
    expect(await ws.refusal(null, ['request', '--time', '--out', 'never.lkreq'])).toBe('CONFLICT');
    expect(existsSync(join(folder, 'never.lkreq'))).toBe(false);
    expect(stands(await ws.json('+2y', ['status']))).toBe('LEASE_EXPIRED');
    const wrong = await ws.ended(null, ['status']);
    expect(wrong.out).toMatch(/latchkey request --time/);
    expect(wrong.out).not.toMatch(/expired/i);
    expect(stands(await ws.json(null, ['status']))).toBe('CLOCK_ROLLED_BACK');
    expect(await ws.json(null, ['request', '--time', '--out', 'time.lkreq'])).toMatchObject({ file: 'time.lkreq', expiresAt: null });
    await atAuthority(['time', 'time.lkreq', '--out', 'ticket.lktime']);
    expect(readFileSync(join(folder, 'ticket.lktime'), 'utf8')).toMatch(/^-----BEGIN LATCHKEY TIME TICKET-----\n/);
    // With the clock still wrong the ticket is refused, and it is good afterwards.
    expect(await ws.refusal('-2h', ['import', 'ticket.lktime'])).toBe('CLOCK_ROLLED_BACK');
    expect(await ws.json(null, ['import', 'ticket.lktime'])).toMatchObject({ kind: 'time' });
    expect(stands(await ws.json(null, ['status']))).toBe('usable');
    expect(await ws.refusal(null, ['import', 'ticket.lktime'])).toBe('REQUEST_UNKNOWN');
    const rows = (await ws.json(null, ['doctor']))['rows'] as readonly { subject: string; ok: boolean }[];
    expect(rows.find(({ subject }) => subject === 'clock')).toMatchObject({ ok: true });
  }, 90_000);

  test('time zones do nothing: the same machine in four of them', async () => {
    const ws = machine('traveller', false);
    await ws.json(null, ['request', '--out', 'zone.lkreq', '--license', 'lic_stage', '--days', '5']);
    await atAuthority(['answer', 'zone.lkreq', '--license', 'lic_stage', '--days', '5', '--out', 'zone.lklic']);
    await ws.json(null, ['import', 'zone.lklic'], { TZ: 'Pacific/Kiritimati' });
    for (const TZ of ['Pacific/Pago_Pago', 'Asia/Kathmandu', 'America/St_Johns', 'Pacific/Kiritimati']) {
      expect([TZ, stands(await ws.json(null, ['status'], { TZ }))]).toEqual([TZ, 'usable']);
    }
  }, 60_000);
});
