import { expect, test } from 'vitest';
import { createAttempts } from '../../../src-authority/accounts/attempts.ts';
import { settableClock } from '../../support/authority.ts';

test('failures beyond the free ones wait twice as long each time, up to a quarter of an hour', () => {
  const clock = settableClock(1000);
  const attempts = createAttempts(clock, 3);
  const waits: number[] = [];
  for (let each = 0; each < 16; each += 1) {
    attempts.failed('a');
    waits.push(attempts.wait('a'));
  }
  expect(waits).toEqual([0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900, 900]);
  expect(attempts.wait('b')).toBe(0);
  clock.advance(899);
  expect(attempts.wait('a')).toBe(1);
  clock.advance(1);
  expect(attempts.wait('a')).toBe(0);
});

test('a failure that was counted too early is taken back once, with its time, whatever else failed meanwhile', () => {
  const clock = settableClock(1000);
  const attempts = createAttempts(clock, 1);
  attempts.failed('a');
  clock.advance(10);
  const takeBack = attempts.failed('a');
  expect(attempts.wait('a')).toBe(2);
  takeBack();
  takeBack();
  // One failure ten seconds ago, which asked for one second.
  expect(attempts.wait('a')).toBe(0);
  const [first] = [attempts.failed('a'), attempts.failed('a')];
  expect(attempts.wait('a')).toBe(4);
  first();
  expect(attempts.wait('a')).toBe(2);
  const alone = attempts.failed('b');
  alone();
  alone();
  attempts.failed('b');
  expect(attempts.wait('b')).toBe(1);
});

test('a success, and an hour without failures, forget them', () => {
  const clock = settableClock(1000);
  const attempts = createAttempts(clock, 1);
  attempts.failed('a');
  attempts.failed('a');
  attempts.succeeded('a');
  expect(attempts.wait('a')).toBe(0);
  for (let each = 0; each < 20; each += 1) attempts.failed('a');
  clock.advance(3600);
  expect(attempts.wait('a')).toBe(0);
  attempts.failed('a');
  expect(attempts.wait('a')).toBe(1);
});
