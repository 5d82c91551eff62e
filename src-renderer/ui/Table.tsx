import { ArrowDown, ArrowUp, ChevronsUpDown } from 'lucide-react'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { classNames } from './class-names.ts'
import './table.css'

export type TableColumn<T> = {
  readonly id: string
  readonly header: ReactNode
  readonly cell: (row: T) => ReactNode
  /** Makes the column sortable. Texts are compared as the locale of the document does. */
  readonly sortBy?: ((row: T) => string | number | null) | undefined
  readonly align?: 'start' | 'end' | undefined
  readonly width?: number | string | undefined
  /** The column that names its row. */
  readonly isRowHeader?: boolean | undefined
  /** Keeps the header for screen readers only, for a column of buttons. */
  readonly isHeaderHidden?: boolean | undefined
}

export type TableSort = { readonly column: string, readonly direction: 'ascending' | 'descending' }

export type TableProps<T> = {
  label: string
  columns: readonly TableColumn<T>[]
  rows: readonly T[]
  rowKey: (row: T) => string
  initialSort?: TableSort | undefined
  /** Marks one row. */
  selectedKey?: string | null | undefined
  empty?: ReactNode
}

const sorted = <T,>(rows: readonly T[], columns: readonly TableColumn<T>[], sort: TableSort | null): readonly T[] => {
  const sortBy = columns.find(({ id }) => id === sort?.column)?.sortBy
  if (sort === null || sortBy === undefined) return rows
  const collator = new Intl.Collator(document.documentElement.lang || undefined, { numeric: true, sensitivity: 'base' })
  const sign = sort.direction === 'ascending' ? 1 : -1
  // Rows without a value come last in both directions.
  return rows
    .map((row) => ({ row, value: sortBy(row) }))
    .sort((a, b) => {
      if (a.value === null || b.value === null) return Number(a.value === null) - Number(b.value === null)
      const order = typeof a.value === 'number' && typeof b.value === 'number' ? a.value - b.value : collator.compare(String(a.value), String(b.value))
      return order * sign
    })
    .map(({ row }) => row)
}

/** A small table: sorts by its headers and scrolls sideways when it must. For many rows take a VirtualList. */
export const Table = <T,>({ label, columns, rows, rowKey, initialSort, selectedKey, empty }: TableProps<T>) => {
  const [sort, setSort] = useState<TableSort | null>(initialSort ?? null)
  const frame = useRef<HTMLDivElement>(null)
  const [isWide, setWide] = useState(false)

  useEffect(() => {
    const element = frame.current
    if (element === null) return
    const observer = new ResizeObserver(() => setWide(element.scrollWidth > element.clientWidth))
    observer.observe(element)
    return () => observer.disconnect()
  }, [])

  if (rows.length === 0 && empty !== undefined) return <>{empty}</>
  return (
    <div ref={frame} className="lk-table-frame" {...(isWide ? { role: 'group', 'aria-label': label, tabIndex: 0 } : {})}>
      <table className="lk-table" aria-label={label}>
        <thead>
          <tr>
            {columns.map(({ id, header, sortBy, align = 'start', width, isHeaderHidden = false }) => {
              const direction = sort?.column === id ? sort.direction : null
              return (
                <th
                  key={id}
                  scope="col"
                  data-align={align}
                  style={width === undefined ? {} : { width }}
                  {...(sortBy === undefined ? {} : { 'aria-sort': direction ?? 'none' })}
                >
                  {sortBy === undefined
                    ? <span className={classNames(isHeaderHidden && 'lk-hidden-text')}>{header}</span>
                    : (
                      <button type="button" className="lk-table-sort" onClick={() => setSort({ column: id, direction: direction === 'ascending' ? 'descending' : 'ascending' })}>
                        {header}
                        {direction === null ? <ChevronsUpDown aria-hidden="true" /> : direction === 'ascending' ? <ArrowUp aria-hidden="true" /> : <ArrowDown aria-hidden="true" />}
                      </button>
                    )}
                </th>
              )
            })}
          </tr>
        </thead>
        <tbody>
          {sorted(rows, columns, sort).map((row) => (
            <tr key={rowKey(row)} data-selected={rowKey(row) === selectedKey || undefined}>
              {columns.map(({ id, cell, align = 'start', isRowHeader = false }) => isRowHeader
                ? <th key={id} scope="row" data-align={align}>{cell(row)}</th>
                : <td key={id} data-align={align}>{cell(row)}</td>)}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
