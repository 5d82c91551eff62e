import { beforeAll, describe, expect, test } from 'vitest';
import { signDocument } from '../../../../src-shared/documents/index.ts';
import type { ClaimsOf } from '../../../../src-shared/documents/index.ts';
import { DAY, HOUR } from '../../../../src-shared/time.ts';
import { cappedDays, endsWithinDays, isRenewalDue, judgeStanding, readHeld } from '../../../../src-main/licensing/standing.ts';
import type { Held, StandingView } from '../../../../src-main/licensing/standing.ts';
import type { LeaseRow } from '../../../../src-main/licensing/index.ts';
import { fingerprint, licenseClaims, newScene, NOW } from '../../../support/documents.ts';
import type { Scene } from '../../../support/documents.ts';

let scene: Scene;
let claims: ClaimsOf<'license'>;
let row: LeaseRow;
let held: Held;
let view: StandingView;

beforeAll(async () => {
  scene = await newScene();
  claims = licenseClaims(scene);
  row = {
    id: claims.sub, license: claims.license.id, product: claims.license.product.id, file: claims.jti, seq: 1, text: await signDocument('license', claims, scene.license.key),
    carrier: 'file', acceptedAt: NOW, lastContact: null, warned: null, unrenewed: null, refusal: null,
  };
  held = await readHeld(row, scene.trusted, 0);
  view = { machine: scene.machineId, fingerprint, now: NOW, highest: NOW, authority: null, rolledBack: null };
});

describe('a stored lease', () => {
  test('is read and authenticated again', async () => {
    expect(held).toEqual({ row, claims, problem: null });
    expect((await readHeld(row, null, 0)).problem).toEqual({ code: 'TRUST_MISSING', details: {} });
    expect((await readHeld({ ...row, text: 'nonsense' }, scene.trusted, 0)).problem?.code).toBe('FILE_MALFORMED');
    const stranger = await newScene();
    expect((await readHeld({ ...row, text: await signDocument('license', claims, stranger.license.key) }, scene.trusted, 0)).problem?.code).toBe('FILE_NOT_GENUINE');
    const revoked = { ...scene.trusted, keys: scene.trusted.keys.map((key) => (key.role === 'license' ? { ...key, revokedAt: NOW } : key)) };
    expect((await readHeld(row, revoked, 0)).problem).toEqual({ code: 'FILE_NOT_GENUINE', details: { why: 'key-revoked', at: expect.any(Number) as number } });
  });

  test.each([['id', 'lse_other'], ['file', 'fil_other'], ['seq', 9], ['license', 'lic_other']])('whose row says another %s than its file is not genuine', async (name, value) => {
    expect((await readHeld({ ...row, [name]: value }, scene.trusted, 0)).problem).toEqual({ code: 'FILE_NOT_GENUINE', details: { why: 'row' } });
  });

  test('a row that was put back to an earlier file of its lease is not believed', async () => {
    expect((await readHeld(row, scene.trusted, row.seq)).problem).toBeNull();
    expect((await readHeld(row, scene.trusted, row.seq + 1)).problem).toEqual({ code: 'FILE_NOT_GENUINE', details: { why: 'row' } });
  });
});

describe('standing', () => {
  const codeAt = (change: Partial<StandingView>) => {
    const standing = judgeStanding(held, { ...view, ...change });
    return standing.usable ? null : standing.code;
  };

  test('is usable until the second it ends', () => {
    expect(codeAt({})).toBeNull();
    expect(codeAt({ now: claims.exp - 1 })).toBeNull();
    expect(codeAt({ now: claims.exp, highest: claims.exp })).toBe('LEASE_EXPIRED');
  });

  test('a wrong clock is never called expired', () => {
    expect(codeAt({ now: claims.exp + DAY, highest: claims.exp + 10 * DAY })).toBe('CLOCK_ROLLED_BACK');
    expect(codeAt({ now: NOW, highest: NOW + HOUR })).toBeNull();
    expect(codeAt({ now: NOW, highest: NOW + HOUR + 1 })).toBe('CLOCK_ROLLED_BACK');
  });

  test('what a clock that is ahead of the authority seems to have ended is not called expired, and is not usable either', () => {
    const ahead = claims.exp + 700 * DAY;
    expect(codeAt({ now: ahead, highest: ahead, authority: NOW })).toBe('CLOCK_ROLLED_BACK');
    // By the authority's own time it has ended too; or the two clocks hardly differ.
    expect(codeAt({ now: ahead, highest: ahead, authority: claims.exp })).toBe('LEASE_EXPIRED');
    expect(codeAt({ now: claims.exp, highest: claims.exp, authority: claims.exp - HOUR })).toBe('LEASE_EXPIRED');
    // And what it says makes nothing usable.
    expect(codeAt({ now: NOW + DAY, highest: NOW + 5 * DAY, authority: NOW + DAY })).toBe('CLOCK_ROLLED_BACK');
  });

  test('another machine, another computer and a restored store each say so', () => {
    expect(codeAt({ machine: `mch_${'x'.repeat(43)}` })).toBe('FILE_WRONG_MACHINE');
    expect(codeAt({ fingerprint: { v: 1, parts: {} } })).toBe('FINGERPRINT_MISMATCH');
    expect(codeAt({ rolledBack: { stored: 1, seen: 2 } })).toBe('STORE_ROLLED_BACK');
    expect(judgeStanding({ ...held, problem: { code: 'FILE_NOT_GENUINE', details: {} } }, view)).toEqual({ usable: false, code: 'FILE_NOT_GENUINE', details: {} });
  });
});

describe('what is due', () => {
  const online = (left: number): ClaimsOf<'license'> => ({ ...claims, mode: 'online', iat: NOW, nbf: NOW, exp: NOW + 24 * HOUR, license: { ...claims.license, validUntil: NOW + left } });

  test('an online lease is renewed when less than half of its term is left, an offline one never by itself', () => {
    expect(isRenewalDue(online(99 * DAY), NOW + 12 * HOUR)).toBe(false);
    expect(isRenewalDue(online(99 * DAY), NOW + 12 * HOUR + 1)).toBe(true);
    expect(isRenewalDue(claims, claims.exp - 1)).toBe(false);
  });

  test.each([[31, null], [30, 30], [15, 30], [14, 14], [4, 14], [3, 3], [2, 3], [1, 1], [0.5, 1], [0, null]])('%s days before the end the warning is %s', (days, warning) => {
    const long = { ...claims, exp: NOW + 60 * DAY };
    expect(endsWithinDays(long, long.exp - days * DAY)).toBe(warning);
    // An online lease renews itself: only its license's end is worth a warning.
    expect(endsWithinDays(online(days * DAY), NOW)).toBe(warning);
    expect(endsWithinDays({ ...online(0), license: { ...claims.license, validUntil: null } }, NOW)).toBeNull();
  });

  test('a lease that was short from the start is announced only by the steps within its period', () => {
    const week = { ...claims, exp: claims.iat + 7 * DAY };
    expect(endsWithinDays(week, week.iat)).toBeNull();
    expect(endsWithinDays(week, week.exp - 4 * DAY)).toBeNull();
    expect(endsWithinDays(week, week.exp - 3 * DAY)).toBe(3);
    expect(endsWithinDays({ ...claims, exp: claims.iat + DAY }, claims.iat)).toBeNull();
  });

  test('an offline period is never offered beyond the license’s end', () => {
    expect(cappedDays(60, null, NOW)).toBe(60);
    expect(cappedDays(60, NOW + 300 * DAY, NOW)).toBe(60);
    expect(cappedDays(60, NOW + 10 * DAY - 1, NOW)).toBe(10);
    expect(cappedDays(60, NOW - DAY, NOW)).toBe(0);
  });
});
