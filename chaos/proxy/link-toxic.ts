import type { Random } from '../lib/random.ts'
import type { ChainNode } from './chain.ts'
import type { Connection } from './connection.ts'
import type { Stream } from './inspector.ts'
import type { Lease } from './lease.ts'
import type { Timers } from './timers.ts'
import type { Stage, StageContext } from './toxic-kind.ts'
import type { AnyToxicKind } from './toxic-kind.ts'

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
  node: ChainNode | null
  touched: boolean
}

/** What a toxic needs of its surroundings when it comes to a connection. */
export interface ApplyContext {
  readonly timers: Timers
  touched(toxic: LinkToxic, connection: Connection): void
}

/** Draws for this connection, and puts the toxic's stage in place if it is hit. */
export function applyToxic(toxic: LinkToxic, connection: Connection, context: ApplyContext): void {
  const random = toxic.random.fork(String(connection.ordinal))
  const applied: Applied = { draw: random.next(), random, node: null, touched: false }
  toxic.applied.set(connection, applied)
  if (applied.draw < toxic.toxicity) attach(toxic, connection, applied, context)
}

/** The toxic has other attributes or another toxicity. */
export function updateApplied(toxic: LinkToxic, context: ApplyContext): void {
  for (const [connection, applied] of toxic.applied) {
    const hit = applied.draw < toxic.toxicity
    if (hit && applied.node === null) attach(toxic, connection, applied, context)
    else if (hit) applied.node?.stage.update?.()
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
  { timers, touched }: ApplyContext,
): void {
  const makeStage = toxic.kind.stage
  if (makeStage === undefined) return
  const touch = (): void => {
    if (applied.touched) return
    applied.touched = true
    touched(toxic, connection)
  }
  const seat = { place: 'toxic', order: toxic.order } as const
  applied.node = connection.addStage(toxic.stream, seat, (node): Stage => {
    const context: StageContext<Attributes> = {
      get attributes() {
        return toxic.attributes
      },
      random: applied.random,
      timers,
      pass: (chunk) => node.pass(chunk),
      passEnd: () => node.passEnd(),
      drop: (bytes) => node.drop(bytes),
      close: () => connection.close(),
      reset: () => connection.reset(),
      touch,
    }
    return makeStage(context)
  })
}

function detach(applied: Applied): void {
  const { node } = applied
  applied.node = null
  if (node === null || node.stage.detach?.() === 'stay') return
  node.direction.remove(node)
}
