/** Where each row begins, and after the last one where the list ends. */
export const rowOffsets = <T>(items: readonly T[], rowHeight: number | ((item: T) => number)): Float64Array => {
  const offsets = new Float64Array(items.length + 1)
  let end = 0
  items.forEach((item, index) => {
    end += typeof rowHeight === 'number' ? rowHeight : rowHeight(item)
    offsets[index + 1] = end
  })
  return offsets
}

/** The rows that a stretch of the list touches. */
export const rowsWithin = (offsets: Float64Array, top: number, height: number): { readonly first: number, readonly count: number } => {
  const rows = offsets.length - 1
  const firstAfter = (position: number): number => {
    let low = 0
    let high = rows
    while (low < high) {
      const middle = (low + high) >> 1
      if ((offsets[middle + 1] ?? Infinity) > position) high = middle
      else low = middle + 1
    }
    return low
  }
  const first = firstAfter(Math.max(0, top))
  const last = firstAfter(Math.max(0, top + height - 0.5))
  return { first, count: Math.max(0, Math.min(rows, last + 1) - first) }
}
