import { type Socket, connect } from 'node:net'

import { messageOf } from '#chaos/lib/errors.ts'

import type { Stage } from '../toxics/lib/toxic-kind.ts'
import type { OpenAccepted } from './acceptor.ts'
import { ChainNode, type StagePosition } from './chain.ts'
import type { Stream } from './inspector.ts'
import { Pipe } from './pipe.ts'
import { resetSocket } from './reset-socket.ts'
import { Tail } from './tail.ts'

/** Both sides got their FIN; whoever has not closed after this is cut off. */
const lingerMs = 2_000
/** Sockets without a peer, as `mute` leaves them, go after this: no fault lives longer. */
const orphanMs = 600_000

export interface Upstream {
  readonly host: string
  readonly port: number
  readonly connectTimeoutMs: number
}

/** Whoever owns the connection gets to know these. */
export interface ConnectionOwner {
  upstreamFailed(connection: Connection, detail: string): void
  /** RST went to whoever was still there. */
  wasReset(connection: Connection, why: string): void
  /** Both sockets are gone. */
  closed(connection: Connection): void
}

/** Two sockets and the two directions between them. */
export class Connection {
  readonly id: number
  /** Number of the connection on its link, from 1. */
  readonly ordinal: number
  readonly up = new Pipe('upstream')
  readonly down = new Pipe('downstream')
  readonly #owner: ConnectionOwner
  readonly #client: Socket
  #server: Socket | null = null
  #phase: 'connecting' | 'open' | 'closing' | 'closed' = 'connecting'
  #orphaned = false
  #timer: NodeJS.Timeout | undefined
  #cancelDial: (() => void) | undefined

  constructor(id: number, ordinal: number, open: OpenAccepted, owner: ConnectionOwner) {
    this.id = id
    this.ordinal = ordinal
    this.#owner = owner
    this.#client = this.#watch(open(this.up.onread()))
  }

  get closed(): boolean {
    return this.#phase === 'closed'
  }

  /** True until a byte has passed or waits in a stage. */
  get untouched(): boolean {
    return this.up.received === 0 && this.down.received === 0
  }

  pipe(stream: Stream): Pipe {
    return stream === 'upstream' ? this.up : this.down
  }

  keepTails(): void {
    this.up.tail = new Tail()
    this.down.tail = new Tail()
  }

  /** Connects to the upstream; the caller's bytes wait in the kernel until then. */
  dial(upstream: Upstream): void {
    if (this.#phase !== 'connecting') return
    const { host, port } = upstream
    const onread = this.down.onread()
    const server = this.#watch(connect({ host, port, allowHalfOpen: true, noDelay: true, onread }))
    this.#server = server
    server.once('connect', () => this.#connected(server))
    this.#timer = setTimeout(() => {
      server.destroy(new Error(`no connection within ${upstream.connectTimeoutMs} ms`))
    }, upstream.connectTimeoutMs)
  }

  /** Puts {@link dial} off; `cancel` is called when the connection ends first. */
  dialLater(cancel: () => void): void {
    this.#cancelDial = cancel
  }

  /** Puts a stage into its place in a direction's chain. */
  addStage(stream: Stream, seat: StagePosition, make: (node: ChainNode) => Stage): ChainNode {
    const direction = this.pipe(stream)
    const node = new ChainNode(direction, seat)
    node.stage = make(node)
    if (this.#phase === 'connecting' || this.#phase === 'open') direction.insert(node)
    else node.retire()
    return node
  }

  /** FIN to both sides after what was already passed on; what stages hold is gone. */
  close(): void {
    if (this.#phase === 'closing' || this.#phase === 'closed') return
    const connecting = this.#phase === 'connecting'
    this.#phase = 'closing'
    clearTimeout(this.#timer)
    this.up.discard()
    this.down.discard()
    this.#client.end()
    if (connecting) this.#server?.destroy()
    else this.#server?.end()
    this.#timer = setTimeout(() => this.destroy(), lingerMs)
  }

  /** RST to both sides now. */
  reset(why: string): void {
    if (this.#phase === 'closed') return
    this.#owner.wasReset(this, why)
    this.#phase = 'closing'
    this.up.discard()
    this.down.discard()
    resetSocket(this.#client)
    if (this.#server !== null) resetSocket(this.#server)
    this.#finishIfGone()
  }

  /** Closes both sockets at once, without waiting for anybody. */
  destroy(): void {
    this.#client.destroy()
    this.#server?.destroy()
    this.#finishIfGone()
  }

  /** One side has ended or is gone, and the other one has not been told. */
  get orphaned(): boolean {
    return this.#orphaned
  }

  /** From now on nothing passes and nothing is answered. */
  silence(): void {
    for (const direction of [this.up, this.down]) {
      direction.clear()
      this.addStage(direction.stream, { place: 'toxic', order: 0 }, silent)
    }
  }

  #watch(socket: Socket): Socket {
    socket.on('error', (error) => this.#failed(socket, error))
    socket.on('close', () => this.#socketClosed(socket))
    return socket
  }

  #connected(server: Socket): void {
    clearTimeout(this.#timer)
    if (this.#phase !== 'connecting') return
    this.#phase = 'open'
    this.up.connect(this.#client, server, () => this.#ended(this.#client))
    this.down.connect(server, this.#client, () => this.#ended(server))
    this.#client.resume()
    server.resume()
  }

  #failed(socket: Socket, error: Error): void {
    const message = messageOf(error)
    const dialing = this.#phase === 'connecting' && socket === this.#server
    if (dialing) this.#owner.upstreamFailed(this, message)
    // What one side did to us, the other side sees, as if it were connected directly.
    if (this.#phase === 'closing' || this.#isolated(socket)) return
    const side = socket === this.#client ? 'the caller' : 'the upstream'
    this.reset(dialing ? 'the upstream failed' : `${side}: ${message}`)
  }

  /** The other side of this socket must not get to know that it is gone. */
  #isolated(socket: Socket): boolean {
    if (this.#phase !== 'open') return false
    return this.#from(socket).nodes.some(({ stage }) => stage.isolates === true)
  }

  #socketClosed(socket: Socket): void {
    if (this.#finishIfGone()) return
    if (this.#phase !== 'open') return
    if (this.#isolated(socket)) this.#orphan()
    // After a clean end, what the socket had sent may still be on its way to the other side, which then ends as well.
    else if (!this.#from(socket).ended) this.close()
  }

  #ended(socket: Socket): void {
    if (this.#isolated(socket)) this.#orphan()
  }

  #orphan(): void {
    if (this.#orphaned) return
    this.#orphaned = true
    this.#timer = setTimeout(() => this.destroy(), orphanMs).unref()
  }

  #from(socket: Socket): Pipe {
    return socket === this.#client ? this.up : this.down
  }

  #finishIfGone(): boolean {
    const gone = this.#client.destroyed && (this.#server?.destroyed ?? true)
    if (!gone || this.#phase === 'closed') return gone
    this.#phase = 'closed'
    clearTimeout(this.#timer)
    this.#cancelDial?.()
    this.up.release()
    this.down.release()
    this.#owner.closed(this)
    return true
  }
}

/** Swallows everything, also the end. */
export function silent(node: ChainNode): Stage {
  return {
    chunk: (chunk) => node.drop(chunk.length),
    end: () => {},
    isolates: true,
  }
}
