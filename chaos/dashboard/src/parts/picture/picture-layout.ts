import { client } from '../../../../contracts/topology.ts'
import type { Curve, Point } from './curve.ts'
import { boxAtEnd, layersOf, type PictureTopology } from './layers.ts'
import { orderSlots, type Slot } from './order-slots.ts'
import { placeLabels } from './place-labels.ts'

/** An instance, a store or the client in the picture. `x` and `y` are its centre, in units of the view box. */
export interface Box {
  readonly name: string
  readonly kind: 'client' | 'service' | 'store'
  readonly x: number
  readonly y: number
}

/** A link as a line between two boxes: `path` is SVG path data. */
export interface DrawnLink {
  readonly name: string
  readonly path: string
  /** The centre of the label. */
  readonly middle: Point
}

export interface PictureLayout {
  /** The view box begins at 0, 0. */
  readonly width: number
  readonly height: number
  readonly boxSize: { readonly width: number; readonly height: number }
  /** The space for a label. Most texts are shorter. */
  readonly labelSize: { readonly width: number; readonly height: number }
  /** Font sizes. The longest name fits into its box. */
  readonly nameSize: number
  readonly stateSize: number
  readonly boxes: readonly Box[]
  readonly links: readonly DrawnLink[]
}

const boxHeight = 92
/** Space for the stroke of boxes at the edge. */
const margin = 2
const narrowest = 1_340
/** Fewer columns than the width has space for are in the middle. */
const gapMax = 340
/** A point between boxes needs less height than a box. */
const pointHeight = 0.45

/** The picture of a system: columns from the client on, links as curves that pass between the boxes. */
export function layOut(topology: PictureTopology): PictureLayout {
  const columns = orderSlots(layersOf(topology), topology.links)
  const sizes = sizesFor(topology, columns.length)
  const { boxWidth } = sizes
  const { width, xs } = placeColumns(columns, topology.links, sizes)
  const { height, ys } = placeSlots(columns)
  const stores = new Set(topology.stores)
  const boxes = columns.flatMap((slots, i) =>
    slots.flatMap((slot): readonly Box[] => {
      const { name, kind } = slot
      if (kind === 'point') return []
      const look = name === client ? 'client' : stores.has(name) ? 'store' : 'service'
      return [{ name, kind: look, x: xs[i] ?? 0, y: ys.get(slot) ?? 0 }]
    }),
  )
  const boxSize = { width: boxWidth, height: boxHeight }
  const pointsOf = (link: string): readonly Point[] =>
    columns.flatMap((slots, i) =>
      slots.flatMap((slot) =>
        slot.kind === 'point' && slot.name === link
          ? [{ x: xs[i] ?? 0, y: ys.get(slot) ?? 0 }]
          : [],
      ),
    )
  const lines = topology.links.flatMap(({ name, caller, callee }) => {
    const [from, to] = [caller, callee].map((end) => {
      const name = boxAtEnd(topology, end)
      return boxes.find((box) => box.name === name)
    })
    if (from === undefined || to === undefined) return []
    const isLast = columns.length > 1 && from.x === xs.at(-1)
    const curves =
      from.x === to.x
        ? [arc(from, to, boxWidth, isLast ? -1 : 1, sideOf({ caller, callee }, topology))]
        : curvesThrough(from, to, pointsOf(name), boxWidth, sideOf({ caller, callee }, topology))
    return [{ name, curves }]
  })
  const middles = placeLabels(lines, boxes, { box: boxSize, label: sizes.labelSize })
  const links = lines.map(({ name, curves }, i) => ({
    name,
    path: pathOf(curves),
    middle: middles[i] ?? { x: 0, y: 0 },
  }))
  const { labelSize, nameSize, stateSize } = sizes
  return { width, height, boxSize, labelSize, nameSize, stateSize, boxes, links }
}

function longestName({ instances, stores }: PictureTopology): number {
  return Math.max(
    client.length,
    ...[...instances.map(({ name }) => name), ...stores].map((name) => name.length),
  )
}

type Sizes = ReturnType<typeof sizesFor>

/** Many columns are nearer to each other and their texts are larger, because the picture is scaled down to the page. */
function sizesFor(topology: PictureTopology, columns: number) {
  const longest = longestName(topology)
  const narrow = columns > 5
  const boxWidth = Math.max(narrow ? 170 : 180, Math.min(260, longest * 14 + 30))
  return {
    boxWidth,
    gap: narrow ? 128 : 150,
    gapPerLine: narrow ? 7 : 9,
    labelSize: { width: narrow ? 118 : 150, height: 36 },
    nameSize: Math.min(narrow ? 28 : 26, (boxWidth - 18) / (0.66 * longest)),
    stateSize: narrow ? 20 : 19,
  }
}

/** The centres of the columns. The space between two columns grows with the number of lines in it. */
function placeColumns(
  columns: readonly (readonly Slot[])[],
  links: PictureTopology['links'],
  { boxWidth, gap, gapPerLine }: Sizes,
): { readonly width: number; readonly xs: readonly number[] } {
  const columnOf = new Map(
    columns.flatMap((slots, i) =>
      slots.flatMap(({ name, kind }) => (kind === 'part' ? [[name, i] as const] : [])),
    ),
  )
  const spans = links.map(({ caller, callee }) => {
    const ends = [columnOf.get(caller) ?? 0, columnOf.get(callee) ?? 0]
    return { first: Math.min(...ends), last: Math.max(...ends) }
  })
  const gaps = columns.slice(1).map((_, i) => {
    const lines = spans.filter(({ first, last }) => first <= i && last > i).length
    const arcs = spans.some(
      ({ first, last }) => first === last && Math.min(first, columns.length - 2) === i,
    )
    return gap + gapPerLine * Math.min(lines, 12) + (arcs ? 40 : 0)
  })
  const needed = gaps.reduce((sum, gap) => sum + gap, 0)
  const boxes = columns.length * boxWidth
  const width = Math.max(narrowest, boxes + needed + 2 * margin)
  const space = Math.min(width - 2 * margin - boxes, gaps.length * gapMax)
  const stretch = needed === 0 ? 1 : space / needed
  const xs: number[] = []
  let x = (width - boxes - space + boxWidth) / 2
  for (const i of columns.keys()) {
    xs.push(x)
    x += boxWidth + (gaps[i] ?? 0) * stretch
  }
  return { width, xs }
}

/** The heights of the slots: each column is spread evenly around the middle. */
function placeSlots(columns: readonly (readonly Slot[])[]): {
  readonly height: number
  readonly ys: ReadonlyMap<Slot, number>
} {
  const size = (slot: Slot | undefined): number => (slot?.kind === 'point' ? pointHeight : 1)
  const offsetsOf = (slots: readonly Slot[]): readonly number[] => {
    let offset = 0
    return slots.map((slot, i) => {
      if (i > 0) offset += (size(slots[i - 1]) + size(slot)) / 2
      return offset
    })
  }
  const offsets = columns.map(offsetsOf)
  const most = Math.max(...offsets.map((list) => list.at(-1) ?? 0))
  const range = most <= 2 ? most * 168 : 336 + (most - 2) * 128
  const height = Math.max(range + boxHeight + 2 * margin, 150)
  // A column with fewer boxes has more space between them, and is still shorter than the fullest one.
  const widest = most === 0 ? 0 : (range / most) * (4 / 3)
  const ys = new Map<Slot, number>()
  for (const [i, slots] of columns.entries()) {
    const own = offsets[i] ?? []
    const extent = own.at(-1) ?? 0
    const step = extent === 0 ? 0 : Math.min(range / extent, widest)
    for (const [j, slot] of slots.entries())
      ys.set(slot, height / 2 + ((own[j] ?? 0) - extent / 2) * step)
  }
  return { height, ys }
}

/** A line from box to box through points, each of which it passes horizontally. */
export function curvesThrough(
  from: Point,
  to: Point,
  points: readonly Point[],
  boxWidth: number,
  side: number,
): Curve[] {
  const direction = Math.sign(to.x - from.x)
  const half = (direction * boxWidth) / 2
  const beside = ({ x, y }: Point): Point => ({ x, y: y + side * apart })
  const stops = [beside(from), ...(direction > 0 ? points : points.toReversed()), beside(to)]
  return stops.slice(1).flatMap((stop, i): readonly Curve[] => {
    const before = stops[i] ?? from
    const start = { x: before.x + half, y: before.y }
    const end = { x: stop.x - half, y: stop.y }
    const bend = (end.x - start.x) * 0.42
    const curve: Curve = [
      start,
      { x: start.x + bend, y: start.y },
      { x: end.x - bend, y: end.y },
      end,
    ]
    if (i === 0) return [curve]
    const across = { x: before.x - half, y: before.y }
    return [[across, before, before, start], curve]
  })
}

/** A line between two boxes of one column, beside it. */
export function arc(
  from: Point,
  to: Point,
  boxWidth: number,
  side: 1 | -1,
  between: number,
): Curve {
  const x = from.x + (side * boxWidth) / 2
  const bend = side * (110 + 40 * between)
  return [
    { x, y: from.y },
    { x: x + bend, y: from.y },
    { x: x + bend, y: to.y },
    { x, y: to.y },
  ]
}

/** Half the space between the lines of two parts that call each other. */
const apart = 13

/** Two parts that call each other have two lines side by side: -1 and 1. Otherwise 0. */
export function sideOf(
  { caller, callee }: { readonly caller: string; readonly callee: string },
  { links }: PictureTopology,
): -1 | 0 | 1 {
  if (!links.some((other) => other.caller === callee && other.callee === caller)) return 0
  return caller < callee ? -1 : 1
}

export function pathOf(curves: readonly Curve[]): string {
  const text = ({ x, y }: Point): string => `${Math.round(x * 10) / 10} ${Math.round(y * 10) / 10}`
  return curves
    .map(([start, a, b, end], i) =>
      [...(i === 0 ? [`M${text(start)}`] : []), `C${text(a)} ${text(b)} ${text(end)}`].join(' '),
    )
    .join(' ')
}
