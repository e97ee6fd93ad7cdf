import type { PictureTopology } from './layers.ts'

/** A place in a column: a part, or the point at which a link passes between the parts of the column. */
export interface Slot {
  /** The part's name; for a point, the link's name. */
  readonly name: string
  readonly kind: 'part' | 'point'
}

/** A piece of a link between two neighbouring columns: the left column, and the positions of its two slots. */
interface Piece {
  readonly column: number
  readonly left: Slot
  readonly right: Slot
}

const sweeps = 8

/** The slots of each column from top to bottom, in an order in which few links cross. */
export function orderSlots(
  layers: readonly (readonly string[])[],
  links: PictureTopology['links'],
): readonly (readonly Slot[])[] {
  const columns: Slot[][] = layers.map((names) => names.map((name) => ({ name, kind: 'part' })))
  const columnOf = new Map(layers.flatMap((names, i) => names.map((name) => [name, i] as const)))
  const pieces: Piece[] = []
  for (const { name, caller, callee } of links) {
    const [from, to] = [columnOf.get(caller), columnOf.get(callee)]
    if (from === undefined || to === undefined || from === to) continue
    const [first, last] = from < to ? [caller, callee] : [callee, caller]
    let left = slotOf(columns, Math.min(from, to), first)
    for (let i = Math.min(from, to) + 1; i < Math.max(from, to); i++) {
      const point: Slot = { name, kind: 'point' }
      columns[i]?.push(point)
      pieces.push({ column: i - 1, left, right: point })
      left = point
    }
    const end = Math.max(from, to)
    pieces.push({ column: end - 1, left, right: slotOf(columns, end, last) })
  }
  return fewestCrossings(columns, pieces)
}

function slotOf(columns: readonly (readonly Slot[])[], column: number, name: string): Slot {
  const slot = columns[column]?.find((slot) => slot.kind === 'part' && slot.name === name)
  if (slot === undefined) throw new Error(`${name} is not in column ${column}.`)
  return slot
}

/** Sorts each column by the mean position of its neighbours, from left to right and back, and keeps the best order. */
function fewestCrossings(
  columns: readonly (readonly Slot[])[],
  pieces: readonly Piece[],
): readonly (readonly Slot[])[] {
  let current = columns.map((slots) => [...slots])
  let best = current
  let fewest = crossingsOf(current, pieces)
  for (let sweep = 0; sweep < sweeps && fewest > 0; sweep++) {
    const forward = sweep % 2 === 0
    const next = current.map((slots) => [...slots])
    for (let step = 1; step < next.length; step++) {
      const column = forward ? step : next.length - 1 - step
      const beside = next[forward ? column - 1 : column + 1] ?? []
      next[column] = byNeighbours(next[column] ?? [], beside, pieces)
    }
    const crossings = crossingsOf(next, pieces)
    current = next
    if (crossings < fewest) [best, fewest] = [next, crossings]
  }
  return best
}

function byNeighbours(
  slots: readonly Slot[],
  beside: readonly Slot[],
  pieces: readonly Piece[],
): Slot[] {
  const share = (slot: Slot): number => (beside.indexOf(slot) + 0.5) / beside.length
  const meanOf = (slot: Slot, own: number): number => {
    const places = pieces.flatMap(({ left, right }) =>
      left === slot && beside.includes(right)
        ? [share(right)]
        : right === slot && beside.includes(left)
          ? [share(left)]
          : [],
    )
    return places.length === 0 ? own : places.reduce((sum, place) => sum + place, 0) / places.length
  }
  const means = new Map(slots.map((slot, i) => [slot, meanOf(slot, (i + 0.5) / slots.length)]))
  return slots.toSorted((a, b) => (means.get(a) ?? 0) - (means.get(b) ?? 0))
}

function crossingsOf(columns: readonly (readonly Slot[])[], pieces: readonly Piece[]): number {
  const places = new Map(columns.flatMap((slots) => slots.map((slot, i) => [slot, i] as const)))
  const place = (slot: Slot): number => places.get(slot) ?? 0
  let crossings = 0
  for (const [i, a] of pieces.entries())
    for (const b of pieces.slice(i + 1))
      if (
        a.column === b.column &&
        (place(a.left) - place(b.left)) * (place(a.right) - place(b.right)) < 0
      )
        crossings += 1
  return crossings
}
