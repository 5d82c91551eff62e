import { classNames } from './class-names.ts'
import './seat-bar.css'

export type SeatCounts = { readonly inUse: number, readonly inTransit: number, readonly atRisk: number, readonly free: number }

export type SeatBarProps = {
  /** What a screen reader says, such as "3 of 20 seats free, 15 in use, 1 in transit, 1 at risk". */
  label: string
  seats: SeatCounts
  /** Words per state; given, a legend with the numbers stands below the bar. */
  legend?: Readonly<Record<keyof SeatCounts, string>> | undefined
  size?: 'small' | 'medium' | undefined
}

const states = ['inUse', 'inTransit', 'atRisk', 'free'] as const

/** The seats of a license: in use, in transit, at risk, free. Few seats are drawn one by one, many in proportion. */
export const SeatBar = ({ label, seats, legend, size = 'medium' }: SeatBarProps) => {
  const total = states.reduce((sum, state) => sum + seats[state], 0)
  const isCountable = total > 0 && total <= (size === 'small' ? 12 : 24)
  return (
    <div className="lk-seats" data-size={size}>
      <div role="img" aria-label={label} className={classNames('lk-seats-bar', isCountable && 'lk-seats-single')}>
        {isCountable
          ? states.flatMap((state) => Array.from({ length: seats[state] }, (_, seat) => <span key={`${state}${seat}`} className="lk-seat" data-state={state} />))
          : states.filter((state) => seats[state] > 0).map((state) => <span key={state} className="lk-seat" data-state={state} style={{ flexGrow: seats[state] }} />)}
      </div>
      {legend !== undefined && (
        <ul className="lk-seats-legend" aria-hidden="true">
          {states.filter((state) => seats[state] > 0 || state === 'free').map((state) => (
            <li key={state}><span className="lk-seat" data-state={state} /><span className="lk-numeric">{seats[state]}</span> {legend[state]}</li>
          ))}
        </ul>
      )}
    </div>
  )
}
