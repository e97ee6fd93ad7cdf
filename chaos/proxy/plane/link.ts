import type { Server } from 'node:net'

import type { LinkEvent } from '#chaos/contracts/links.ts'
import { messageOf } from '#chaos/lib/errors.ts'
import type { Random } from '#chaos/lib/random.ts'

import { createLease, type Lease } from '../time/lease.ts'
import type { Timers } from '../time/timers.ts'
import { LinkTls, type TlsPolicy } from '../tls/link-tls.ts'
import { createAcceptor } from './acceptor.ts'
import { addressOf, parseAddress, type TcpAddress } from './address.ts'
import { type AttachedInspector, attachInspector, recentBytes } from './attach-inspector.ts'
import { Connection, type ConnectionOwner } from './connection.ts'
import type { InspectedConnection, Inspector, Protocol } from './inspector.ts'
import { LinkToxics } from './link-toxics.ts'
import { listenError, resolveListenAddress } from './listen-address.ts'
import type { Recorder } from './recorder.ts'

export interface LinkConfig {
  readonly name: string
  /** `host:port`; port 0 takes a free port. */
  readonly listen: string
  readonly upstream: string
  readonly protocol?: Protocol | undefined
  readonly tls?: TlsPolicy | undefined
}

/** What all links of a data plane share. */
export interface LinkContext {
  readonly timers: Timers
  readonly random: Random
  /** Where a link listens if its `listen` has no host. */
  readonly listenHost: string
  readonly connectTimeoutMs: number
  /** Use only Node's public API to read accepted connections. */
  readonly plainAccept: boolean
  emit(event: Omit<LinkEvent, 'type'>): void
  inspect(connection: InspectedConnection): Inspector | undefined
  /** They record every connection of a link with a protocol. */
  readonly recorders: ReadonlySet<Recorder>
  nextConnectionId(): number
}

/** Connections and bytes of a link since its creation. `connections` counts live connections only. */
export interface LinkFigures {
  readonly connections: number
  readonly opened: number
  readonly upstream: { readonly received: number; readonly sent: number }
  readonly downstream: { readonly received: number; readonly sent: number }
}

/** One proxy: a listener, its connections and its toxics. */
export class Link implements ConnectionOwner {
  readonly name: string
  readonly protocol: Protocol | undefined
  readonly tls: LinkTls
  listen: string
  upstream: string
  enabled = false
  readonly toxics: LinkToxics
  readonly connections = new Set<Connection>()
  /** The lease of `down`: when it ends, the link comes up. */
  readonly downLease: Lease
  /** The number of connections that toxics of each type have changed. */
  readonly touches = new Map<string, number>()
  readonly #context: LinkContext
  readonly #inspectors = new Map<Connection, AttachedInspector>()
  #inspected = false
  #server: Server | null = null
  #starting: Promise<void> | undefined
  #stops = 0
  #opened = 0
  #past = { up: { received: 0, sent: 0 }, down: { received: 0, sent: 0 } }

  constructor(config: LinkConfig, context: LinkContext) {
    this.name = config.name
    this.protocol = config.protocol
    this.tls = new LinkTls(config, (connection, detail) => this.reportOpaque(connection, detail))
    this.listen = config.listen
    this.upstream = config.upstream
    this.#context = context
    this.toxics = new LinkToxics({
      link: this,
      timers: context.timers,
      random: context.random.fork(config.name),
      connections: this.connections,
      expired: (toxic) => this.toxicExpired(toxic),
      touched: (toxic, connection) => {
        const { type } = toxic.kind
        this.touches.set(type, (this.touches.get(type) ?? 0) + 1)
        this.#emit({ what: 'toxic-touched', toxic: toxic.name, connection: connection.id })
      },
      missed: ({ name }, { id }, detail) =>
        this.#emit({ what: 'toxic-missed', toxic: name, connection: id, detail }),
    })
    this.downLease = createLease(() => {
      this.start().catch((error: unknown) => {
        this.#emit({ what: 'down', detail: `could not come up: ${messageOf(error)}` })
      })
    })
  }

  /** On: every connection gets an inspector, if the data plane has one for it. Off: the inspectors leave. */
  setInspected(on: boolean): void {
    if (on === this.#inspected) return
    this.#inspected = on
    if (on) for (const connection of this.connections) this.#inspect(connection)
    else for (const inspector of this.#inspectors.values()) inspector.leave()
  }

  /** Records the live connections; new ones are recorded when they open. */
  startRecorder(recorder: Recorder): void {
    for (const connection of this.connections) this.#record(connection, recorder)
  }

  endRecorder(recorder: Recorder): void {
    for (const connection of this.connections) connection.endRecord(recorder)
  }

  /** Emits an event: the bytes of this connection could not be parsed. */
  reportOpaque(connection: Connection, detail: string): void {
    this.#emit({ what: 'opaque', connection: connection.id, detail })
  }

  /** Starts to listen. After an error the link stays disabled. */
  async start(): Promise<void> {
    this.downLease.cancel()
    if (this.enabled) return
    this.#starting ??= this.#listen().finally(() => {
      this.#starting = undefined
    })
    await this.#starting
  }

  /** Refuses new connections, and closes live ones (FIN). */
  stop(live: 'close connections' | 'keep connections' = 'close connections'): void {
    this.downLease.cancel()
    this.#stops++
    if (live === 'close connections') for (const connection of this.connections) connection.close()
    if (!this.enabled) return
    this.enabled = false
    this.#server?.close()
    this.#server = null
    this.#emit({ what: 'down' })
  }

  /** Sends RST to every live connection; returns their number. */
  resetConnections(): number {
    const count = this.connections.size
    for (const connection of this.connections) connection.reset('requested')
    return count
  }

  toxicExpired(toxic: string, detail = 'its lease is over'): void {
    this.#emit({ what: 'toxic-expired', toxic, detail })
  }

  /** Ends the connections whose other side is gone. */
  endOrphans(): void {
    for (const connection of this.connections)
      if (connection.orphaned) connection.reset('its peer was gone')
  }

  /** Removes the link. `at once`: does not wait for peers to close. */
  dispose(how: 'gently' | 'at once' = 'gently'): void {
    this.stop()
    if (how === 'at once') for (const connection of this.connections) connection.destroy()
    this.toxics.removeAll()
  }

  figures(): LinkFigures {
    const sum = { up: { ...this.#past.up }, down: { ...this.#past.down } }
    for (const connection of this.connections) addTo(sum, connection)
    return {
      connections: this.connections.size,
      opened: this.#opened,
      upstream: sum.up,
      downstream: sum.down,
    }
  }

  upstreamFailed(connection: Connection, detail: string): void {
    this.#emit({ what: 'upstream-failed', connection: connection.id, detail })
  }

  wasReset(connection: Connection, detail: string): void {
    this.#emit({ what: 'reset', connection: connection.id, detail })
  }

  closed(connection: Connection): void {
    this.connections.delete(connection)
    addTo(this.#past, connection)
    this.toxics.forget(connection)
    this.#inspectors.delete(connection)
    this.#emit({ what: 'closed', connection: connection.id })
  }

  async #listen(): Promise<void> {
    const stopsBefore = this.#stops
    const { listenHost, plainAccept } = this.#context
    const address = await resolveListenAddress(this.listen || ':0', listenHost, 'listen tcp: ')
    const server = createAcceptor(plainAccept, (open) => {
      const id = this.#context.nextConnectionId()
      this.#accept(new Connection(id, ++this.#opened, open, this))
    })
    await listening(server, address)
    // A stop() in the meantime wins: the link must not listen.
    if (this.#stops !== stopsBefore) {
      server.close()
      return
    }
    // For example too many open files. The connection is lost; the link keeps listening.
    server.on('error', (error) => {
      this.#emit({ what: 'upstream-failed', detail: `could not accept: ${messageOf(error)}` })
    })
    this.#server = server
    this.enabled = true
    this.listen = addressOf(server.address()) ?? this.listen
    this.#emit({ what: 'up' })
  }

  #accept(connection: Connection): void {
    this.connections.add(connection)
    this.#emit({ what: 'opened', connection: connection.id })
    if (this.protocol !== undefined) connection.keepTails()
    const delayMs = this.toxics.applyTo(connection)
    if (this.#inspected) this.#inspect(connection)
    this.tls.watch(connection)
    for (const recorder of this.#context.recorders) this.#record(connection, recorder)
    if (delayMs === 0) this.#dial(connection)
    else {
      const { timers } = this.#context
      const timer = timers.at(timers.now() + delayMs, () => this.#dial(connection))
      connection.dialLater(() => timer.cancel())
    }
  }

  #inspect(connection: Connection): void {
    if (this.#inspectors.has(connection)) return
    const attached = attachInspector({
      connection,
      link: this,
      position: { layer: 'inspector', order: 0 },
      make: (inspected) => this.#context.inspect(inspected),
      left: () => this.#inspectors.delete(connection),
    })
    if (attached !== undefined) this.#inspectors.set(connection, attached)
  }

  #record(connection: Connection, recorder: Recorder): void {
    if (this.protocol === undefined) return
    connection.record(recorder, {
      id: connection.id,
      link: this.name,
      protocol: this.protocol,
      fromStart: connection.untouched,
      recent: recentBytes(connection),
    })
  }

  #dial(connection: Connection): void {
    const address = parseAddress(this.upstream)
    const { connectTimeoutMs } = this.#context
    if (address !== undefined) {
      connection.dial({ host: address.host || '127.0.0.1', port: address.port, connectTimeoutMs })
      return
    }
    this.upstreamFailed(connection, `address ${this.upstream}: missing port in address`)
    connection.reset('the upstream failed')
  }

  #emit(event: Omit<LinkEvent, 'type' | 'link'>): void {
    this.#context.emit({ link: this.name, ...event })
  }
}

function listening(server: Server, address: TcpAddress): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(listenError(address, error)))
    server.listen({ ...address, backlog: 4096 }, () => {
      server.removeAllListeners('error')
      resolve()
    })
  })
}

interface Sum {
  received: number
  sent: number
}

function addTo(sum: { up: Sum; down: Sum }, { up, down }: Connection): void {
  sum.up.received += up.received
  sum.up.sent += up.sent
  sum.down.received += down.received
  sum.down.sent += down.sent
}
