import { type KeyboardEvent, memo, type MouseEvent, type ReactNode, useCallback, useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { Search, X } from 'lucide-react'
import { ButtonContext } from 'react-aria-components/Button'
import { classNames } from './class-names.ts'
import { rowOffsets, rowsWithin } from './row-window.ts'
import './field.css'
import './virtual-list.css'

export type VirtualListSearch = {
  value: string
  onChange: (value: string) => void
  label: string
  clearLabel: string
  placeholder?: string | undefined
  autoFocus?: boolean | undefined
  /** Beside the search field, such as a SegmentedControl. */
  aside?: ReactNode
}

export type VirtualListProps<T> = {
  label: string
  /** Already filtered and in order. Keep the identity of unchanged items: their rows are not drawn again. */
  items: readonly T[]
  itemKey: (item: T) => string
  /** Pixels; a function gives each item its own. */
  rowHeight: number | ((item: T) => number)
  /** What the row shows, without anything that can be pressed. Give a stable function. */
  renderItem: (item: T) => ReactNode
  /** Buttons at the end of the row. Those of the active row are in the tab order, and right arrow leads there. Give a stable function. */
  renderActions?: ((item: T) => ReactNode) | undefined
  /** Enter, or a click. Not called for blocked items. */
  onChoose: (item: T) => void
  /** Blocked items can be reached and read, but not chosen. */
  isBlocked?: ((item: T) => boolean) | undefined
  /** The item whose choice is under way or in force. */
  chosenKey?: string | null | undefined
  /** The active row, wherever the arrows lead it; for a pane with details. */
  onActiveChange?: ((item: T | null) => void) | undefined
  /** A click only makes the row active and a double click chooses. */
  choosesOnDoubleClick?: boolean | undefined
  /** A search field above the list: type to filter, arrows move the active row, Enter chooses it. */
  search?: VirtualListSearch | undefined
  /** Spoken when it changes, such as "12 licenses". */
  status?: string | undefined
  /** Shown in place of the rows when there are none. */
  empty?: ReactNode
  className?: string | undefined
}

type RowProps<T> = {
  readonly item: T
  readonly id: string
  readonly index: number
  readonly top: number
  readonly height: number
  readonly isActive: boolean
  readonly isChosen: boolean
  readonly isBlocked: boolean
  readonly renderItem: (item: T) => ReactNode
  readonly renderActions: ((item: T) => ReactNode) | undefined
  /** Into the row's buttons, or out of them by an arrow or Escape. */
  readonly onVisit: (index: number) => void
  readonly onLeave: (step: number) => void
}

const leaving: Readonly<Record<string, number>> = { ArrowUp: -1, ArrowDown: 1, ArrowLeft: 0, Escape: 0 }

const Row = memo(function Row<T>({ item, id, index, top, height, isActive, isChosen, isBlocked, renderItem, renderActions, onVisit, onLeave }: RowProps<T>) {
  const tabbing = useMemo(() => ({ excludeFromTabOrder: !isActive }), [isActive])
  return (
    <div
      role="row"
      id={id}
      aria-rowindex={index + 1}
      aria-selected={isActive}
      aria-disabled={isBlocked || undefined}
      data-active={isActive || undefined}
      data-chosen={isChosen || undefined}
      data-blocked={isBlocked || undefined}
      className="lk-list-row"
      style={{ transform: `translateY(${top}px)`, height }}
    >
      <div role="gridcell" className="lk-list-cell">{renderItem(item)}</div>
      {renderActions !== undefined && (
        <div
          role="gridcell"
          className="lk-list-actions"
          onFocus={() => onVisit(index)}
          onKeyDownCapture={(event) => {
            const step = leaving[event.key]
            // An open menu is a portal: its keys bubble to here in React, but not in the document.
            if (step === undefined || !event.currentTarget.contains(event.target as Element)) return
            event.preventDefault()
            event.stopPropagation()
            onLeave(step)
          }}
        >
          <ButtonContext.Provider value={tabbing}>{renderActions(item)}</ButtonContext.Provider>
        </div>
      )}
    </div>
  )
}) as <T>(props: RowProps<T>) => ReactNode

const overscan = 240

/**
 * A list of any length, drawn only where it is seen, for the keyboard first. The focus stays in the search field
 * (or on the list) and the active row is told by aria-activedescendant. Fills the height of its container.
 */
export const VirtualList = <T,>({
  label, items, itemKey, rowHeight, renderItem, renderActions, onChoose, isBlocked, chosenKey, onActiveChange, choosesOnDoubleClick = false, search, status, empty, className,
}: VirtualListProps<T>) => {
  const id = useId()
  const scroller = useRef<HTMLDivElement>(null)
  const input = useRef<HTMLInputElement>(null)
  const [view, setView] = useState({ top: 0, height: 800 })
  const query = search?.value
  // A new query begins at its first hit again.
  const [picked, setPicked] = useState<{ readonly key: string, readonly query: string | undefined } | null>(null)
  const activeKey = picked !== null && picked.query === query ? picked.key : null
  const offsets = useMemo(() => rowOffsets(items, rowHeight), [items, rowHeight])
  const total = offsets[items.length] ?? 0

  const found = useMemo(() => activeKey === null ? -1 : items.findIndex((item) => itemKey(item) === activeKey), [items, itemKey, activeKey])
  // While one searches, the first hit is the one that Enter takes.
  const active = found >= 0 ? found : search !== undefined && items.length > 0 ? 0 : -1
  const activeItem = items[active] ?? null

  useEffect(() => {
    scroller.current?.scrollTo({ top: 0 })
  }, [query])

  const tellActive = useRef(onActiveChange)
  useEffect(() => {
    tellActive.current = onActiveChange
  })
  useEffect(() => {
    tellActive.current?.(activeItem)
  }, [activeItem])

  useLayoutEffect(() => {
    const element = scroller.current
    if (element === null) return
    const measure = () => setView((old) => old.height === element.clientHeight ? old : { ...old, height: element.clientHeight })
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    return () => observer.disconnect()
  }, [])

  const reveal = (index: number) => {
    const element = scroller.current
    const top = offsets[index]
    const bottom = offsets[index + 1]
    if (element === null || top === undefined || bottom === undefined) return
    if (top < element.scrollTop) element.scrollTop = top
    else if (bottom > element.scrollTop + element.clientHeight) element.scrollTop = bottom - element.clientHeight
  }

  const moveTo = (index: number) => {
    const next = Math.max(0, Math.min(items.length - 1, index))
    const item = items[next]
    if (item === undefined) return
    setPicked({ key: itemKey(item), query })
    reveal(next)
  }

  const choose = (index: number) => {
    const item = items[index]
    if (item !== undefined && isBlocked?.(item) !== true) onChoose(item)
  }

  // Rows are memoized, so they call through a ref that always knows the present items.
  const home = () => (input.current ?? scroller.current)?.focus({ preventScroll: true })
  const calls = useRef({ moveTo, choose, active })
  useEffect(() => {
    calls.current = { moveTo, choose, active }
  })
  const onPick = (event: MouseEvent<HTMLElement>, isDouble: boolean) => {
    const row = (event.target as Element).closest('.lk-list-cell')?.parentElement
    if (row === null || row === undefined) return
    const index = Number(row.getAttribute('aria-rowindex')) - 1
    moveTo(index)
    home()
    if (isDouble === choosesOnDoubleClick) choose(index)
  }
  const onVisit = useCallback((index: number) => calls.current.moveTo(index), [])
  const onLeave = useCallback((step: number) => {
    calls.current.moveTo(calls.current.active + step)
    home()
  }, [])

  const rowId = (item: T) => `${id}-${itemKey(item)}`
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || event.altKey) return
    const inField = event.currentTarget === input.current
    const page = Math.max(1, rowsWithin(offsets, view.top, view.height).count - 1)
    const isFar = !inField || event.ctrlKey || event.metaKey
    const field = input.current
    const isAtEnd = !inField || (field !== null && field.selectionStart === field.value.length && field.selectionEnd === field.value.length)
    const action = activeItem === null ? null : document.getElementById(rowId(activeItem))?.querySelector<HTMLElement>('.lk-list-actions :is(button, a)')
    const steps: Readonly<Record<string, (() => void) | undefined>> = {
      ArrowDown: () => moveTo(active + 1),
      ArrowUp: () => moveTo(active - 1),
      PageDown: () => moveTo(active + page),
      PageUp: () => moveTo(active - page),
      Home: isFar ? () => moveTo(0) : undefined,
      End: isFar ? () => moveTo(items.length - 1) : undefined,
      Enter: () => choose(active),
      ArrowRight: isAtEnd && action instanceof HTMLElement ? () => action.focus() : undefined,
      Escape: inField && search !== undefined && search.value !== '' ? () => search.onChange('') : undefined,
    }
    const step = event.target === event.currentTarget ? steps[event.key] : undefined
    if (step === undefined) return
    event.preventDefault()
    event.stopPropagation()
    step()
  }

  const seen = rowsWithin(offsets, view.top - overscan, view.height + 2 * overscan)
  const drawn = Array.from({ length: seen.count }, (_, place) => seen.first + place)
  // The active row stays in the document: aria-activedescendant points at it.
  if (active >= 0 && !drawn.includes(active)) drawn.push(active)

  const isEmpty = items.length === 0
  const pointer = activeItem === null ? {} : { 'aria-activedescendant': rowId(activeItem) }
  return (
    <div className={classNames('lk-list', className)}>
      {search !== undefined && (
        <div className="lk-list-search">
          <div className="lk-input-group lk-list-input">
            <Search aria-hidden="true" />
            <input
              ref={input}
              type="search"
              className="lk-input"
              value={search.value}
              placeholder={search.placeholder}
              aria-label={search.label}
              aria-autocomplete="list"
              aria-controls={`${id}-rows`}
              autoComplete="off"
              spellCheck={false}
              autoFocus={search.autoFocus ?? false}
              onChange={(event) => search.onChange(event.target.value)}
              onKeyDown={onKeyDown}
              {...pointer}
            />
            {search.value !== '' && (
              <button type="button" tabIndex={-1} className="lk-input-button" aria-label={search.clearLabel} onClick={() => { search.onChange(''); input.current?.focus() }}>
                <X aria-hidden="true" />
              </button>
            )}
          </div>
          {search.aside}
        </div>
      )}
      <div
        ref={scroller}
        id={`${id}-rows`}
        className="lk-list-scroller"
        onScroll={(event) => {
          const { scrollTop } = event.currentTarget
          setView((old) => ({ ...old, top: scrollTop }))
        }}
        {...(isEmpty
          ? { role: 'group', 'aria-label': label }
          : {
            role: 'grid',
            'aria-label': label,
            'aria-rowcount': items.length,
            tabIndex: 0,
            onKeyDown,
            onClick: (event: MouseEvent<HTMLElement>) => onPick(event, false),
            onDoubleClick: (event: MouseEvent<HTMLElement>) => onPick(event, true),
            ...pointer,
          })}
      >
        {isEmpty ? empty : (
          <div role="presentation" className="lk-list-space" style={{ height: total }}>
            {drawn.map((index) => {
              const item = items[index]
              const top = offsets[index]
              if (item === undefined || top === undefined) return null
              const key = itemKey(item)
              return (
                <Row
                  key={key}
                  item={item}
                  id={rowId(item)}
                  index={index}
                  top={top}
                  height={(offsets[index + 1] ?? top) - top}
                  isActive={index === active}
                  isChosen={key === chosenKey}
                  isBlocked={isBlocked?.(item) ?? false}
                  renderItem={renderItem}
                  renderActions={renderActions}
                  onVisit={onVisit}
                  onLeave={onLeave}
                />
              )
            })}
          </div>
        )}
      </div>
      {status !== undefined && <div role="status" className="lk-hidden-text">{status}</div>}
    </div>
  )
}
