import type { ReactNode } from 'react'
import './badge.css'

export type Tone = 'neutral' | 'ok' | 'warn' | 'danger' | 'info' | 'brass'

export type BadgeProps = {
  tone?: Tone | undefined
  icon?: ReactNode
  /** A dot of the tone before the words. */
  hasDot?: boolean | undefined
  children: ReactNode
}

/** A short state or property. The words say it; the colour only helps. */
export const Badge = ({ tone = 'neutral', icon, hasDot = false, children }: BadgeProps) => (
  <span className="lk-badge" data-tone={tone}>
    {hasDot && <span className="lk-badge-dot" />}
    {icon}
    <span className="lk-truncate">{children}</span>
  </span>
)
