import { useEffect, useState } from 'react'
import { pastTime, relativeTime } from './relative-time.ts'

export type TimeProps = {
  /** Seconds since the epoch, as in our documents. */
  seconds: number
  /** BCP 47. */
  locale: string
  /** `relative`: "in 3 days", and the whole date as title. `past`: the same for what has happened. `date`: the day in UTC. */
  format?: 'relative' | 'past' | 'date' | 'dateTime' | 'time' | undefined
  /** Seconds since the epoch; absent, a relative time keeps itself up to date. */
  now?: number | undefined
}

const absolute = {
  // The day a license begins or ends is a day of the calendar, the same for everybody.
  date: { dateStyle: 'medium', timeZone: 'UTC' }, dateTime: { dateStyle: 'medium', timeStyle: 'short' }, time: { timeStyle: 'short' },
} as const satisfies Readonly<Record<string, Intl.DateTimeFormatOptions>>

/** A time for people and machines: a <time> element in the words of the locale. */
export const Time = ({ seconds, locale, format = 'dateTime', now }: TimeProps) => {
  const date = new Date(seconds * 1000)
  const full = new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'short' }).format(date)
  return (
    <time dateTime={date.toISOString()} title={full}>
      {format === 'relative' || format === 'past' ? <Relative seconds={seconds} locale={locale} now={now} words={format === 'past' ? pastTime : relativeTime} /> : new Intl.DateTimeFormat(locale, absolute[format]).format(date)}
    </time>
  )
}

export const RelativeTime = (props: Omit<TimeProps, 'format'>) => <Time {...props} format="relative" />
/** When something happened: never in the future. */
export const PastTime = (props: Omit<TimeProps, 'format'>) => <Time {...props} format="past" />

type RelativeProps = { readonly seconds: number, readonly locale: string, readonly now: number | undefined, readonly words: typeof relativeTime }

const Relative = ({ seconds, locale, now, words }: RelativeProps) => {
  const [tick, setTick] = useState(() => Date.now() / 1000)
  useEffect(() => {
    if (now !== undefined) return
    const timer = setInterval(() => setTick(Date.now() / 1000), 30_000)
    return () => clearInterval(timer)
  }, [now])
  return words(seconds, now ?? tick, locale)
}
