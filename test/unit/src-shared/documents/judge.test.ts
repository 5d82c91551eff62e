import { describe, expect, test } from 'vitest';
import {
  authenticateIssued, authenticateKeyset, authenticateRequest, judgeKeyset, judgeLicenseFile, judgeReceipt, judgeRequest, parseKind, signDocument,
} from '../../../../src-shared/documents/index.ts';
import type { Genuine, MachineView } from '../../../../src-shared/documents/index.ts';
import { unwrap } from '../../../../src-shared/result.ts';
import { DAY, HOUR } from '../../../../src-shared/time.ts';
import { fingerprint, licenseClaims, newScene, NOW, requestClaims } from '../../../support/documents.ts';

const scene = await newScene();
const claims = licenseClaims(scene);
const license = async (change: Parameters<typeof licenseClaims>[1] = {}): Promise<Genuine<'license'>> => {
  const text = await signDocument('license', { ...claims, ...change }, scene.license.key);
  return unwrap(await authenticateIssued(unwrap(parseKind('license', text)), scene.trusted));
};
const at = (now: number, authority: number | null = null) => ({ now, authority });
const view = (change: Partial<MachineView> = {}): MachineView => ({
  machine: scene.machineId, fingerprint, now: NOW + 60, authority: null, highest: NOW, requested: (jti) => jti === 'req_1', released: () => false, held: () => null, ...change,
});

describe('judging a license file at the machine', () => {
  test('the file that was asked for is new, and the same file is nothing new', async () => {
    expect(judgeLicenseFile(await license(), view())).toEqual({ ok: true, value: 'new' });
    expect(judgeLicenseFile(await license(), view({ held: () => ({ jti: claims.jti, seq: 1 }) }))).toEqual({ ok: true, value: 'again' });
  });

  test('a file for another machine is refused, by audience and by key', async () => {
    const other = await newScene();
    expect(judgeLicenseFile(await license({ aud: other.machineId }), view())).toMatchObject({ code: 'FILE_WRONG_MACHINE' });
    expect(judgeLicenseFile(await license({ cnf: { jkt: other.machine.key.kid } }), view())).toMatchObject({ code: 'FILE_WRONG_MACHINE' });
  });

  test('a file of a lease that was given up is refused for ever, whatever else it is', async () => {
    const released = view({ released: (lease) => lease === claims.sub, requested: () => false, held: () => ({ jti: 'fil_x', seq: 9 }) });
    expect(judgeLicenseFile(await license(), released)).toMatchObject({ code: 'LEASE_RELEASED' });
  });

  test('a file that answers no request of this machine is refused', async () => {
    expect(judgeLicenseFile(await license({ req: 'req_2' }), view())).toMatchObject({ code: 'REQUEST_UNKNOWN' });
  });

  test('an older file, or another file with the same number, is stale', async () => {
    expect(judgeLicenseFile(await license(), view({ held: () => ({ jti: 'fil_x', seq: 2 }) }))).toMatchObject({ code: 'FILE_STALE' });
    expect(judgeLicenseFile(await license(), view({ held: () => ({ jti: 'fil_x', seq: 1 }) }))).toMatchObject({ code: 'FILE_STALE' });
    expect(judgeLicenseFile(await license({ seq: 3 }), view({ held: () => ({ jti: 'fil_x', seq: 2 }) }))).toEqual({ ok: true, value: 'new' });
  });

  test('time: usable to the last second, expired from the end on', async () => {
    expect(judgeLicenseFile(await license(), view({ now: claims.exp - 1, highest: claims.exp - 1 }))).toMatchObject({ ok: true });
    expect(judgeLicenseFile(await license(), view({ now: claims.exp, highest: claims.exp }))).toMatchObject({ code: 'FILE_EXPIRED' });
  });

  test('a clock that is wrong is never called expired', async () => {
    expect(judgeLicenseFile(await license(), view({ now: NOW - 2 * HOUR, highest: NOW - 2 * HOUR }))).toMatchObject({ code: 'CLOCK_ROLLED_BACK' });
    expect(judgeLicenseFile(await license(), view({ now: NOW - HOUR, highest: NOW }))).toMatchObject({ ok: true });
    expect(judgeLicenseFile(await license(), view({ now: claims.exp + 1, highest: claims.exp + 400 * DAY }))).toMatchObject({ code: 'CLOCK_ROLLED_BACK' });
    const ahead = { now: claims.exp + 2 * HOUR, highest: claims.exp + 2 * HOUR };
    expect(judgeLicenseFile(await license(), view({ ...ahead, authority: claims.exp - 1 }))).toMatchObject({ code: 'CLOCK_ROLLED_BACK', details: { why: 'ahead', authority: claims.exp - 1 } });
    expect(judgeLicenseFile(await license(), view({ ...ahead, authority: claims.exp }))).toMatchObject({ code: 'FILE_EXPIRED' });
    expect(judgeLicenseFile(await license(), view({ now: claims.exp, highest: claims.exp, authority: claims.exp - 60 }))).toMatchObject({ code: 'FILE_EXPIRED' });
  });

  test.each([
    [[], true], [['os'], true], [['board'], true], [['os', 'board'], true], [['cpu', 'net'], true], [['os', 'board', 'cpu'], false], [['board', 'cpu', 'disk', 'net'], true],
    [['os', 'board', 'cpu', 'disk', 'net'], false],
  ] as const)('with %j replaced it is within tolerance: %s', async (replaced, within) => {
    const parts = { ...fingerprint.parts } as Record<string, readonly string[]>;
    for (const part of replaced) parts[part] = ['x'.repeat(43)];
    const judged = judgeLicenseFile(await license(), view({ fingerprint: { v: 1, parts } }));
    expect(judged).toMatchObject(within ? { ok: true } : { code: 'FINGERPRINT_MISMATCH' });
  });

  test('absent parts never count as the same', async () => {
    expect(judgeLicenseFile(await license(), view({ fingerprint: { v: 1, parts: {} } }))).toMatchObject({ code: 'FINGERPRINT_MISMATCH', details: { same: 0, needed: 3 } });
  });
});

describe('judging a request at the authority', () => {
  const request = async (change: Parameters<typeof requestClaims>[1] = {}): Promise<Genuine<'request'>> =>
    unwrap(await authenticateRequest(unwrap(parseKind('request', await signDocument('request', requestClaims(scene, change), scene.machine.key)))));
  const authority = { authority: scene.authority, now: NOW };

  test('it is answered for 14 days, whatever end it names itself', async () => {
    const long = await request({ exp: NOW + 400 * DAY });
    expect(judgeRequest(long, { ...authority, now: NOW + 14 * DAY - 1 })).toMatchObject({ ok: true });
    expect(judgeRequest(long, { ...authority, now: NOW + 14 * DAY })).toMatchObject({ code: 'REQUEST_EXPIRED', details: { at: NOW + 14 * DAY } });
  });
  test('one for another authority, or from the future, is refused', async () => {
    expect(judgeRequest(await request({ aud: 'aut_other' }), authority)).toMatchObject({ code: 'FILE_WRONG_AUTHORITY' });
    expect(judgeRequest(await request({ iat: NOW + HOUR + 1 }), authority)).toMatchObject({ code: 'FILE_NOT_YET_VALID' });
    expect(judgeRequest(await request({ iat: NOW + HOUR }), authority)).toMatchObject({ ok: true });
  });
  test('a renewal names its lease, and a checkout names none', async () => {
    expect(judgeRequest(await request({ purpose: 'renew' }), authority)).toMatchObject({ code: 'FILE_MALFORMED' });
    expect(judgeRequest(await request({ lease: 'lse_1' }), authority)).toMatchObject({ code: 'FILE_MALFORMED' });
  });
});

describe('judging keysets and receipts', () => {
  test('an older keyset is stale, the same one is nothing new, an expired one is refused', async () => {
    const keyset = unwrap(await authenticateKeyset(unwrap(parseKind('keyset', await signDocument('keyset', scene.keyset, scene.root.key)))));
    expect(judgeKeyset(keyset, { ...scene.trusted, version: 2 }, at(NOW))).toMatchObject({ code: 'KEYSET_STALE' });
    expect(judgeKeyset(keyset, scene.trusted, at(NOW))).toEqual({ ok: true, value: 'again' });
    expect(judgeKeyset(keyset, null, at(NOW))).toEqual({ ok: true, value: 'new' });
    expect(judgeKeyset(keyset, null, at(scene.keyset.exp))).toMatchObject({ code: 'FILE_EXPIRED' });
    expect(judgeKeyset(keyset, null, at(scene.keyset.iat - 3601))).toMatchObject({ code: 'CLOCK_ROLLED_BACK' });
    expect(judgeKeyset(keyset, null, at(scene.keyset.exp, NOW))).toMatchObject({ code: 'CLOCK_ROLLED_BACK', details: { why: 'ahead' } });
  });
  test('a receipt answers only a proof of this machine', async () => {
    const text = await signDocument('receipt', { iss: scene.authority, aud: scene.machineId, sub: 'lse_1', proof: 'rel_1', jti: 'rcp_1', iat: NOW }, scene.license.key);
    const receipt = unwrap(await authenticateIssued(unwrap(parseKind('receipt', text)), scene.trusted));
    expect(judgeReceipt(receipt, { machine: scene.machineId, now: NOW, proof: () => 'rel_1' })).toMatchObject({ ok: true });
    expect(judgeReceipt(receipt, { machine: scene.machineId, now: NOW, proof: () => 'rel_2' })).toMatchObject({ code: 'LEASE_NOT_FOUND' });
    expect(judgeReceipt(receipt, { machine: 'mch_other', now: NOW, proof: () => 'rel_1' })).toMatchObject({ code: 'FILE_WRONG_MACHINE' });
    expect(judgeReceipt(receipt, { machine: scene.machineId, now: NOW - 3600, proof: () => 'rel_1' })).toMatchObject({ ok: true });
    expect(judgeReceipt(receipt, { machine: scene.machineId, now: NOW - 3601, proof: () => 'rel_1' })).toMatchObject({ code: 'CLOCK_ROLLED_BACK' });
  });
});
