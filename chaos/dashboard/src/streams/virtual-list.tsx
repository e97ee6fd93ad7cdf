import './virtual-list.css'
import type { ComponentChildren } from 'preact'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'

import { frames } from './frame.ts'
import { rowAt, visibleRows } from './visible-rows.ts'

type Key = string | number

/** Rows beyond the visible ones, so that a quick scroll shows no gap. */
const marginPx = 200
/** A list that is scrolled to less than this from its end follows new rows. */
const followPx = 24

export interface VirtualListProps<T> {
  readonly items: readonly T[]
  /** The same for an item while it is in the list. */
  readonly keyOf: (item: T, index: number) => Key
  readonly row: (item: T) => ComponentChildren
  readonly label: string
  readonly class: string
  /** The height of a row that was not drawn yet, in pixels. */
  readonly estimatePx: number
  /** New rows come at the end, and the list follows them until the user scrolls back. */
  readonly follows?: boolean
  readonly maxHeight?: string
  /** The row that is in the middle of the view, unless the user points at the list. */
  readonly shownKey?: Key | undefined
}

/**
 * A list that draws only the rows in view, however many it has. Rows may have different heights. Where the user has
 * scrolled to, the rows stay in their place while others come and go.
 */
export function VirtualList<T>(props: VirtualListProps<T>) {
  const { items, row, label, maxHeight } = props
  const { box, list, from, to, above, below, scrolled } = useWindow(props)
  return (
    <div
      class={`virtual ${props.class}`}
      ref={box}
      tabIndex={0}
      role="group"
      aria-label={label}
      style={maxHeight === undefined ? {} : { maxHeight }}
      onScroll={() => frames.request(scrolled)}
    >
      <ol ref={list} style={{ paddingTop: `${above}px`, paddingBottom: `${below}px` }}>
        {items.slice(from, to).map((item, i) => (
          <li
            key={props.keyOf(item, from + i)}
            aria-setsize={items.length}
            aria-posinset={from + i + 1}
          >
            {row(item)}
          </li>
        ))}
      </ol>
    </div>
  )
}

/** The place to which the user has scrolled: a row, and how far its top is above that of the list. */
interface Place {
  readonly key: Key
  readonly hiddenPx: number
}

/** The rows in view, and what keeps them there. */
function useWindow<T>({
  items,
  keyOf,
  estimatePx,
  follows = false,
  shownKey,
}: Pick<VirtualListProps<T>, 'items' | 'keyOf' | 'estimatePx' | 'follows' | 'shownKey'>) {
  const box = useRef<HTMLDivElement>(null)
  const list = useRef<HTMLOListElement>(null)
  const heights = useRef(new Map<Key, number>())
  /** Undefined: the list is at its end, or at its top if it does not follow. */
  const place = useRef<Place | undefined>(undefined)
  const [view, setView] = useState({ top: 0, height: 400 })
  const [, draw] = useState(0)
  const redraw = useRef(() => draw((n) => n + 1))
  const shown = useRef<Key | undefined>(undefined)
  if (shownKey !== shown.current && box.current?.matches(':hover') !== true) {
    // Without a row to show, a list that follows goes back to its end.
    if (shownKey !== undefined) place.current = { key: shownKey, hiddenPx: -view.height / 2 }
    else if (follows) place.current = undefined
    shown.current = shownKey
  }
  const heightOf = (i: number): number => heights.current.get(keyOf(items[i] as T, i)) ?? estimatePx
  const top = topOf(view, { items, keyOf, heightOf, follows, place: place.current })
  const rows = visibleRows(items.length, heightOf, { ...view, top, margin: marginPx })
  const scroll = (): void => {
    const element = box.current
    if (element === null) return
    const { scrollTop, clientHeight, scrollHeight } = element
    const rests = follows
      ? scrollHeight - scrollTop - clientHeight < followPx
      : scrollTop < followPx
    const at = rests ? undefined : rowAt(items.length, heightOf, scrollTop)
    place.current =
      at === undefined
        ? undefined
        : { key: keyOf(items[at.index] as T, at.index), hiddenPx: at.hiddenPx }
    setView({ top: scrollTop, height: clientHeight })
  }
  const latest = useRef(scroll)
  latest.current = scroll
  const scrolled = useRef(() => latest.current())
  useLayoutEffect(() => {
    const element = box.current
    if (element === null) return
    const { from } = rows
    let changed = element.clientHeight !== view.height
    for (const [i, child] of [...(list.current?.children ?? [])].entries()) {
      const item = items[from + i]
      if (item === undefined) continue
      const key = keyOf(item, from + i)
      const { height } = child.getBoundingClientRect()
      if (Math.abs((heights.current.get(key) ?? estimatePx) - height) < 0.5) continue
      heights.current.set(key, height)
      changed = true
    }
    if (heights.current.size > 4 * items.length + 100) forgetOthers(heights.current, items, keyOf)
    if (follows && place.current === undefined) element.scrollTop = element.scrollHeight
    else if (Math.abs(element.scrollTop - top) > 1) element.scrollTop = top
    if (!changed) return
    if (element.clientHeight === view.height) frames.request(redraw.current)
    else setView({ top: element.scrollTop, height: element.clientHeight })
  })
  return { box, list, ...rows, scrolled: scrolled.current }
}

/** How far the list is scrolled: to its end, to its top, or to where the user's row is now. */
function topOf<T>(
  view: { readonly top: number; readonly height: number },
  at: {
    readonly items: readonly T[]
    readonly keyOf: (item: T, index: number) => Key
    readonly heightOf: (index: number) => number
    readonly follows: boolean
    readonly place: Place | undefined
  },
): number {
  const { items, keyOf, heightOf, follows, place } = at
  const heightTo = (end: number): number => {
    let sum = 0
    for (let i = 0; i < end; i++) sum += heightOf(i)
    return sum
  }
  if (place === undefined)
    return follows
      ? Math.max(0, heightTo(items.length) - view.height)
      : Math.min(view.top, followPx)
  const index = items.findIndex((item, i) => keyOf(item, i) === place.key)
  return index === -1 ? view.top : heightTo(index) + place.hiddenPx
}

function forgetOthers<T>(
  heights: Map<Key, number>,
  items: readonly T[],
  keyOf: (item: T, index: number) => Key,
): void {
  const current = new Set(items.map(keyOf))
  for (const key of heights.keys()) if (!current.has(key)) heights.delete(key)
}
