import type { Random } from '#chaos/lib/random.ts'

import type { Lease } from '../time/lease.ts'
import type { Timers } from '../time/timers.ts'
import type {
  AnyToxicKind,
  Attributes,
  InspectorToxicContext,
  StageContext,
} from '../toxics/lib/toxic-kind.ts'
import { type AttachedInspector, attachInspector, type InspectedLink } from './attach-inspector.ts'
import type { ChainNode } from './chain.ts'
import type { Connection } from './connection.ts'
import type { Stream } from './inspector.ts'

/** A toxic on a link, with its state on each live connection. */
export interface LinkToxic {
  readonly name: string
  readonly kind: AnyToxicKind
  readonly stream: Stream
  /** The stream as the client wrote it; the API returns it unchanged. */
  readonly streamAsGiven: string
  toxicity: number
  attributes: Attributes
  /** No view, event or metric shows it. */
  readonly hidden: boolean
  /** A counter that all connections of the link share: `count()` of the toxic's context. */
  count: number
  /** State of the toxic that all connections of the link share: `shared()` of the toxic's context. */
  shared: unknown
  /** It has reported that it could not change a message. */
  missed: boolean
  /** Toxics of a link are numbered from 1 in the order in which they were added. */
  readonly order: number
  readonly random: Random
  readonly lease: Lease
  /** The connections that the toxic applies to now, or has applied to. */
  readonly applied: Map<Connection, AppliedToxic>
}

/** What a toxic needs from its link when it is applied to a connection. */
export interface ApplyContext {
  readonly link: InspectedLink
  readonly timers: Timers
  /** Called when the toxic changes something on a connection for the first time. */
  touched(toxic: LinkToxic, connection: Connection): void
  /** Called when the toxic could not change a message that it held, for the first time. */
  missed(toxic: LinkToxic, connection: Connection, why: string): void
}

/** One toxic on one connection. Its stage or its inspector receives this object as the context. */
class AppliedToxic implements StageContext<Attributes>, InspectorToxicContext<Attributes> {
  readonly timers: Timers
  readonly #toxic: LinkToxic
  readonly #connection: Connection
  readonly #context: ApplyContext
  #random: Random | undefined
  #node: ChainNode | undefined
  #inspector: AttachedInspector | undefined
  #attached = false
  #touched = false
  #forgot = false

  constructor(toxic: LinkToxic, connection: Connection, context: ApplyContext) {
    this.timers = context.timers
    this.#toxic = toxic
    this.#connection = connection
    this.#context = context
  }

  get attributes(): Attributes {
    return this.#toxic.attributes
  }

  // Created on first use: most toxics draw nothing, and a random source costs memory.
  get random(): Random {
    this.#random ??= this.#toxic.random.fork(String(this.#connection.ordinal))
    return this.#random
  }

  get stream(): Stream {
    return this.#toxic.stream
  }

  get attached(): boolean {
    return this.#attached
  }

  attach(): void {
    this.#attached = true
    const { kind, stream, order } = this.#toxic
    if (kind.inspector !== undefined)
      this.#inspector = attachInspector({
        connection: this.#connection,
        link: this.#context.link,
        position: { layer: 'inspecting-toxic', order },
        make: (inspected) => kind.inspector?.(inspected, this),
        left: () => {},
      })
    else
      this.#connection.addStage(stream, { layer: 'toxic', order }, (node) => {
        this.#node = node
        return kind.stage?.(this) ?? {}
      })
  }

  update(): void {
    this.#node?.stage.update?.()
  }

  /** Passes on the held bytes. Later bytes bypass the toxic. */
  detach(): void {
    if (!this.#attached) return
    this.#attached = false
    this.#inspector?.leave()
    this.#inspector = undefined
    if (this.#forgot) this.#connection.endForgotten()
    const node = this.#node
    // A stage that stays keeps its node.
    if (node !== undefined && node.stage.detach?.() !== 'stay') node.pipe.remove(node)
  }

  pass(chunk: Buffer): void {
    this.#node?.pass(chunk)
  }

  passEnd(): void {
    this.#node?.passEnd()
  }

  drop(bytes: number): void {
    this.#node?.drop(bytes)
  }

  close(): void {
    this.#connection.close()
  }

  reset(): void {
    this.#connection.reset(this.#reason())
  }

  forget(): void {
    this.#forgot = true
    this.#connection.forget(this.#reason())
  }

  #reason(): string {
    return this.#toxic.hidden ? 'on the way' : `toxic ${this.#toxic.name}`
  }

  count(): number {
    this.#toxic.count += 1
    return this.#toxic.count
  }

  shared<State>(make: () => State): State {
    this.#toxic.shared ??= make()
    return this.#toxic.shared as State
  }

  missed(why: string): void {
    if (this.#toxic.missed || this.#toxic.hidden) return
    this.#toxic.missed = true
    this.#context.missed(this.#toxic, this.#connection, why)
  }

  touch(): void {
    if (this.#touched || this.#toxic.hidden) return
    this.#touched = true
    this.#context.touched(this.#toxic, this.#connection)
  }
}

/**
 * Attaches, updates or detaches the toxic on one connection, as its toxicity and attributes now require. Call it for a
 * new connection and after each change of the toxic.
 */
export function applyToxic(toxic: LinkToxic, connection: Connection, context: ApplyContext): void {
  const known = toxic.applied.get(connection)
  if (drawOf(toxic.random.seed, connection.ordinal) >= toxic.toxicity) known?.detach()
  else if (known?.attached === true) known.update()
  else {
    const applied = known ?? new AppliedToxic(toxic, connection, context)
    toxic.applied.set(connection, applied)
    applied.attach()
  }
}

/** How long this toxic delays the connection to the upstream, in ms. */
export function connectDelayMs(toxic: LinkToxic, connection: Connection): number {
  const applied = toxic.applied.get(connection)
  if (applied === undefined) return 0
  return toxic.kind.connectDelayMs?.(toxic.attributes, applied.random) ?? 0
}

/**
 * The draw of one toxic for one connection, in [0, 1): the toxic applies while its toxicity is above the draw. The draw
 * depends only on the toxic's seed and the connection's number, so other events on the link never change it.
 * (One step of splitmix32.)
 */
export function drawOf(seed: number, ordinal: number): number {
  let z = (seed + Math.imul(ordinal, 0x9e3779b9)) >>> 0
  z = Math.imul(z ^ (z >>> 16), 0x85ebca6b)
  z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35)
  return ((z ^ (z >>> 16)) >>> 0) / 2 ** 32
}
