import { expect, test } from 'vitest';
import { letterTime, writeLetter } from '../../../src-authority/mail/letter.ts';
import { machineReleasedLetter, taskAnsweredLetter, unassignedLetter } from '../../../src-authority/mail/letters/holdings.ts';
import { membershipEndedLetter } from '../../../src-authority/mail/letters/membership-ended.ts';

const until = 1_800_003_600;
const ended = [{ product: 'Stage Studio', machine: 'WS-042', until }];
const common = { organization: 'Northlight', by: 'Mia Manager', at: 1_800_000_000, link: 'https://latchkey.example/tasks' };

test('who is told that a license was released is also told that its seat waits for the machine, and until when', () => {
  for (const [locale, seat] of [['en', /seat is free when .*confirms the release, at the latest/], ['de', /Platz ist frei, wenn .*die Freigabe bestätigt, spätestens/]] as const) {
    for (const text of [
      writeLetter(machineReleasedLetter, locale, { ...common, leases: ended }).text,
      writeLetter(membershipEndedLetter, locale, { ...common, ended, offline: [] }).text,
      writeLetter(unassignedLetter, locale, { ...common, products: ['Stage Studio'], ended }).text,
      writeLetter(taskAnsweredLetter, locale, { ...common, kind: 'release', granted: true, product: 'Stage Studio', ended: { machine: 'WS-042', until } }).text,
    ]) {
      expect(text).toMatch(seat);
      expect(text).toContain('WS-042');
      expect(text).toContain(letterTime(locale, until));
    }
    for (const text of [
      writeLetter(unassignedLetter, locale, { ...common, products: ['Stage Studio'], ended: [] }).text,
      writeLetter(taskAnsweredLetter, locale, { ...common, kind: 'assignment', granted: true, product: 'Stage Studio', ended: null }).text,
    ]) expect(text).not.toMatch(seat);
  }
});
