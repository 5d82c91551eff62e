const [MINUTE, HOUR, DAY] = [60, 3600, 86_400]
const MOST_DAYS = 60
const DAYS_OF_A_MONTH = 30.436_875
const MOST_MONTHS = 24

/** Intl has no words for it but "now", which is no answer to "when was that". */
const moments = { en: ['a moment ago', 'in a moment'], de: ['gerade eben', 'gleich'] } as const

/** The day of a time as people there count days, as a number that grows by one each midnight. */
const dayOf = (seconds: number, timeZone: string | undefined): number => {
  const parts = new Intl.DateTimeFormat('en', { timeZone, year: 'numeric', month: 'numeric', day: 'numeric' }).formatToParts(seconds * 1000)
  const part = (type: string): number => Number(parts.find((each) => each.type === type)?.value)
  return Date.UTC(part('year'), part('month') - 1, part('day')) / (DAY * 1000)
}

/**
 * Words for a time as seen from now: within a day minutes and hours, then days as the calendar counts them, then months and
 * years. `timeZone` is where the days are counted; absent, here.
 */
export const relativeTime = (seconds: number, now: number, locale: string, timeZone?: string): string => {
  const distance = seconds - now
  const size = Math.abs(distance)
  if (size < MINUTE) return moments[locale.startsWith('de') ? 'de' : 'en'][distance > 0 ? 1 : 0]
  const words = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
  const say = (count: number, unit: Intl.RelativeTimeFormatUnit): string => words.format(Math.round(count) * Math.sign(distance), unit)
  if (Math.round(size / MINUTE) < 60) return say(size / MINUTE, 'minute')
  const days = Math.abs(dayOf(seconds, timeZone) - dayOf(now, timeZone))
  if (Math.round(size / HOUR) < 24 || days === 0) return say(size / HOUR, 'hour')
  if (days <= MOST_DAYS) return say(days, 'day')
  const months = Math.round(days / DAYS_OF_A_MONTH)
  return months < MOST_MONTHS ? say(months, 'month') : say(months / 12, 'year')
}

/** Words for something that has happened. A clock that was looked at a moment earlier, or is a little behind, does not put it into the future. */
export const pastTime = (seconds: number, now: number, locale: string, timeZone?: string): string => relativeTime(Math.min(seconds, now), now, locale, timeZone)
