import { type ReactNode, useEffect, useRef, useState } from 'react'
import { Link as AriaLink } from 'react-aria-components/Link'
import { classNames } from './class-names.ts'
import './app-shell.css'

export type AppShellProps = {
  /** `desktop` makes the top strips draggable and keeps clear of the window's buttons. */
  kind: 'desktop' | 'portal'
  /** Mark and name: a Brand. */
  brand: ReactNode
  /** Below the brand, such as the organization's menu. */
  switcher?: ReactNode
  /** NavSections; absent, there is no sidebar (sign-in, the picker at launch). */
  nav?: ReactNode
  navLabel?: string | undefined
  /** At the bottom of the sidebar: connection state, version. */
  navFoot?: ReactNode
  /** In the top bar, before the user menu. */
  top?: ReactNode
  user?: ReactNode
  /** Full-width Banners above the page. */
  banner?: ReactNode
  /** "Skip to content". */
  skipLabel: string
  children: ReactNode
}

/** The frame of a window: sidebar, top bar, page. The sidebar becomes a rail below 820 px and a strip below 600 px. */
export const AppShell = ({ kind, brand, switcher, nav, navLabel, navFoot, top, user, banner, skipLabel, children }: AppShellProps) => (
  <div className="lk-shell" data-kind={kind} data-plain={nav === undefined || undefined}>
    <a
      className="lk-skip"
      href="#main"
      onClick={(event) => {
        // Not by the fragment: the address belongs to the router.
        event.preventDefault()
        document.getElementById('main')?.focus()
      }}
    >
      {skipLabel}
    </a>
    {nav !== undefined && (
      <nav className="lk-side" aria-label={navLabel}>
        <div className="lk-side-brand">{brand}</div>
        {switcher !== undefined && <div className="lk-side-switcher">{switcher}</div>}
        <SideNav>{nav}</SideNav>
        {navFoot !== undefined && <div className="lk-side-foot">{navFoot}</div>}
      </nav>
    )}
    <header className="lk-top">
      <div className="lk-top-brand">{brand}</div>
      <div className="lk-top-main">{top}</div>
      {user !== undefined && <div className="lk-top-user">{user}</div>}
    </header>
    <main id="main" className="lk-main" tabIndex={-1}>
      {banner !== undefined && banner !== null && <div className="lk-main-banner">{banner}</div>}
      {children}
    </main>
  </div>
)

/** Keeps the current page in sight, and says by a fading edge that a strip goes on: on a narrow window it scrolls sideways. */
const SideNav = ({ children }: { readonly children: ReactNode }) => {
  const strip = useRef<HTMLDivElement>(null)
  const [more, setMore] = useState<'none' | 'before' | 'after' | 'both'>('none')
  useEffect(() => {
    const element = strip.current
    if (element === null) return
    const look = () => {
      const isBefore = element.scrollLeft > 1
      const isAfter = element.scrollLeft + element.clientWidth < element.scrollWidth - 1
      setMore(isBefore && isAfter ? 'both' : isBefore ? 'before' : isAfter ? 'after' : 'none')
    }
    const show = () => {
      element.querySelector('[aria-current=page]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
      look()
    }
    const size = new ResizeObserver(show)
    const pages = new MutationObserver(show)
    size.observe(element)
    pages.observe(element, { subtree: true, childList: true, characterData: true, attributeFilter: ['aria-current'] })
    element.addEventListener('scroll', look)
    return () => {
      size.disconnect()
      pages.disconnect()
      element.removeEventListener('scroll', look)
    }
  }, [])
  return <div ref={strip} className="lk-side-nav" data-more={more}>{children}</div>
}

export type BrandProps = { mark: ReactNode, name: string }

export const Brand = ({ mark, name }: BrandProps) => <span className="lk-brand"><span className="lk-brand-mark">{mark}</span><span className="lk-brand-name">{name}</span></span>

export type NavSectionProps = { title?: string | undefined, children: ReactNode }

export const NavSection = ({ title, children }: NavSectionProps) => (
  <div className="lk-nav-section">
    {title !== undefined && <p className="lk-nav-title">{title}</p>}
    <ul className="lk-nav-list">{children}</ul>
  </div>
)

export type NavItemProps = {
  href: string
  icon: ReactNode
  isActive?: boolean | undefined
  /** A count or a Badge at the end. */
  aside?: ReactNode
  children: string
}

export const NavItem = ({ href, icon, isActive = false, aside, children }: NavItemProps) => (
  <li>
    <AriaLink href={href} className="lk-nav-item" data-active={isActive || undefined} {...(isActive ? { 'aria-current': 'page' } : {})}>
      <span className="lk-nav-icon" aria-hidden="true">{icon}</span>
      <span className="lk-nav-words">{children}</span>
      {aside !== undefined && <span className="lk-nav-aside">{aside}</span>}
    </AriaLink>
  </li>
)

export type PageProps = {
  title: ReactNode
  subtitle?: ReactNode
  actions?: ReactNode
  /** A Link back, above the title. */
  back?: ReactNode
  /** `compact` for sign-in (400 px, in the middle of the window), `narrow` for forms (560), `normal` (880), `wide` (1280), `full`. */
  width?: 'compact' | 'narrow' | 'normal' | 'wide' | 'full' | undefined
  /** Takes exactly the height of the window, so that a VirtualList inside scrolls and not the page. */
  isFixed?: boolean | undefined
  children: ReactNode
}

export const Page = ({ title, subtitle, actions, back, width = 'normal', isFixed = false, children }: PageProps) => (
  <div className={classNames('lk-page', isFixed && 'lk-page-fixed')} data-width={width}>
    <header className="lk-page-head">
      <div className="lk-page-words">
        {back !== undefined && <div className="lk-page-back">{back}</div>}
        <h1 className="lk-page-title">{title}</h1>
        {subtitle !== undefined && <p className="lk-page-subtitle">{subtitle}</p>}
      </div>
      {actions !== undefined && <div className="lk-row">{actions}</div>}
    </header>
    <div className="lk-page-body">{children}</div>
  </div>
)
