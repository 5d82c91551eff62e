import { Check } from 'lucide-react'
import { type ReactNode, use } from 'react'
import { Header } from 'react-aria-components/Header'
import { Menu as AriaMenu, MenuItem as AriaMenuItem, type MenuItemProps as AriaMenuItemProps, MenuSection as AriaMenuSection, MenuTrigger } from 'react-aria-components/Menu'
import { DialogTrigger, OverlayTriggerStateContext } from 'react-aria-components/Dialog'
import { Popover as AriaPopover, type PopoverProps as AriaPopoverProps } from 'react-aria-components/Popover'
import { Separator } from 'react-aria-components/Separator'
import { Keyboard } from 'react-aria-components/Keyboard'
import { classNames } from './class-names.ts'
import './overlay.css'

/** Opens its Menu from its first child, a Button or IconButton. */
export { MenuTrigger }

/** Opens its Popover from its first child, a Button or IconButton. */
export { DialogTrigger as PopoverTrigger }

type Placement = NonNullable<AriaPopoverProps['placement']>

export type MenuProps = {
  'aria-label'?: string | undefined
  placement?: Placement | undefined
  /** Not interactive, above the items: who is signed in, for instance. */
  head?: ReactNode
  children: ReactNode
}

/** The menu of a MenuTrigger, with its popover. Named by its button unless `aria-label` is given. */
export const Menu = ({ 'aria-label': label, placement = 'bottom start', head, children }: MenuProps) => (
  <AriaPopover placement={placement} offset={4} className="lk-popover">
    {head !== undefined && <div className="lk-menu-head">{head}</div>}
    <AriaMenu className="lk-menu" {...(label === undefined ? {} : { 'aria-label': label })}>{children}</AriaMenu>
  </AriaPopover>
)

export type MenuItemProps = Omit<AriaMenuItemProps, 'className' | 'style' | 'children' | 'textValue' | 'isDisabled'> & {
  icon?: ReactNode
  /** A second, quieter line. */
  text?: ReactNode
  /** Shown at the end, such as "Ctrl+K". */
  shortcut?: string | undefined
  isDanger?: boolean | undefined
  isDisabled?: boolean | undefined
  textValue?: string | undefined
  children: ReactNode
}

export const MenuItem = ({ icon, text, shortcut, isDanger = false, isDisabled = false, textValue, children, ...rest }: MenuItemProps) => {
  const name = textValue ?? (typeof children === 'string' ? children : undefined)
  return (
    <AriaMenuItem {...rest} isDisabled={isDisabled} className={classNames('lk-menu-item', isDanger && 'lk-menu-danger')} {...(name === undefined ? {} : { textValue: name })}>
      {({ selectionMode, isSelected }) => (
        <>
          {selectionMode !== 'none' && <span className="lk-menu-check">{isSelected && <Check aria-hidden="true" />}</span>}
          {icon !== undefined && <span className="lk-menu-icon">{icon}</span>}
          <span className="lk-menu-words">
            <span>{children}</span>
            {text !== undefined && <span className="lk-menu-text">{text}</span>}
          </span>
          {shortcut !== undefined && <Keyboard className="lk-menu-keys">{shortcut}</Keyboard>}
        </>
      )}
    </AriaMenuItem>
  )
}

export type MenuSectionProps<Id extends string = string> = {
  title?: string | undefined
  /** Needed where there is no title. */
  'aria-label'?: string | undefined
  /** Makes the items of the section a choice of one, with a check mark. */
  selected?: Id | null | undefined
  onSelect?: ((id: Id) => void) | undefined
  children: ReactNode
}

export const MenuSection = <Id extends string = string>({ title, 'aria-label': label, selected, onSelect, children }: MenuSectionProps<Id>) => (
  <AriaMenuSection
    className="lk-menu-section"
    {...(label === undefined ? {} : { 'aria-label': label })}
    {...(selected === undefined
      ? {}
      : {
        selectionMode: 'single' as const,
        disallowEmptySelection: true,
        selectedKeys: selected === null ? [] : [selected],
        onSelectionChange: (keys: 'all' | Set<unknown>) => {
          const [first] = keys === 'all' ? [] : [...keys]
          if (first !== undefined) onSelect?.(first as Id)
        },
      })}
  >
    {title !== undefined && <Header className="lk-menu-title">{title}</Header>}
    {children}
  </AriaMenuSection>
)

export const MenuSeparator = () => <Separator className="lk-menu-line" />

export type PopoverProps = {
  'aria-label': string
  placement?: Placement | undefined
  children: ReactNode | ((close: () => void) => ReactNode)
}

/** The popover of a PopoverTrigger: a small dialog that closes when one presses outside. */
export const Popover = ({ 'aria-label': label, placement = 'bottom start', children }: PopoverProps) => (
  <AriaPopover aria-label={label} placement={placement} offset={6} className="lk-popover lk-popover-free">
    <div className="lk-popover-body">{typeof children === 'function' ? <WithClose>{children}</WithClose> : children}</div>
  </AriaPopover>
)

const WithClose = ({ children }: { readonly children: (close: () => void) => ReactNode }) => {
  const state = use(OverlayTriggerStateContext)
  return children(() => state?.close())
}
