import { describe, expect, it } from 'vitest';
import { pastTime, relativeTime } from '../../../src-renderer/ui/relative-time.ts';

const at = (iso: string): number => Date.parse(iso) / 1000;
const noon = at('2026-11-26T12:00:00Z');
const DAY = 86_400;
const say = (seconds: number, now = noon, locale = 'en', timeZone = 'UTC'): string => relativeTime(seconds, now, locale, timeZone);

describe('a time as seen from now', () => {
  it('never counts fewer days than the calendar, however little of today is gone', () => {
    for (const days of [2, 9, 14, 20, 31, 40, 60]) {
      const end = noon + days * DAY;
      for (const later of [0, 61, 1800, 7200]) expect(say(end, noon + later)).toBe(`in ${days} days`);
    }
    expect(say(noon - 20 * DAY)).toBe('20 days ago');
  });

  it('counts days by midnights, and not by 24 hours', () => {
    const late = at('2026-11-26T23:50:00Z');
    expect(say(at('2026-11-28T00:10:00Z'), late)).toBe('in 2 days');
    expect(say(at('2026-11-27T23:55:00Z'), late)).toBe('tomorrow');
    expect(say(at('2026-11-24T23:59:00Z'), at('2026-11-26T00:01:00Z'))).toBe('2 days ago');
  });

  it('counts the midnights of where the person is, also over a change of the clocks', () => {
    const [now, end] = [at('2026-11-26T23:30:00Z'), at('2026-11-29T00:30:00Z')];
    expect(say(end, now)).toBe('in 3 days');
    expect(say(end, now, 'en', 'Europe/Oslo')).toBe('in 2 days');
    expect(say(end, now, 'en', 'America/New_York')).toBe('in 2 days');
    expect(say(end, now, 'en', 'Pacific/Auckland')).toBe('in 2 days');
    // 71 hours on the evening before summer time begins.
    expect(say(at('2027-03-30T18:00:00+02:00'), at('2027-03-27T18:00:00+01:00'), 'en', 'Europe/Oslo')).toBe('in 3 days');
  });

  it('says hours and minutes within a day, also over midnight, and never "now"', () => {
    expect(say(at('2026-11-27T00:10:00Z'), at('2026-11-26T23:50:00Z'))).toBe('in 20 minutes');
    expect(say(noon + 18 * 3600)).toBe('in 18 hours');
    expect(say(noon - 59.6 * 60)).toBe('1 hour ago');
    expect(say(noon - 40)).toBe('a moment ago');
    expect(say(noon + 40)).toBe('in a moment');
    expect(say(noon - 40, noon, 'de-AT')).toBe('gerade eben');
  });

  it('says months beyond 60 days, and years beyond 24 months', () => {
    expect(say(noon + 61 * DAY)).toBe('in 2 months');
    expect(say(at('2027-02-26T12:00:00Z'))).toBe('in 3 months');
    expect(say(at('2027-11-26T12:00:00Z'), noon, 'de')).toBe('in 12 Monaten');
    expect(say(at('2029-11-26T12:00:00Z'))).toBe('in 3 years');
  });
});

describe('a time in the past', () => {
  it('is never in the future, however the clocks differ', () => {
    expect(pastTime(noon + 40, noon, 'en', 'UTC')).toBe('a moment ago');
    expect(pastTime(noon + 2 * DAY, noon, 'en', 'UTC')).toBe('a moment ago');
    expect(pastTime(noon + 40, noon, 'de', 'UTC')).toBe('gerade eben');
    expect(pastTime(noon - 3 * 3600, noon, 'en', 'UTC')).toBe('3 hours ago');
  });
});
