import { type Socket, connect } from 'node:net'

import type { ConnectionAddresses } from '#chaos/contracts/links.ts'
import { systemClock } from '#chaos/lib/clock.ts'
import { messageOf } from '#chaos/lib/errors.ts'

import { lookupInTurn } from '../lookup-in-turn.ts'
import type { Stage } from '../toxics/lib/toxic-kind.ts'
import type { OpenAccepted } from './acceptor.ts'
import { addressesOf } from './address.ts'
import { ChainNode, silent, type StagePosition } from './chain.ts'
import type { Stream } from './inspector.ts'
import { PipeRecord } from './pipe-record.ts'
import { Pipe } from './pipe.ts'
import type { ConnectionRecorder, RecordedConnection, Recorder } from './recorder.ts'
import { resetSocket } from './reset-socket.ts'
import { Tail } from './tail.ts'

/** A side that has not closed this long after our FIN is cut off. */
const lingerMs = 2_000
/** A socket without a peer, as `mute` leaves it, is closed after this: no fault lasts longer. */
const orphanMs = 600_000

export interface Upstream {
  readonly host: string
  readonly port: number
  readonly connectTimeoutMs: number
}

/** The owner of a connection; the connection calls these methods. */
export interface ConnectionOwner {
  upstreamFailed(connection: Connection, detail: string): void
  /** The sockets that were still open received RST. */
  wasReset(connection: Connection, why: string): void
  /** Both sockets are closed. */
  closed(connection: Connection): void
}

/** Two sockets and the two pipes between them. */
export class Connection {
  readonly id: number
  /** Number of the connection on its link, from 1. */
  readonly ordinal: number
  readonly up = new Pipe('upstream')
  readonly down = new Pipe('downstream')
  readonly #recorders = new Map<Recorder, ConnectionRecorder>()
  readonly #owner: ConnectionOwner
  readonly #client: Socket
  #server: Socket | null = null
  #phase: 'connecting' | 'open' | 'closing' | 'closed' = 'connecting'
  #orphaned = false
  /** Whether a side that sends ends alone, or together with the other side. */
  #forgotten: 'no' | 'alone' | 'together' = 'no'
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

  get addresses(): ConnectionAddresses {
    return addressesOf(this.#client, this.#server)
  }

  /** True until the first byte has arrived from either side. */
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

  record(recorder: Recorder, connection: RecordedConnection): void {
    const records = recorder.opened(connection)
    if (records === undefined) return
    this.#recorders.set(recorder, records)
    this.#giveRecorders()
  }

  endRecord(recorder: Recorder): void {
    if (this.#recorders.delete(recorder)) this.#giveRecorders()
  }

  /** Connects to the upstream. Until then the caller's bytes stay in the kernel. */
  dial(upstream: Upstream): void {
    if (this.#phase !== 'connecting') return
    const { host, port } = upstream
    const onread = this.down.onread()
    const options = { host, port, lookup: lookupInTurn, allowHalfOpen: true, noDelay: true, onread }
    const server = this.#watch(connect(options))
    this.#server = server
    server.once('connect', () => this.#connected(server))
    this.#timer = setTimeout(() => {
      server.destroy(new Error(`no connection within ${upstream.connectTimeoutMs} ms`))
    }, upstream.connectTimeoutMs)
  }

  /** {@link dial} follows later; `cancel` is called if the connection ends before that. */
  dialLater(cancel: () => void): void {
    this.#cancelDial = cancel
  }

  /** Inserts a stage at its position in the chain of one direction. */
  addStage(stream: Stream, position: StagePosition, make: (node: ChainNode) => Stage): ChainNode {
    const pipe = this.pipe(stream)
    const node = new ChainNode(pipe, position)
    node.stage = make(node)
    if (this.#phase === 'connecting' || this.#phase === 'open') pipe.insert(node)
    else node.retire()
    return node
  }

  /** Sends FIN to both sides after the bytes that were passed on. Bytes held by stages are lost. */
  close(): void {
    if (this.#phase === 'closing' || this.#phase === 'closed') return
    const connecting = this.#phase === 'connecting'
    this.#phase = 'closing'
    clearTimeout(this.#timer)
    this.#endRecords()
    this.up.discard()
    this.down.discard()
    this.#client.end()
    if (connecting) this.#server?.destroy()
    else this.#server?.end()
    this.#timer = setTimeout(() => this.destroy(), lingerMs)
  }

  /** Sends RST to both sides now. */
  reset(why: string): void {
    if (this.#phase === 'closed') return
    this.#owner.wasReset(this, why)
    this.#phase = 'closing'
    this.#endRecords()
    this.up.discard()
    this.down.discard()
    resetSocket(this.#client)
    if (this.#server !== null) resetSocket(this.#server)
    this.#finishIfGone()
  }

  /** Closes both sockets at once. */
  destroy(): void {
    this.#client.destroy()
    this.#server?.destroy()
    this.#finishIfGone()
  }

  /** One side has ended or is gone, and the other side has not received FIN or RST. */
  get orphaned(): boolean {
    return this.#orphaned
  }

  /** From now on no byte passes in either direction; both sockets stay open. */
  silence(): void {
    for (const pipe of [this.up, this.down]) {
      pipe.clear()
      this.addStage(pipe.stream, { layer: 'toxic', order: 0 }, silent)
    }
  }

  /**
   * What a middlebox does that has dropped the connection's state: no byte passes, and a side that sends receives RST. The
   * other side receives nothing until it sends, too.
   */
  forget(why: string): void {
    if (this.#phase !== 'open') {
      this.reset(why)
      return
    }
    this.#forgotten = 'alone'
    for (const pipe of [this.up, this.down]) {
      pipe.clear()
      const refuse = (): void => this.#resetSource(pipe, why)
      this.addStage(pipe.stream, { layer: 'toxic', order: 0 }, (node) => ({
        chunk: (chunk) => {
          node.drop(chunk.length)
          refuse()
        },
        end: refuse,
        isolates: true,
      }))
    }
  }

  /** What {@link forget} did is healed: what is left of a connection ends, on both sides when one of them sends. */
  endForgotten(): void {
    if (this.#forgotten === 'no') return
    this.#forgotten = 'together'
    if (this.#orphaned) this.reset('its peer was gone')
  }

  #giveRecorders(): void {
    const recorders = [...this.#recorders.values()]
    for (const pipe of [this.up, this.down])
      pipe.record = recorders.length === 0 ? null : new PipeRecord(pipe.stream, recorders)
  }

  /** The connection has ended. */
  #endRecords(): void {
    if (this.#recorders.size === 0) return
    for (const records of this.#recorders.values())
      records.add({ what: 'closed', atMs: systemClock.now() })
    this.#recorders.clear()
    this.#giveRecorders()
  }

  #resetSource(pipe: Pipe, why: string): void {
    if (this.#forgotten === 'together') {
      this.reset(why)
      return
    }
    const source = pipe === this.up ? this.#client : this.#server
    if (source === null || source.destroyed) return
    this.#owner.wasReset(this, why)
    resetSocket(source)
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
    // The other side also receives RST, as on a direct connection.
    if (this.#phase === 'closing' || this.#isolated(socket)) return
    const side = socket === this.#client ? 'the caller' : 'the upstream'
    this.reset(dialing ? 'the upstream failed' : `${side}: ${message}`)
  }

  /** A stage hides the end of this socket from the other side. */
  #isolated(socket: Socket): boolean {
    if (this.#phase !== 'open') return false
    return this.#from(socket).nodes.some(({ stage }) => stage.isolates === true)
  }

  #socketClosed(socket: Socket): void {
    if (this.#finishIfGone()) return
    if (this.#phase !== 'open') return
    if (this.#isolated(socket)) this.#orphan()
    // After FIN, the socket's last bytes may still be in flight to the other side. The pipe ends that side after them.
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
    this.#endRecords()
    this.up.release()
    this.down.release()
    this.#owner.closed(this)
    return true
  }
}
