import type { ReactElement, ReactNode } from 'react'
import { Tooltip as AriaTooltip, TooltipTrigger, type TooltipProps as AriaTooltipProps } from 'react-aria-components/Tooltip'
import './overlay.css'

export type TooltipProps = {
  text: ReactNode
  placement?: NonNullable<AriaTooltipProps['placement']> | undefined
  /** One focusable React Aria element, such as a Button. */
  children: ReactElement
}

/** A short hint on hover and on keyboard focus. Never the only place where something is said. */
export const Tooltip = ({ text, placement = 'bottom', children }: TooltipProps) => (
  <TooltipTrigger delay={500} closeDelay={50}>
    {children}
    <AriaTooltip placement={placement} offset={6} className="lk-tooltip">{text}</AriaTooltip>
  </TooltipTrigger>
)
