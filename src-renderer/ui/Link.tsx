import type { ReactNode } from 'react'
import { Link as AriaLink, type LinkProps as AriaLinkProps } from 'react-aria-components/Link'
import { classNames } from './class-names.ts'
import './link.css'

export type LinkProps = Omit<AriaLinkProps, 'className' | 'style' | 'children'> & {
  /** `quiet` takes the colour of the text around it. `button` and `primary` look like buttons. */
  variant?: 'standard' | 'quiet' | 'button' | 'primary' | undefined
  icon?: ReactNode
  className?: string | undefined
  children: ReactNode
}

/** A link. Inside a RouterProvider its `href` goes through the router. */
export const Link = ({ variant = 'standard', icon, className, children, ...rest }: LinkProps) => {
  if (variant === 'button' || variant === 'primary') {
    return (
      <AriaLink {...rest} data-variant={variant === 'button' ? 'secondary' : 'primary'} className={classNames('lk-button', className)}>
        <span className="lk-button-content">{icon}<span className="lk-button-text">{children}</span></span>
      </AriaLink>
    )
  }
  return <AriaLink {...rest} data-variant={variant} className={classNames('lk-link', className)}>{icon}{children}</AriaLink>
}
