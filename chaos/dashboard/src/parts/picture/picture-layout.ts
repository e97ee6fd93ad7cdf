import { client, instances, links, stores } from '../../../../../services/topology.ts'

/** An instance, a store or the client in the picture. `x` and `y` are its centre, in units of the view box. */
export interface Box {
  readonly name: string
  readonly kind: 'client' | 'service' | 'store'
  readonly x: number
  readonly y: number
}

/** The view box of the picture; it begins at `top`, because the space above is empty. */
export const layout = { width: 1200, height: 424, top: 18 }
export const boxSize = { width: 180, height: 86 }

const column = { client: 92, api: 358, store: 704, worker: 1108 }

const placed: readonly Box[] = [
  { name: client, kind: 'client', x: column.client, y: 230 },
  ...spread(
    instances.filter((instance) => instance.service === 'api').map((i) => i.name),
    'service',
    column.api,
    118,
    342,
  ),
  ...spread([...stores.map((store) => store.name), 'payments'], 'store', column.store, 62, 398),
  ...spread(
    instances.filter((instance) => instance.service === 'worker').map((i) => i.name),
    'service',
    column.worker,
    118,
    342,
  ),
]
/** Payments is a service. Its box is next to the stores, because the shop calls it as it calls a store. */
export const boxes: readonly Box[] = placed.map((box) =>
  box.name === 'payments' ? { ...box, kind: 'service' } : box,
)

/** A link as a curve between two boxes: `path` is SVG path data. */
export interface DrawnLink {
  readonly name: string
  readonly path: string
  /** The centre of the label. */
  readonly middle: { readonly x: number; readonly y: number }
}

export const drawnLinks: readonly DrawnLink[] = links.flatMap((link) => {
  const from = boxes.find((box) => box.name === link.caller)
  const to = boxes.find((box) => box.name === link.callee)
  return from === undefined || to === undefined ? [] : [drawLink(link.name, from, to)]
})

function drawLink(name: string, from: Box, to: Box): DrawnLink {
  const direction = Math.sign(to.x - from.x)
  const x1 = from.x + (direction * boxSize.width) / 2
  const x2 = to.x - (direction * boxSize.width) / 2
  const bend = Math.abs(x2 - x1) * 0.42 * direction
  // Labels are nearer to the caller, where the lines to one callee are still apart.
  const t = 0.36
  return {
    name,
    path: `M${x1} ${from.y} C${x1 + bend} ${from.y} ${x2 - bend} ${to.y} ${x2} ${to.y}`,
    middle: {
      x: bezier(t, x1, x1 + bend, x2 - bend, x2),
      y: bezier(t, from.y, from.y, to.y, to.y),
    },
  }
}

function bezier(t: number, a: number, b: number, c: number, d: number): number {
  const s = 1 - t
  return s * s * s * a + 3 * s * s * t * b + 3 * s * t * t * c + t * t * t * d
}

function spread(
  names: readonly string[],
  kind: Box['kind'],
  x: number,
  top: number,
  bottom: number,
): Box[] {
  const step = names.length < 2 ? 0 : (bottom - top) / (names.length - 1)
  return names.map((name, i) => ({ name, kind, x, y: top + i * step }))
}
