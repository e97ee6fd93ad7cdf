import { client, instances, links, stores } from '../../../../../services/topology.ts'

/** Where each room of the picture stands, in the units of its view box. */
export interface Box {
  readonly name: string
  readonly kind: 'client' | 'service' | 'store'
  readonly x: number
  readonly y: number
}

/** `top`: nothing stands above. */
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
/** Payments is a service; it stands with the stores, because the shop only calls it. */
export const boxes: readonly Box[] = placed.map((room) =>
  room.name === 'payments' ? { ...room, kind: 'service' } : room,
)

export interface DrawnLink {
  readonly name: string
  readonly path: string
  /** Where its label stands. */
  readonly middle: { readonly x: number; readonly y: number }
}

export const drawnLinks: readonly DrawnLink[] = links.flatMap((link) => {
  const from = boxes.find((room) => room.name === link.caller)
  const to = boxes.find((room) => room.name === link.callee)
  return from === undefined || to === undefined ? [] : [drawLink(link.name, from, to)]
})

function drawLink(name: string, from: Box, to: Box): DrawnLink {
  const direction = Math.sign(to.x - from.x)
  const x1 = from.x + (direction * boxSize.width) / 2
  const x2 = to.x - (direction * boxSize.width) / 2
  const bend = Math.abs(x2 - x1) * 0.42 * direction
  // Labels stand nearer to the caller, where the lines of one callee have not met yet.
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
