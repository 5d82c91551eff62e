import { ProgressBar as AriaProgressBar } from 'react-aria-components/ProgressBar'
import { classNames } from './class-names.ts'
import './progress.css'

const Ring = ({ size }: { readonly size: number }) => (
  <svg className="lk-ring" viewBox="0 0 16 16" width={size} height={size} fill="none" aria-hidden="true">
    <circle cx="8" cy="8" r="6.25" stroke="currentColor" strokeOpacity="0.22" strokeWidth="1.75" />
    <path d="M8 1.75A6.25 6.25 0 0 1 14.25 8" stroke="currentColor" strokeWidth="1.75" strokeLinecap="round" />
  </svg>
)

/** The spinner inside a pending button. */
export const PendingMark = ({ label }: { readonly label: string | undefined }) =>
  label === undefined
    ? <span className="lk-pending-mark"><Ring size={16} /></span>
    : <AriaProgressBar isIndeterminate aria-label={label} className="lk-pending-mark"><Ring size={16} /></AriaProgressBar>

export type SpinnerProps = {
  /** What is being waited for. */
  label: string
  size?: 'small' | 'medium' | 'large' | undefined
  /** Shows the label beside the ring, or leaves it to screen readers. */
  isLabelVisible?: boolean | undefined
}

/** An endless wait. Where the shape of the answer is known, prefer a Skeleton. */
export const Spinner = ({ label, size = 'medium', isLabelVisible = false }: SpinnerProps) => (
  <AriaProgressBar isIndeterminate aria-label={label} className="lk-spinner">
    <Ring size={size === 'small' ? 14 : size === 'medium' ? 18 : 28} />
    {isLabelVisible && <span aria-hidden="true">{label}</span>}
  </AriaProgressBar>
)

export type ProgressBarProps = {
  label: string
  /** 0 to 100; absent means that the end is not known. */
  value?: number | undefined
  /** Words for the value, such as "3 of 12 files". */
  valueText?: string | undefined
  isLabelVisible?: boolean | undefined
}

export const ProgressBar = ({ label, value, valueText, isLabelVisible = true }: ProgressBarProps) => (
  <AriaProgressBar
    aria-label={label}
    isIndeterminate={value === undefined}
    className="lk-progress"
    {...(value === undefined ? {} : { value })}
    {...(valueText === undefined ? {} : { valueLabel: valueText })}
  >
    {({ percentage, valueText: shown }) => (
      <>
        {isLabelVisible && <span className="lk-progress-words" aria-hidden="true"><span>{label}</span><span className="lk-numeric lk-soft">{shown}</span></span>}
        <span className="lk-progress-track">
          <span className={classNames('lk-progress-fill', value === undefined && 'lk-progress-endless')} style={value === undefined ? {} : { width: `${percentage ?? 0}%` }} />
        </span>
      </>
    )}
  </AriaProgressBar>
)

export type SkeletonProps = {
  /** Lines of text, or one block of a height. */
  lines?: number | undefined
  height?: number | undefined
  width?: number | string | undefined
}

/** Stands where content will be, in its size, so that nothing moves when it comes. Silent for screen readers. */
export const Skeleton = ({ lines = 1, height, width }: SkeletonProps) => (
  <span className="lk-skeleton" aria-hidden="true" style={width === undefined ? {} : { width }}>
    {height === undefined
      ? Array.from({ length: lines }, (_, line) => <span key={line} className="lk-skeleton-line" data-last={lines > 1 && line === lines - 1 ? '' : undefined} />)
      : <span className="lk-skeleton-block" style={{ height }} />}
  </span>
)
