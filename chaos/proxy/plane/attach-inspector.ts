import { messageOf } from '#chaos/lib/errors.ts'

import type { Stage } from '../toxics/lib/toxic-kind.ts'
import type { ChainNode, StagePosition } from './chain.ts'
import type { Connection } from './connection.ts'
import {
  heldLimitBytes,
  type InspectedConnection,
  type Inspector,
  type Protocol,
  type RecentBytes,
  type Stream,
} from './inspector.ts'

export interface InspectedLink {
  readonly name: string
  readonly protocol: Protocol | undefined
  reportOpaque(connection: Connection, detail: string): void
}

export interface InspectorRequest {
  readonly connection: Connection
  readonly link: InspectedLink
  readonly position: StagePosition
  make(connection: InspectedConnection): Inspector | undefined
  /** The inspector is removed: bytes bypass it. */
  left(): void
}

export interface AttachedInspector {
  /** Asks the inspector to leave. It leaves when it no longer holds anything. */
  leave(): void
}

/** Puts an inspector into both directions of a connection; undefined if `make` returns none. */
export function attachInspector(request: InspectorRequest): AttachedInspector | undefined {
  const attachment = new Attachment(request)
  return attachment.start() ? attachment : undefined
}

class Attachment implements AttachedInspector {
  readonly #request: InspectorRequest
  readonly #nodes = new Map<Stream, ChainNode>()
  /** Bytes that the inspector received and has neither forwarded nor dropped. */
  readonly #held = { upstream: 0, downstream: 0 }
  #inspector: Inspector | undefined
  #gone = false
  #opaque = false

  constructor(request: InspectorRequest) {
    this.#request = request
  }

  start(): boolean {
    const { connection, position } = this.#request
    this.#inspector = this.#request.make(this.#inspected())
    if (this.#inspector === undefined) return false
    for (const stream of ['upstream', 'downstream'] as const)
      this.#nodes.set(
        stream,
        connection.addStage(stream, position, () => this.#stage(stream)),
      )
    return true
  }

  leave(): void {
    if (!this.#gone) this.#try(() => this.#inspector?.leave())
  }

  #stage(stream: Stream): Stage {
    const { connection, position } = this.#request
    const isRecorded = stream === 'downstream' && position.layer === 'inspector'
    return {
      limitBytes: heldLimitBytes,
      chunk: (chunk) => {
        this.#held[stream] += chunk.length
        if (isRecorded) connection.down.record?.reached(chunk, this.#position())
        if (this.#try(() => this.#inspector?.[stream](chunk))) return
        const rest = Math.min(chunk.length, this.#held[stream])
        if (rest > 0) this.#nodes.get(stream)?.pass(chunk.subarray(chunk.length - rest))
        this.#leave()
      },
      end: () => {
        if (this.#try(() => this.#inspector?.ended(stream))) return
        this.#nodes.get(stream)?.passEnd()
        this.#leave()
      },
      destroy: () => this.#closed(),
    }
  }

  #inspected(): InspectedConnection {
    const { connection, link } = this.#request
    const account = (stream: Stream, bytes: number): void => {
      this.#held[stream] -= bytes
    }
    return {
      id: connection.id,
      link: link.name,
      protocol: link.protocol,
      fromStart: connection.untouched,
      recent: recentBytes(connection),
      get addresses() {
        return connection.addresses
      },
      forward: (stream, chunk) => {
        account(stream, chunk.length)
        this.#nodes.get(stream)?.pass(chunk)
      },
      drop: (stream, bytes) => {
        account(stream, bytes)
        this.#nodes.get(stream)?.drop(bytes)
      },
      inject: (stream, chunk) => {
        connection.pipe(stream).added(chunk.length)
        this.#nodes.get(stream)?.pass(chunk)
      },
      end: (stream) => this.#nodes.get(stream)?.passEnd(),
      cut: () => connection.reset('cut'),
      silence: () => connection.silence(),
      left: () => this.#leave(),
      opaque: (detail) => this.#reportOpaque(detail),
      answered: (chunk) => connection.down.record?.reached(chunk, this.#position()),
    }
  }

  /** How much of the callee's stream this inspector has received: it is the last stage. */
  #position(): number {
    return this.#request.connection.down.gone + this.#held.downstream
  }

  /** False if the inspector threw. */
  #try(call: () => void): boolean {
    try {
      call()
      return true
    } catch (error) {
      this.#reportOpaque(`the inspector failed: ${messageOf(error)}`)
      return false
    }
  }

  #reportOpaque(detail: string): void {
    if (this.#opaque) return
    this.#opaque = true
    const { link, connection } = this.#request
    link.reportOpaque(connection, detail)
  }

  #leave(): void {
    if (this.#gone) return
    this.#gone = true
    for (const node of this.#nodes.values()) node.pipe.remove(node)
    this.#request.left()
  }

  #closed(): void {
    if (this.#gone) return
    this.#gone = true
    this.#inspector?.closed()
    this.#request.left()
  }
}

/** The last bytes of a connection, always as they are now. */
export function recentBytes(connection: Connection): RecentBytes {
  const at = (stream: Stream): number => connection.pipe(stream).tail?.atMs ?? 0
  return {
    get last() {
      if (at('upstream') === 0 && at('downstream') === 0) return undefined
      return at('upstream') > at('downstream') ? 'upstream' : 'downstream'
    },
    get quietMs() {
      return performance.now() - Math.max(at('upstream'), at('downstream'))
    },
    tail: (stream) => connection.pipe(stream).tail?.bytes() ?? Buffer.alloc(0),
  }
}
