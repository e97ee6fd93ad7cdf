import { client } from '../../../../contracts/topology.ts'
import type { Curve, Point } from './curve.ts'
import { layersOf, type PictureTopology } from './layers.ts'
import { orderSlots, type Slot } from './order-slots.ts'
import {
  arc,
  type Box,
  curvesThrough,
  pathOf,
  type PictureLayout,
  sideOf,
} from './picture-layout.ts'
import { placeLabels } from './place-labels.ts'

const width = 640
const boxHeight = 92
const boxWidthMax = 200
/** Between two boxes of a row, and between two rows. */
const gap = { across: 14, down: 104 }
const margin = 4
/** A link between the boxes of a row needs less space than a box. */
const pointWidth = 0.2

/** The picture for a narrow screen: the client is at the top, and what it reaches is below it. */
export function layOutDown(topology: PictureTopology): PictureLayout {
  const rows = orderSlots(layersOf(topology), topology.links)
  const share = (slot: Slot): number => (slot.kind === 'part' ? 1 : pointWidth)
  const shares = rows.map((slots) => slots.reduce((sum, slot) => sum + share(slot), 0))
  const pitch = (width - 2 * margin) / Math.max(1, ...shares)
  const boxWidth = Math.min(boxWidthMax, pitch - gap.across)
  const height = rows.length * boxHeight + Math.max(0, rows.length - 1) * gap.down + 2 * margin
  const stores = new Set(topology.stores)
  const places = new Map<Slot, Point>()
  for (const [i, slots] of rows.entries()) {
    const own = (width - 2 * margin) / (shares[i] ?? 1)
    const step = Math.min(own, pitch * 1.5)
    let x = width / 2 - (step * (shares[i] ?? 0)) / 2
    for (const slot of slots) {
      const size = share(slot) * step
      places.set(slot, { x: x + size / 2, y: margin + boxHeight / 2 + i * (boxHeight + gap.down) })
      x += size
    }
  }
  const boxes = [...places].flatMap(([{ name, kind }, place]): readonly Box[] =>
    kind === 'point'
      ? []
      : [
          {
            name,
            kind: name === client ? 'client' : stores.has(name) ? 'store' : 'service',
            ...place,
          },
        ],
  )
  const lines = topology.links.flatMap(({ name, caller, callee }) => {
    const [from, to] = [caller, callee].map((end) => boxes.find((box) => box.name === end))
    if (from === undefined || to === undefined) return []
    const points = [...places]
      .filter(([slot]) => slot.kind === 'point' && slot.name === name)
      .map(([, place]) => turned(place))
    const side = sideOf({ caller, callee }, topology)
    const isLast = from.y > height - boxHeight
    const curves =
      from.y === to.y
        ? [arc(turned(from), turned(to), boxHeight, isLast ? -1 : 1, side)]
        : curvesThrough(turned(from), turned(to), points, boxHeight, side)
    return [
      {
        name,
        curves: curves.map(([a, b, c, d]): Curve => [turned(a), turned(b), turned(c), turned(d)]),
      },
    ]
  })
  const labelSize = { width: 130, height: 34 }
  const boxSize = { width: boxWidth, height: boxHeight }
  const middles = placeLabels(lines, boxes, { box: boxSize, label: labelSize })
  const longest = Math.max(1, ...boxes.map(({ name }) => name.length))
  return {
    width,
    height,
    boxSize,
    labelSize,
    nameSize: Math.min(28, (boxWidth - 14) / (0.62 * longest)),
    stateSize: Math.min(21, (boxWidth - 10) / 7.2),
    boxes,
    links: lines.map(({ name, curves }, i) => ({
      name,
      path: pathOf(curves),
      middle: middles[i] ?? { x: 0, y: 0 },
    })),
  }
}

/** The lines are those of the wide picture with its axes swapped. */
function turned({ x, y }: Point): Point {
  return { x: y, y: x }
}
