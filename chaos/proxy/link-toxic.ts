import type { Random } from '../lib/random.ts'
import type { Connection } from './connection.ts'
import { attachInspector, type InspectedLink } from './inspected-connection.ts'
import type { Stream } from './inspector.ts'
import type { Lease } from './lease.ts'
import type { Timers } from './timers.ts'
import type { AnyToxicKind, InspectorToxicContext, Stage, StageContext } from './toxic-kind.ts'

export type Attributes = Record<string, number | string | boolean>

/** A toxic on a link, and what became of it on each live connection. */
export interface LinkToxic {
  readonly name: string
  readonly kind: AnyToxicKind
  readonly stream: Stream
  /** The stream as the client wrote it: it is echoed so. */
  readonly streamAsGiven: string
  toxicity: number
  attributes: Attributes
  /** Order of addition on its link. */
  readonly order: number
  readonly random: Random
  readonly lease: Lease
  readonly applied: Map<Connection, Applied>
}

/** One toxic on one connection. */
export interface Applied {
  /** The draw in [0, 1): the toxic applies while its toxicity is above. It never changes. */
  readonly draw: number
  readonly random: Random
  /** Null when this connection was not hit. */
  part: AppliedPart | null
  touched: boolean
}

interface AppliedPart {
  update(): void
  /** Passes on what is held, and bypasses the toxic. */
  detach(): void
}

/** What a toxic needs of its surroundings when it comes to a connection. */
export interface ApplyContext {
  readonly link: InspectedLink
  readonly timers: Timers
  /** Called once per connection. */
  touched(toxic: LinkToxic, connection: Connection): void
}

/** Draws for this connection, and puts the toxic's stage in place if it is hit. */
export function applyToxic(toxic: LinkToxic, connection: Connection, context: ApplyContext): void {
  const random = toxic.random.fork(String(connection.ordinal))
  const applied: Applied = { draw: random.next(), random, part: null, touched: false }
  toxic.applied.set(connection, applied)
  if (applied.draw < toxic.toxicity) attach(toxic, connection, applied, context)
}

/** How long this toxic puts off the connection to the upstream. */
export function connectDelayMs(toxic: LinkToxic, connection: Connection): number {
  const applied = toxic.applied.get(connection)
  if (applied === undefined || applied.part === null) return 0
  return toxic.kind.connectDelayMs?.(toxic.attributes, applied.random) ?? 0
}

/** The toxic has other attributes or another toxicity. */
export function updateApplied(toxic: LinkToxic, context: ApplyContext): void {
  for (const [connection, applied] of toxic.applied) {
    const hit = applied.draw < toxic.toxicity
    if (hit && applied.part === null) attach(toxic, connection, applied, context)
    else if (hit) applied.part?.update()
    else detach(applied)
  }
}

/** The toxic is gone from its link. */
export function detachAll(toxic: LinkToxic): void {
  for (const applied of toxic.applied.values()) detach(applied)
  toxic.applied.clear()
}

function attach(
  toxic: LinkToxic,
  connection: Connection,
  applied: Applied,
  context: ApplyContext,
): void {
  const shared = {
    get attributes() {
      return toxic.attributes
    },
    random: applied.random,
    timers: context.timers,
    touch: () => {
      if (applied.touched) return
      applied.touched = true
      context.touched(toxic, connection)
    },
  }
  applied.part =
    toxic.kind.inspector === undefined
      ? attachStage(toxic, connection, shared)
      : attachReader(toxic, connection, shared, context.link)
}

function attachStage(
  toxic: LinkToxic,
  connection: Connection,
  shared: InspectorToxicContext<Attributes>,
): AppliedPart {
  const seat = { place: 'toxic', order: toxic.order } as const
  const node = connection.addStage(toxic.stream, seat, (node): Stage => {
    const context: StageContext<Attributes> = Object.create(shared, {
      pass: { value: (chunk: Buffer) => node.pass(chunk) },
      passEnd: { value: () => node.passEnd() },
      drop: { value: (bytes: number) => node.drop(bytes) },
      close: { value: () => connection.close() },
      reset: { value: () => connection.reset(`toxic ${toxic.name}`) },
    })
    return toxic.kind.stage?.(context) ?? {}
  })
  return {
    update: () => node.stage.update?.(),
    detach: () => {
      if (node.stage.detach?.() !== 'stay') node.direction.remove(node)
    },
  }
}

function attachReader(
  toxic: LinkToxic,
  connection: Connection,
  shared: InspectorToxicContext<Attributes>,
  link: InspectedLink,
): AppliedPart {
  const attached = attachInspector({
    connection,
    link,
    seat: { place: 'inspecting-toxic', order: toxic.order },
    make: (inspected) => toxic.kind.inspector?.(inspected, shared),
    left: () => {},
  })
  return { update: () => {}, detach: () => attached?.leave() }
}

function detach(applied: Applied): void {
  const { part } = applied
  applied.part = null
  part?.detach()
}
