import type { Server } from 'node:net'

import type { LinkEvent } from '#chaos/contracts/links.ts'
import { messageOf } from '#chaos/lib/errors.ts'
import type { Random } from '#chaos/lib/random.ts'

import { createLease, type Lease } from '../time/lease.ts'
import type { Timers } from '../time/timers.ts'
import { createAcceptor } from './acceptor.ts'
import { addressOf, formatAddress, parseAddress } from './address.ts'
import type { ApplyContext } from './applied-toxic.ts'
import { type AttachedInspector, attachInspector } from './attach-inspector.ts'
import { Connection, type ConnectionOwner } from './connection.ts'
import { DataPlaneError } from './data-plane-error.ts'
import type { InspectedConnection, Inspector, Protocol } from './inspector.ts'
import { applyToxic, connectDelayMs, detachAll, type LinkToxic } from './link-toxic.ts'

export interface LinkConfig {
  readonly name: string
  /** `host:port`; port 0 takes a free one. */
  readonly listen: string
  readonly upstream: string
  readonly protocol?: Protocol | undefined
}

/** What all links share. */
export interface LinkContext {
  readonly timers: Timers
  readonly random: Random
  /** Where a link listens that names no host. */
  readonly listenHost: string
  readonly connectTimeoutMs: number
  /** Accepted connections read as Node's public API has it. */
  readonly plainAccept: boolean
  emit(event: Omit<LinkEvent, 'type'>): void
  inspect(connection: InspectedConnection): Inspector | undefined
  nextConnectionId(): number
}

/** Bytes and connections of a link since it was made. */
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
  listen: string
  upstream: string
  enabled = false
  readonly toxics: LinkToxic[] = []
  readonly connections = new Set<Connection>()
  /** While it runs the link is down, and comes up when it ends. */
  readonly downLease: Lease
  readonly random: Random
  /** On how many connections toxics of each type have changed something. */
  readonly touches = new Map<string, number>()
  readonly applyContext: ApplyContext
  readonly #around: LinkContext
  readonly #inspectors = new Map<Connection, AttachedInspector>()
  #inspected = false
  #server: Server | null = null
  #starting: Promise<void> | undefined
  #stops = 0
  #opened = 0
  #past = { up: { received: 0, sent: 0 }, down: { received: 0, sent: 0 } }

  constructor(config: LinkConfig, around: LinkContext) {
    this.name = config.name
    this.protocol = config.protocol
    this.listen = config.listen
    this.upstream = config.upstream
    this.#around = around
    this.random = around.random.fork(config.name)
    this.applyContext = {
      link: this,
      timers: around.timers,
      touched: (toxic, connection) => {
        const { type } = toxic.kind
        this.touches.set(type, (this.touches.get(type) ?? 0) + 1)
        this.#emit({ what: 'toxic-touched', toxic: toxic.name, connection: connection.id })
      },
    }
    this.downLease = createLease(() => {
      this.start().catch((error: unknown) => {
        around.emit({
          link: this.name,
          what: 'down',
          detail: `could not come up again: ${messageOf(error)}`,
        })
      })
    })
  }

  /** On: every connection gets an inspector, if the data plane has one for it. Off: they are asked to leave. */
  setInspected(on: boolean): void {
    if (on === this.#inspected) return
    this.#inspected = on
    if (on) for (const connection of this.connections) this.#inspect(connection)
    else for (const inspector of this.#inspectors.values()) inspector.leave()
  }

  /** Says that a connection's bytes could not be parsed. */
  opaque(connection: Connection, detail: string): void {
    this.#emit({ what: 'opaque', connection: connection.id, detail })
  }

  /** Listens; an error leaves the link disabled. */
  async start(): Promise<void> {
    this.downLease.cancel()
    if (this.enabled) return
    this.#starting ??= this.#listen().finally(() => {
      this.#starting = undefined
    })
    await this.#starting
  }

  /** Refuses new connections and closes live ones (FIN). */
  stop(): void {
    this.downLease.cancel()
    this.#stops++
    if (!this.enabled) return
    this.enabled = false
    this.#server?.close()
    this.#server = null
    for (const connection of this.connections) connection.close()
    this.#emit({ what: 'down' })
  }

  /** RST to everything; returns how many. */
  resetConnections(): number {
    const count = this.connections.size
    for (const connection of this.connections) connection.reset('asked for')
    return count
  }

  toxicExpired(toxic: string, detail = 'its lease is over'): void {
    this.#emit({ what: 'toxic-expired', toxic, detail })
  }

  /** Ends connections of which one side is gone without the other one knowing it. */
  endOrphans(): void {
    for (const connection of this.connections)
      if (connection.orphaned) connection.reset('its peer had gone')
  }

  /** Gone for good; `at once`: without waiting for peers to close. */
  dispose(how: 'gently' | 'at once' = 'gently'): void {
    this.stop()
    if (how === 'at once') for (const connection of this.connections) connection.destroy()
    for (const toxic of this.toxics.splice(0)) {
      toxic.lease.cancel()
      detachAll(toxic)
    }
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
    for (const toxic of this.toxics) toxic.applied.delete(connection)
    this.#inspectors.delete(connection)
    this.#emit({ what: 'closed', connection: connection.id })
  }

  async #listen(): Promise<void> {
    const address = parseAddress(this.listen === '' ? ':0' : this.listen)
    if (address === undefined)
      throw new DataPlaneError(500, `listen tcp: address ${this.listen}: missing port in address`)
    const stopsBefore = this.#stops
    const server = createAcceptor(this.#around.plainAccept, (open) => {
      const connection = new Connection(this.#around.nextConnectionId(), ++this.#opened, open, this)
      this.#welcome(connection)
    })
    await listening(server, address.host || this.#around.listenHost, address.port)
    // Stopped meanwhile: whoever did so does not expect a listener.
    if (this.#stops !== stopsBefore) {
      server.close()
      return
    }
    // Such as too many open files: the connection is lost, the link lives on.
    server.on('error', (error) => {
      this.#emit({ what: 'upstream-failed', detail: `could not accept: ${messageOf(error)}` })
    })
    this.#server = server
    this.enabled = true
    this.listen = addressOf(server.address()) ?? this.listen
    this.#emit({ what: 'up' })
  }

  #welcome(connection: Connection): void {
    this.connections.add(connection)
    this.#emit({ what: 'opened', connection: connection.id })
    if (this.protocol !== undefined) connection.keepTails()
    let delayMs = 0
    for (const toxic of this.toxics) {
      applyToxic(toxic, connection, this.applyContext)
      delayMs += connectDelayMs(toxic, connection)
    }
    if (this.#inspected) this.#inspect(connection)
    if (delayMs === 0) this.#dial(connection)
    else {
      const { timers } = this.#around
      const timer = timers.at(timers.now() + delayMs, () => this.#dial(connection))
      connection.dialLater(() => timer.cancel())
    }
  }

  #inspect(connection: Connection): void {
    if (this.#inspectors.has(connection)) return
    const attached = attachInspector({
      connection,
      link: this,
      seat: { place: 'inspector', order: 0 },
      make: (inspected) => this.#around.inspect(inspected),
      left: () => this.#inspectors.delete(connection),
    })
    if (attached !== undefined) this.#inspectors.set(connection, attached)
  }

  #dial(connection: Connection): void {
    const address = parseAddress(this.upstream)
    const { connectTimeoutMs } = this.#around
    if (address !== undefined) {
      connection.dial({ host: address.host || '127.0.0.1', port: address.port, connectTimeoutMs })
      return
    }
    this.upstreamFailed(connection, `address ${this.upstream}: missing port in address`)
    connection.reset('the upstream failed')
  }

  #emit(event: Omit<LinkEvent, 'type' | 'link'>): void {
    this.#around.emit({ link: this.name, ...event })
  }
}

function listening(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const reason = error.code === 'EADDRINUSE' ? 'bind: address already in use' : error.message
      const address = formatAddress({ host, port })
      reject(new DataPlaneError(500, `listen tcp ${address}: ${reason}`, { cause: error }))
    })
    server.listen({ host, port, backlog: 4096 }, () => {
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
