import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseKind } from '../../src-shared/documents/index.ts';
import { fingerprintParts, judgeFingerprint } from '../../src-shared/fingerprint.ts';
import type { Fingerprint, FingerprintPart } from '../../src-shared/fingerprint.ts';
import { contract } from '../../src-shared/http/index.ts';
import { unwrap } from '../../src-shared/result.ts';
import { PASSWORD, startAuthority } from '../support/authority.ts';
import type { TestAuthority } from '../support/authority.ts';
import { codeOf, startClient } from '../support/client.ts';
import { forge, unwrapJws, wrap } from '../support/documents.ts';
import { createTestMachine, fingerprintOf } from '../support/machine.ts';
import type { TestMachine } from '../support/machine.ts';

/** The fingerprint is what the requester says: several computers in one request, none at all, and programs that say something else. */
const computers = Array.from({ length: 16 }, (_, number) => fingerprintOf(`computer ${number}`));
/** What all of them show, part by part. */
const union = (parts: readonly FingerprintPart[] = fingerprintParts): Fingerprint => ({
  v: 1, parts: Object.fromEntries(parts.map((part) => [part, computers.flatMap(({ parts: each }) => each[part] ?? [])])),
});
const only = (...parts: readonly FingerprintPart[]): Fingerprint => ({ v: 1, parts: Object.fromEntries(parts.map((part) => [part, computers[0]?.parts[part] ?? []])) });

describe('an activation request', () => {
  let authority: TestAuthority;
  let machine: TestMachine;
  let token: string;
  beforeAll(async () => {
    authority = await startAuthority();
    machine = await createTestMachine({ authority: authority.id, clock: authority.clock });
    token = await authority.signIn('owner@northlight.example');
    unwrap(await authority.authority().load({
      products: [{ id: 'stage', name: 'Stage' }],
      organizations: [{
        name: 'Northlight',
        licenses: [
          { id: 'lic_strict', product: 'stage', edition: 'Strict', seats: 3, policy: { fingerprintParts: 4 } }, { id: 'lic_lax', product: 'stage', edition: 'Lax', seats: 3, policy: { fingerprintParts: 1 } },
        ],
      }],
    }));
    return () => authority.close();
  });

  /** Signed by hand: a program of ours states no such thing. */
  const request = async (fp: Fingerprint, license = 'lic_stage'): Promise<string> => {
    const [header = '', payload = ''] = unwrapJws(await machine.request({ mode: 'offline', days: 10, license })).split('.').map((part) => Buffer.from(part, 'base64url').toString());
    return wrap('ACTIVATION REQUEST', forge(header, JSON.stringify({ ...(JSON.parse(payload) as object), fp }), machine.jwk));
  };
  const answer = async (fp: Fingerprint, license?: string) => authority.authority().answer({ request: await request(fp, license), license: license ?? 'lic_stage', days: 10 });
  const checkout = async (fp: Fingerprint) => authority.call(token)(contract.leases.checkout, { body: { request: await request(fp) } });

  test('that lists 16 computers is refused by every door, and no seat is taken', async () => {
    for (const fp of [union(), union(['os']), union(['cpu']), union(['disk']), union(['board'])]) {
      expect(codeOf(await answer(fp))).toBe('FILE_MALFORMED');
      expect(codeOf(await checkout(fp))).toBe('FILE_MALFORMED');
      expect(codeOf(await authority.authority().inspect(await request(fp)))).toBe('FILE_MALFORMED');
    }
    const { leases } = unwrap(await authority.call(token)(contract.leases.mine, {}));
    expect(leases).toEqual([]);
  });

  test('may state one system, one processor, one disk, two of a board and sixteen network cards, and no more', async () => {
    const values = (part: FingerprintPart, count: number): Fingerprint => ({ v: 1, parts: { ...computers[0]?.parts, [part]: union([part]).parts[part]?.slice(0, count) ?? [] } });
    const verdict = async (part: FingerprintPart, count: number): Promise<boolean> => parseKind('request', await request(values(part, count))).ok;
    for (const [part, most] of [['os', 1], ['cpu', 1], ['disk', 1], ['board', 2]] as const) expect([part, await verdict(part, most), await verdict(part, most + 1)]).toEqual([part, true, false]);
    expect(await verdict('net', 16)).toBe(true);
  });

  test('that shows no part of its computer is refused, also where the policy asks for one only', async () => {
    const nothing: Fingerprint = { v: 1, parts: {} };
    for (const license of ['lic_stage', 'lic_lax', 'lic_strict']) {
      expect(await answer(nothing, license)).toMatchObject({ code: 'FINGERPRINT_MISMATCH', details: { why: 'too-few', same: 0 } });
    }
    expect(await checkout(nothing)).toMatchObject({ code: 'FINGERPRINT_MISMATCH', details: { why: 'too-few', needed: 1, missing: fingerprintParts } });
    const { inspection } = unwrap(await authority.authority().inspect(await request(nothing)));
    expect(inspection.acceptable).toMatchObject({ ok: false, code: 'FINGERPRINT_MISMATCH', details: { why: 'too-few' } });
  });

  test('of a container that shows its system and its processor is answered, and of one that shows its processor alone is not', async () => {
    expect((await answer(only('os', 'cpu'))).ok).toBe(true);
    expect(await answer(only('cpu'))).toMatchObject({ code: 'FINGERPRINT_MISMATCH', details: { why: 'too-few', same: 1, needed: 2, missing: ['os', 'board', 'disk', 'net'] } });
    expect((await answer(only('cpu'), 'lic_lax')).ok).toBe(true);
    expect(await answer(only('os', 'board', 'cpu'), 'lic_strict')).toMatchObject({ code: 'FINGERPRINT_MISMATCH', details: { needed: 4 } });
  });

  test('that shows too little for a license does not find it among those that may be chosen', async () => {
    const { options } = unwrap(await authority.call(token)(contract.exchange.inspect, { body: { document: await machine.request({ mode: 'offline' }, { fp: only('os', 'cpu') as never }) } }));
    const reasons = Object.fromEntries(options.map(({ license, reasons: all }) => [license, all.map(({ code }) => code)]));
    expect(reasons).toMatchObject({ lic_strict: ['FINGERPRINT_MISMATCH'], lic_lax: expect.not.arrayContaining(['FINGERPRINT_MISMATCH']) });
  });

  test('extends a lease only with as much as the lease was given for, and a lease that was given for less goes on', async () => {
    const answered = unwrap(await answer(only('os', 'cpu', 'disk')));
    const renewal = async (fp: Fingerprint) => {
      const text = await machine.request({ mode: 'offline', days: 10 }, { fp: fp as never, lease: answered.lease.id });
      return authority.authority().answer({ request: text, license: 'lic_stage', days: 10 });
    };
    expect((await renewal(only('os', 'cpu'))).ok).toBe(true);
    expect(await renewal(only('os'))).toMatchObject({ code: 'FINGERPRINT_MISMATCH', details: { why: 'too-few', needed: 2 } });
  });
});

test('one file that was issued for 16 computers before they were counted is good on none of them but by other parts', () => {
  for (const computer of computers) expect(judgeFingerprint(union(), computer)).toMatchObject({ within: false });
  const [mine] = computers;
  // What names one computer still names it.
  expect(judgeFingerprint({ v: 1, parts: { ...mine?.parts, disk: union(['disk']).parts.disk ?? [] } }, mine ?? union())).toMatchObject({ within: true, same: 4 });
});

test('one license file does not work on 16 computers, whatever copy of the profile they have', async () => {
  const authority = await startAuthority();
  const [first] = computers;
  const client = await startClient({ clock: authority.clock, authority: authority.url, keyset: authority.keyset(), name: 'WS-1', ...(first ? { fingerprint: first } : {}) });
  unwrap(await client.licensing().account.signIn({ email: 'owner@northlight.example', password: PASSWORD }));
  unwrap(await client.licensing().checkout({ license: 'lic_stage', mode: 'offline', days: 30 }));
  for (const [number, computer] of computers.entries()) {
    await client.restart({ authority: null, fingerprint: computer });
    expect([number, client.licensing().current()[0]?.standing.usable]).toEqual([number, number === 0]);
  }
  await client.close();
  await authority.close();
});

describe('own programs first in PATH', () => {
  const lies = 'ffffffffffffffffffffffffffff0123';
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'latchkey-own-programs-'));
    const names = ['cat', 'head', 'hostname', 'grep', 'sed', 'awk', 'sh', 'lsblk', 'lscpu', 'ip', 'dmidecode', 'smartctl', 'udevadm', 'ioreg', 'system_profiler', 'sysctl', 'kenv'];
    for (const name of names) {
      writeFileSync(join(folder, name), `#!/bin/sh\necho '${lies}'\necho '"IOPlatformUUID" = "${lies}"'\necho 'Serial Number: ${lies}'\n`);
      chmodSync(join(folder, name), 0o755);
    }
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const reader = resolve(import.meta.dirname, '../../src-main/adapter/machine/fingerprint.ts');
  const read = (path: string | undefined): unknown => {
    const { stdout, status } = spawnSync(process.execPath, ['--input-type=module', '-e', `const { readFingerprint } = await import(${JSON.stringify(reader)}); console.log(JSON.stringify(await readFingerprint('needed')));`], {
      env: { ...process.env, PATH: path }, encoding: 'utf8', timeout: 120_000,
    });
    expect(status).toBe(0);
    return JSON.parse(stdout);
  };

  test.skipIf(process.platform === 'win32')('change nothing in what this computer is known by', () => {
    const honest = read(process.env['PATH']);
    expect(read(`${folder}:${process.env['PATH'] ?? ''}`)).toEqual(honest);
    expect(read(folder)).toEqual(honest);
  });
});
