import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { weekOf } from '../../src-authority/reminders/reminders.ts';
import { contract } from '../../src-shared/http/index.ts';
import { unwrap } from '../../src-shared/result.ts';
import { DAY, HOUR } from '../../src-shared/time.ts';
import { otherProcess, PASSWORD, settableClock, startAuthority } from '../support/authority.ts';
import type { TestAuthority } from '../support/authority.ts';
import { createTestMachine } from '../support/machine.ts';

/** Mails about what ends: at each step once, to those whom it concerns, and a list a week for those who decide. */

/** A Monday, noon. */
const START = Date.UTC(2026, 10, 23, 12) / 1000;
const person = (name: string, role: string) => ({ email: `${name}@o.example`, name, password: PASSWORD, role });
const data = {
  products: [{ id: 'stage', name: 'Stage', kind: 'desktop' }, { id: 'grade', name: 'Grade', kind: 'desktop' }],
  organizations: [
    {
      name: 'O', users: [person('owner', 'owner'), person('manager', 'manager'), person('editor', 'editor'), person('reader', 'reader')],
      licenses: [
        { id: 'lic_ends', product: 'stage', seats: 2, validUntil: START + 40 * DAY },
        { id: 'lic_open', product: 'grade', seats: 2 },
      ],
    },
    { name: 'Quiet', users: [person('quiet', 'owner')], licenses: [{ id: 'lic_quiet', product: 'stage', edition: 'Quiet', seats: 1 }] },
  ],
};

let a: TestAuthority;
beforeEach(async () => void (a = await startAuthority({ data, reminders: true, clock: settableClock(START) })));
afterEach(() => a.close());

const offline = async (days: number) => {
  const token = await a.signIn('editor@o.example');
  const machine = await createTestMachine({ authority: a.id, clock: a.clock, name: 'FIELD' });
  return unwrap(await a.call(token)(contract.leases.checkout, { body: { request: await machine.request({ license: 'lic_open', mode: 'offline', days }) } })).lease;
};
const mails = async () =>
  (await a.authority().outbox(true)).filter(({ subject }) => /end(s|et)? |enden/.test(subject)).map(({ to, subject }) => `${to.split('@')[0]}: ${subject}`).toSorted();
/** What was written by a certain time, as soon as the timer has looked: the letter to the owner is written with the others. */
const at = async (days: number, expected: number): Promise<readonly string[]> => {
  const before = (await mails()).length;
  a.clock.set(START + days * DAY);
  await vi.waitFor(async () => expect((await mails()).length).toBeGreaterThanOrEqual(before + expected), 30_000);
  return (await mails()).slice(0);
};
const LIST = 'O: what ends in the next 30 days';

describe('the end of a license', () => {
  test('is told to owners and managers at each step once, also when the authority is started anew', async () => {
    expect(await at(11, 4)).toEqual([`manager: ${LIST}`, 'manager: Stage of O ends soon', `owner: ${LIST}`, 'owner: Stage of O ends soon']);
    const before = await mails();
    await a.stop();
    await a.start();
    await a.authority().remind();
    expect(await mails()).toEqual(before);
    // Fourteen days before: a new step and a new week.
    const written = await at(27, 4);
    expect(written.filter((each) => each === 'owner: Stage of O ends soon')).toHaveLength(2);
    expect(written.filter((each) => each === `owner: ${LIST}`)).toHaveLength(2);
    expect(written.filter((each) => /^(editor|reader|quiet)/.test(each))).toEqual([]);
  });

  test('is told to those who use it too', async () => {
    const token = await a.signIn('editor@o.example');
    a.clock.set(START + 36 * DAY + HOUR);
    const machine = await createTestMachine({ authority: a.id, clock: a.clock, name: 'DESK' });
    const fresh = await a.signIn('editor@o.example');
    unwrap(await a.call(fresh)(contract.leases.checkout, { body: { request: await machine.request({ license: 'lic_ends', mode: 'online' }) } }));
    expect(token).not.toBe(fresh);
    // Three days before, while the lease of a day is in use.
    expect((await at(37, 1)).filter((each) => each.startsWith('editor'))).toEqual(['editor: Stage of O ends soon']);
  });
});

describe('the end of an offline lease', () => {
  test('is told to its holder and to those who decide, from the first step that is shorter than it was taken for', async () => {
    await offline(10);
    expect((await at(0.1, 2)).filter((each) => each.startsWith('editor'))).toEqual([]);
    const steps = await at(7.5, 3);
    expect(steps.filter((each) => each.startsWith('editor'))).toEqual(['editor: Grade of O ends soon']);
    const text = (await a.authority().outbox(true)).find(({ to, subject }) => to === 'editor@o.example' && subject === 'Grade of O ends soon')?.text ?? '';
    expect(text).toContain('Grade on FIELD (editor)');
  });

  test('is not told to whoever wants no such mails, and in the language of whoever does', async () => {
    await offline(10);
    const editor = await a.signIn('editor@o.example');
    unwrap(await a.call(editor)(contract.security.setPreferences, { body: { productNews: false, usageStatistics: false, licenseMails: false } }));
    unwrap(await a.call(await a.signIn('manager@o.example'))(contract.security.setLocale, { body: { locale: 'de' } }));
    const written = await at(7.5, 2);
    expect(written.filter((each) => each.startsWith('editor'))).toEqual([]);
    expect(written).toContain('manager: Grade von O endet bald');
    expect(written).toContain('owner: Grade of O ends soon');
  });
});

test('two processes that look at once write one letter, and a clock that jumps ahead brings none', async () => {
  await a.close();
  let passed = 0;
  a = await startAuthority({ data, reminders: true, clock: settableClock(START), uptime: () => ({ boot: 'boot', seconds: passed }) });
  a.clock.set(START + 37.5 * DAY);
  await a.authority().remind();
  expect(await mails()).toEqual([]);
  passed = 37.5 * DAY;
  const other = await otherProcess(a);
  await Promise.all([a.authority().remind(), other.remind(), a.authority().remind()]);
  await other.close();
  expect(await mails()).toEqual([`manager: ${LIST}`, 'manager: Stage of O ends soon', `owner: ${LIST}`, 'owner: Stage of O ends soon']);
});

test('a week begins on Monday morning', () => {
  expect(weekOf(START)).toBe(Date.UTC(2026, 10, 23, 6) / 1000);
  expect(weekOf(Date.UTC(2026, 10, 23, 5, 59) / 1000)).toBe(Date.UTC(2026, 10, 16, 6) / 1000);
});
