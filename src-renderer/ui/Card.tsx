import type { ReactNode } from 'react'
import { useId } from 'react'
import { classNames } from './class-names.ts'
import './card.css'

export type CardProps = {
  /** Without a title the card is a plain frame. */
  title?: ReactNode
  text?: ReactNode
  /** At the end of the title's row. */
  actions?: ReactNode
  /** `flush` lets lists and tables reach the frame. */
  padding?: 'normal' | 'flush' | undefined
  className?: string | undefined
  children?: ReactNode
}

/** A framed part of a page. */
export const Card = ({ title, text, actions, padding = 'normal', className, children }: CardProps) => {
  const id = useId()
  const head = (title !== undefined || actions !== undefined) && (
    <header className="lk-card-head">
      <div>
        {title !== undefined && <h2 id={id} className="lk-card-title">{title}</h2>}
        {text !== undefined && <p className="lk-card-text">{text}</p>}
      </div>
      {actions !== undefined && <div className="lk-row">{actions}</div>}
    </header>
  )
  return (
    <section className={classNames('lk-card', className)} data-padding={padding} {...(title === undefined ? {} : { 'aria-labelledby': id })}>
      {head}
      {children !== undefined && <div className="lk-card-body">{children}</div>}
    </section>
  )
}

export type SectionProps = Omit<CardProps, 'padding'>

/** A titled part of a page without a frame. */
export const Section = ({ title, text, actions, className, children }: SectionProps) => {
  const id = useId()
  return (
    <section className={classNames('lk-section', className)} {...(title === undefined ? {} : { 'aria-labelledby': id })}>
      {(title !== undefined || actions !== undefined) && (
        <header className="lk-section-head">
          <div>
            {title !== undefined && <h2 id={id} className="lk-card-title">{title}</h2>}
            {text !== undefined && <p className="lk-card-text">{text}</p>}
          </div>
          {actions !== undefined && <div className="lk-row">{actions}</div>}
        </header>
      )}
      {children}
    </section>
  )
}

export type KeyValueListProps = {
  items: readonly { readonly term: ReactNode, readonly value: ReactNode, readonly isMonospace?: boolean | undefined, readonly key?: string | undefined }[]
  /** `columns` sets term above value in as many columns as fit; `rows` sets them side by side. */
  layout?: 'rows' | 'columns' | undefined
}

/** The details of one thing, as a definition list. */
export const KeyValueList = ({ items, layout = 'rows' }: KeyValueListProps) => (
  <dl className="lk-details" data-layout={layout}>
    {items.map(({ term, value, isMonospace = false, key }, place) => (
      <div key={key ?? place} className="lk-detail">
        <dt>{term}</dt>
        <dd className={classNames(isMonospace && 'lk-mono')}>{value}</dd>
      </div>
    ))}
  </dl>
)

export type EmptyStateProps = {
  icon?: ReactNode
  title: ReactNode
  text?: ReactNode
  /** The next step: a Button or Link. */
  action?: ReactNode
}

/** What stands where there is nothing yet: what it means, and the next step. */
export const EmptyState = ({ icon, title, text, action }: EmptyStateProps) => (
  <div className="lk-empty">
    {icon !== undefined && <span className="lk-empty-icon" aria-hidden="true">{icon}</span>}
    <p className="lk-empty-title">{title}</p>
    {text !== undefined && <p className="lk-empty-text">{text}</p>}
    {action !== undefined && <div className="lk-row lk-empty-action">{action}</div>}
  </div>
)
