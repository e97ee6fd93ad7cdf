import type { Random } from '#chaos/lib/random.ts'

import type { Timers } from '../time/timers.ts'
import type { Attributes, InspectorToxicContext, StageContext } from '../toxics/lib/toxic-kind.ts'
import { type AttachedInspector, attachInspector, type InspectedLink } from './attach-inspector.ts'
import type { ChainNode } from './chain.ts'
import type { Connection } from './connection.ts'
import type { LinkToxic } from './link-toxic.ts'

/** What a toxic needs of its surroundings when it comes to a connection. */
export interface ApplyContext {
  readonly link: InspectedLink
  readonly timers: Timers
  /** Called once per connection. */
  touched(toxic: LinkToxic, connection: Connection): void
}

/** One toxic on one connection: what its stage or inspector sees as its context. */
export class AppliedToxic implements StageContext<Attributes>, InspectorToxicContext<Attributes> {
  readonly timers: Timers
  readonly #toxic: LinkToxic
  readonly #connection: Connection
  readonly #context: ApplyContext
  #random: Random | undefined
  #node: ChainNode | undefined
  #inspector: AttachedInspector | undefined
  #attached = false
  #touched = false

  constructor(toxic: LinkToxic, connection: Connection, context: ApplyContext) {
    this.timers = context.timers
    this.#toxic = toxic
    this.#connection = connection
    this.#context = context
  }

  get attributes(): Attributes {
    return this.#toxic.attributes
  }

  // Most toxics draw nothing, and a source is not free.
  get random(): Random {
    this.#random ??= this.#toxic.random.fork(String(this.#connection.ordinal))
    return this.#random
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
        seat: { place: 'inspecting-toxic', order },
        make: (inspected) => kind.inspector?.(inspected, this),
        left: () => {},
      })
    else
      this.#connection.addStage(stream, { place: 'toxic', order }, (node) => {
        this.#node = node
        return kind.stage?.(this) ?? {}
      })
  }

  update(): void {
    this.#node?.stage.update?.()
  }

  /** Passes on what is held, and bypasses the toxic from now on. */
  detach(): void {
    if (!this.#attached) return
    this.#attached = false
    this.#inspector?.leave()
    this.#inspector = undefined
    const node = this.#node
    // A stage that stays goes on speaking through its node.
    if (node !== undefined && node.stage.detach?.() !== 'stay') node.direction.remove(node)
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
    this.#connection.reset(`toxic ${this.#toxic.name}`)
  }

  count(): number {
    this.#toxic.count += 1
    return this.#toxic.count
  }

  touch(): void {
    if (this.#touched) return
    this.#touched = true
    this.#context.touched(this.#toxic, this.#connection)
  }
}
