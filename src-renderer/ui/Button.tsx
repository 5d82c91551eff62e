import type { ReactNode } from 'react'
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from 'react-aria-components/Button'
import { classNames } from './class-names.ts'
import { PendingMark } from './Progress.tsx'
import { Tooltip } from './Tooltip.tsx'
import './button.css'

type Pressable = Omit<AriaButtonProps, 'className' | 'style' | 'children' | 'isPending' | 'isDisabled' | 'aria-label'> & {
  isDisabled?: boolean | undefined
  /** Shows a spinner and refuses presses; the width and the focus stay. */
  isPending?: boolean | undefined
  className?: string | undefined
}

export type ButtonProps = Pressable & {
  variant?: 'primary' | 'secondary' | 'quiet' | 'danger' | undefined
  size?: 'small' | 'medium' | 'large' | undefined
  /** A lucide icon before the words. */
  icon?: ReactNode
  /** A lucide icon after the words, such as a chevron. */
  trailingIcon?: ReactNode
  /** Spoken while pending. */
  pendingLabel?: string | undefined
  isFullWidth?: boolean | undefined
  'aria-label'?: string | undefined
  children: ReactNode
}

export const Button = ({
  variant = 'secondary', size = 'medium', icon, trailingIcon, pendingLabel, isPending = false, isDisabled = false, isFullWidth = false, className, children,
  'aria-label': label, ...rest
}: ButtonProps) => (
  <AriaButton
    {...rest}
    {...(label === undefined ? {} : { 'aria-label': label })}
    isPending={isPending}
    isDisabled={isDisabled}
    data-variant={variant}
    data-size={size}
    className={classNames('lk-button', isFullWidth && 'lk-button-wide', className)}
  >
    <span className="lk-button-content">
      {icon}
      <span className="lk-button-text">{children}</span>
      {trailingIcon}
    </span>
    {isPending && <PendingMark label={pendingLabel} />}
  </AriaButton>
)

export type IconButtonProps = Pressable & {
  /** The accessible name, and the tooltip. */
  label: string
  icon: ReactNode
  size?: 'small' | 'medium' | undefined
  variant?: 'quiet' | 'secondary' | undefined
  /** Off where the surroundings already say it. */
  hasTooltip?: boolean | undefined
}

export const IconButton = ({
  label, icon, size = 'medium', variant = 'quiet', hasTooltip = true, isPending = false, isDisabled = false, className, ...rest
}: IconButtonProps) => {
  const button = (
    <AriaButton
      {...rest}
      aria-label={label}
      isPending={isPending}
      isDisabled={isDisabled}
      data-variant={variant}
      data-size={size}
      className={classNames('lk-button lk-button-icon', className)}
    >
      <span className="lk-button-content">{icon}</span>
      {isPending && <PendingMark label={label} />}
    </AriaButton>
  )
  return hasTooltip ? <Tooltip text={label}>{button}</Tooltip> : button
}
