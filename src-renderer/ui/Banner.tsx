import { CircleAlert, CircleCheck, Info, TriangleAlert, X } from 'lucide-react'
import type { ReactNode } from 'react'
import { IconButton } from './Button.tsx'
import './banner.css'

const icons = { info: Info, ok: CircleCheck, warn: TriangleAlert, danger: CircleAlert } as const

export type BannerTone = keyof typeof icons

export const ToneIcon = ({ tone }: { readonly tone: BannerTone }) => {
  const Icon = icons[tone]
  return <Icon aria-hidden="true" className="lk-tone-icon" data-tone={tone} />
}

export type BannerProps = {
  tone?: BannerTone | undefined
  title: ReactNode
  children?: ReactNode
  /** A Button or Link at the end. */
  action?: ReactNode
  onClose?: (() => void) | undefined
  /** Needed with onClose. */
  closeLabel?: string | undefined
  /** Spoken when it appears: `alert` for what needs an answer now. Absent for what is there from the start. */
  live?: 'status' | 'alert' | undefined
}

/** A message about the page around it, which stays as long as it is true. */
export const Banner = ({ tone = 'info', title, children, action, onClose, closeLabel, live }: BannerProps) => (
  <div className="lk-banner" data-tone={tone} {...(live === undefined ? {} : { role: live })}>
    <ToneIcon tone={tone} />
    <div className="lk-banner-words">
      <p className="lk-banner-title">{title}</p>
      {children !== undefined && children !== null && <div className="lk-banner-text">{children}</div>}
    </div>
    {action !== undefined && <div className="lk-banner-action">{action}</div>}
    {onClose !== undefined && <IconButton size="small" label={closeLabel ?? ''} hasTooltip={false} icon={<X aria-hidden="true" />} onPress={onClose} />}
  </div>
)
