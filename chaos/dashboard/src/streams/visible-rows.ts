/** The rows that a scrolled list draws, and the height of the rows that it leaves out above and below them. */
export interface VisibleRows {
  readonly from: number
  readonly to: number
  readonly above: number
  readonly below: number
}

/**
 * The rows between `top - margin` and `top + height + margin`. `heightOf` is the measured height of a row, or an estimate.
 */
export function visibleRows(
  count: number,
  heightOf: (index: number) => number,
  view: { readonly top: number; readonly height: number; readonly margin: number },
): VisibleRows {
  const fromPx = view.top - view.margin
  const toPx = view.top + view.height + view.margin
  let from = count
  let to = count
  let above = 0
  let offset = 0
  for (let i = 0; i < count; i++) {
    const next = offset + heightOf(i)
    if (from === count && next > fromPx) {
      from = i
      above = offset
    }
    if (to === count && offset >= toPx) to = i
    offset = next
  }
  if (from === count) above = offset
  let shown = 0
  for (let i = from; i < to; i++) shown += heightOf(i)
  return { from, to, above, below: Math.max(0, offset - above - shown) }
}

/** The row at a distance from the top of the list, and how much of it is above that; undefined beyond the last row. */
export function rowAt(
  count: number,
  heightOf: (index: number) => number,
  px: number,
): { readonly index: number; readonly hiddenPx: number } | undefined {
  let offset = 0
  for (let index = 0; index < count; index++) {
    const height = heightOf(index)
    if (offset + height > px) return { index, hiddenPx: px - offset }
    offset += height
  }
  return undefined
}
