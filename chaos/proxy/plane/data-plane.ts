import pLimit from 'p-limit'

import type { LinkEvent } from '#chaos/contracts/links.ts'
import { messageOf } from '#chaos/lib/errors.ts'
import { type Random } from '#chaos/lib/random.ts'

import type { Timers } from '../time/timers.ts'
import type { TlsPolicy } from '../tls/link-tls.ts'
import { connectionsOfInstance, formatAddress } from './address.ts'
import { DataPlaneError } from './data-plane-error.ts'
import type { InspectedConnection, Inspector, Protocol } from './inspector.ts'
import type { ToxicInput } from './link-toxics.ts'
import { Link, type LinkContext } from './link.ts'
import { resolveListenAddress } from './listen-address.ts'
import type { Recorder } from './recorder.ts'

/** A new proxy, validated. */
export interface ProxyInput {
  readonly name: string
  readonly listen: string
  readonly upstream: string
  readonly enabled: boolean
  readonly protocol: Protocol | undefined
  readonly tls: TlsPolicy | undefined
  readonly toxics: readonly ToxicInput[]
  /** Only in a configuration file: the proxy is not created, but a request may create it. */
  readonly optional?: boolean
  /** Only in a configuration file: other upstreams that a request may give the proxy. */
  readonly alternatives?: readonly string[]
}

/** A change of a proxy; undefined fields stay as they are. */
export interface ProxyChange {
  readonly listen?: string | undefined
  readonly upstream?: string | undefined
  readonly enabled?: boolean | undefined
  /** With another upstream and the same listener, and with `enabled: false`: live connections go on. Otherwise they close. */
  readonly keepConnections?: boolean | undefined
  /** With `enabled: false`: the proxy comes up by itself after this time. */
  readonly expiresInMs?: number | undefined
}

export interface DataPlaneOptions {
  readonly timers: Timers
  readonly random: Random
  readonly listenHost: string
  readonly connectTimeoutMs: number
  readonly plainAccept: boolean
  emit(event: LinkEvent): void
  /** Called for each connection of an inspected link. */
  inspect(connection: InspectedConnection): Inspector | undefined
  /** A link was added or removed. */
  linksChanged(): void
}

/** All links. Their changes run one after the other. */
export class DataPlane {
  readonly links = new Map<string, Link>()
  readonly #context: LinkContext
  readonly #linksChanged: () => void
  /** Changes of links run one after the other. */
  readonly #serially = pLimit(1)
  readonly #recorders = new Set<Recorder>()
  #connectionId = 0

  constructor(options: DataPlaneOptions) {
    this.#linksChanged = () => options.linksChanged()
    this.#context = {
      ...options,
      emit: (event) => options.emit({ type: 'link', ...event }),
      recorders: this.#recorders,
      nextConnectionId: () => ++this.#connectionId,
    }
  }

  /** Throws an {@link DataPlaneError} (404). */
  link(name: string): Link {
    const link = this.links.get(name)
    if (link === undefined) throw new DataPlaneError(404, 'proxy not found')
    return link
  }

  create(input: ProxyInput): Promise<Link> {
    return this.#serially(async () => {
      if (this.links.has(input.name)) throw new DataPlaneError(409, 'proxy already exists')
      return this.#add(input)
    })
  }

  update(name: string, change: ProxyChange): Promise<Link> {
    return this.#serially(async () => {
      const link = this.link(name)
      const wanted = change.enabled ?? link.enabled
      const listen = change.listen ?? link.listen
      const upstream = change.upstream ?? link.upstream
      const moves = !(await this.isSameAddress(listen, link.listen))
      if (moves || upstream !== link.upstream) {
        if (moves || change.keepConnections !== true) link.stop()
        link.listen = listen
        link.upstream = upstream
      }
      if (wanted) await link.start()
      else link.stop(change.keepConnections === true ? 'keep connections' : 'close connections')
      if (!wanted) link.downLease.renew(change.expiresInMs)
      return link
    })
  }

  remove(name: string): Promise<void> {
    return this.#serially(async () => {
      this.link(name).dispose()
      this.links.delete(name)
      this.#linksChanged()
    })
  }

  /** Adds or replaces links in order. `done` receives each link, even if a later one fails. */
  populate(inputs: readonly ProxyInput[], done: (link: Link) => void): Promise<void> {
    return this.#serially(async () => {
      for (const input of inputs) done(await this.#addOrReplace(input))
    })
  }

  /**
   * Heals every link: up and without toxics. An error on one link does not stop the others; returns the failures. With a
   * reason, every removed toxic is reported as expired.
   */
  reset(reason?: string): Promise<{ link: string; error: string }[]> {
    return this.#serially(async () => {
      const failed: { link: string; error: string }[] = []
      for (const link of this.links.values()) {
        for (const name of link.toxics.removeAll())
          if (reason !== undefined) link.toxicExpired(name, reason)
        link.endOrphans()
        try {
          await link.start()
        } catch (error) {
          failed.push({ link: link.name, error: messageOf(error) })
        }
      }
      return failed
    })
  }

  /** The recorder receives what passes on every link with a protocol. Call the result to end that. */
  startRecorder(recorder: Recorder): () => void {
    this.#recorders.add(recorder)
    for (const link of this.links.values()) link.startRecorder(recorder)
    return () => {
      this.#recorders.delete(recorder)
      for (const link of this.links.values()) link.endRecorder(recorder)
    }
  }

  /** Silences all connections of this instance except one. Call the result to reset them. */
  silenceAll(instance: string, except: number, address?: string): () => void {
    const silenced = [...this.links.values()]
      .flatMap((link) => connectionsOfInstance(link, instance, address))
      .filter(({ id }) => id !== except)
    for (const connection of silenced) connection.silence()
    return () => {
      for (const connection of silenced) connection.reset(`${instance} has died`)
    }
  }

  /** Compares as Toxiproxy does: a host name and its address are the same. */
  async isSameAddress(a: string, b: string): Promise<boolean> {
    return a === b || (await this.#resolved(a)) === (await this.#resolved(b))
  }

  close(): void {
    for (const link of this.links.values()) link.dispose('at once')
    this.links.clear()
  }

  async #addOrReplace(input: ProxyInput): Promise<Link> {
    const before = this.links.get(input.name)
    if (before !== undefined) {
      const same = before.upstream === input.upstream
      if (same && (await this.isSameAddress(before.listen, input.listen))) return before
      before.dispose()
      this.links.delete(input.name)
    }
    return this.#add(input)
  }

  async #add(input: ProxyInput): Promise<Link> {
    const link = new Link(input, this.#context)
    for (const toxic of input.toxics) link.toxics.add(toxic)
    try {
      if (input.enabled) await link.start()
    } catch (error) {
      link.dispose()
      throw error
    }
    this.links.set(link.name, link)
    this.#linksChanged()
    return link
  }

  async #resolved(listen: string): Promise<string> {
    return formatAddress(await resolveListenAddress(listen, this.#context.listenHost))
  }
}
