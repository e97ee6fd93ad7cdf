import type { Random } from '../lib/random.ts'
import { type ApplyContext, AppliedToxic } from './applied-toxic.ts'
import type { Connection } from './connection.ts'
import type { Stream } from './inspector.ts'
import type { Lease } from './lease.ts'
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
  /** On the connections that it hits, or has hit. */
  readonly applied: Map<Connection, AppliedToxic>
}

/** Puts the toxic's stage in place, if this connection is among those that it hits. */
export function applyToxic(toxic: LinkToxic, connection: Connection, context: ApplyContext): void {
  if (drawOf(toxic.random.seed, connection.ordinal) >= toxic.toxicity) return
  const applied = toxic.applied.get(connection) ?? new AppliedToxic(toxic, connection, context)
  toxic.applied.set(connection, applied)
  applied.attach()
}

/** How long this toxic puts off the connection to the upstream. */
export function connectDelayMs(toxic: LinkToxic, connection: Connection): number {
  const applied = toxic.applied.get(connection)
  if (applied === undefined) return 0
  return toxic.kind.connectDelayMs?.(toxic.attributes, applied.random) ?? 0
}

/** The toxic has other attributes or another toxicity. */
export function updateToxicOn(
  toxic: LinkToxic,
  connections: Iterable<Connection>,
  context: ApplyContext,
): void {
  for (const connection of connections) {
    const applied = toxic.applied.get(connection)
    const hit = drawOf(toxic.random.seed, connection.ordinal) < toxic.toxicity
    if (!hit) applied?.detach()
    else if (applied?.attached === true) applied.update()
    else applyToxic(toxic, connection, context)
  }
}

/** The toxic is gone from its link. */
export function detachAll(toxic: LinkToxic): void {
  for (const applied of toxic.applied.values()) applied.detach()
  toxic.applied.clear()
}

/**
 * The draw of one toxic for one connection, in [0, 1): the toxic applies while its toxicity is above. It depends on
 * nothing but the two, so whatever else happens on the link never changes it. (splitmix32 at that place.)
 */
export function drawOf(seed: number, ordinal: number): number {
  let z = (seed + Math.imul(ordinal, 0x9e3779b9)) >>> 0
  z = Math.imul(z ^ (z >>> 16), 0x85ebca6b)
  z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35)
  return ((z ^ (z >>> 16)) >>> 0) / 2 ** 32
}
