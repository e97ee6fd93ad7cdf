import { lookup } from 'node:dns/promises'

import type { LinkEvent } from '#chaos/contracts/links.ts'
import { messageOf } from '#chaos/lib/errors.ts'
import { type Random } from '#chaos/lib/random.ts'

import type { Timers } from '../time/timers.ts'
import { parseAddress } from './address.ts'
import { DataPlaneError } from './data-plane-error.ts'
import type { InspectedConnection, Inspector, Protocol } from './inspector.ts'
import { addToxic, removeToxic, type ToxicInput } from './link-toxics.ts'
import { Link, type LinkContext } from './link.ts'

/** A proxy as a client describes it. */
export interface ProxyInput {
  readonly name: string
  readonly listen: string
  readonly upstream: string
  readonly enabled: boolean
  readonly protocol: Protocol | undefined
  readonly toxics: readonly ToxicInput[]
}

export interface ProxyChange {
  readonly listen?: string | undefined
  readonly upstream?: string | undefined
  readonly enabled?: boolean | undefined
  /** With `enabled: false`: comes up again by itself after this. */
  readonly expiresInMs?: number | undefined
}

export interface DataPlaneOptions {
  readonly timers: Timers
  readonly random: Random
  readonly listenHost: string
  readonly connectTimeoutMs: number
  readonly plainAccept: boolean
  emit(event: LinkEvent): void
  /** Asked for each connection of an inspected link. */
  inspect(connection: InspectedConnection): Inspector | undefined
  /** A link was added or removed. */
  linksChanged(): void
}

/** All links. Changes happen one after the other, whoever asks. */
export class DataPlane {
  readonly links = new Map<string, Link>()
  readonly #around: LinkContext
  readonly #linksChanged: () => void
  #last: Promise<unknown> = Promise.resolve()
  #connectionId = 0

  constructor(options: DataPlaneOptions) {
    this.#linksChanged = () => options.linksChanged()
    this.#around = {
      ...options,
      emit: (event) => options.emit({ type: 'link', ...event }),
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
      if (upstream !== link.upstream || !(await sameAddress(listen, link.listen))) {
        link.stop()
        link.listen = listen
        link.upstream = upstream
      }
      if (wanted) await link.start()
      else link.stop()
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

  /** Adds or replaces in order; `done` gets every link that is there, also when a later one fails. */
  populate(inputs: readonly ProxyInput[], done: (link: Link) => void): Promise<void> {
    return this.#serially(async () => {
      for (const input of inputs) done(await this.#addOrReplace(input))
    })
  }

  addToxic(name: string, input: ToxicInput): ReturnType<typeof addToxic> {
    return addToxic(this.link(name), input)
  }

  removeToxic(name: string, toxic: string): void {
    removeToxic(this.link(name), toxic)
  }

  /**
   * Every link up and without toxics. Never stops at an error; returns what could not be mended. With a reason, every
   * toxic that is taken away is reported as expired.
   */
  reset(reason?: string): Promise<{ link: string; error: string }[]> {
    return this.#serially(async () => {
      const failed: { link: string; error: string }[] = []
      for (const link of this.links.values()) {
        for (const { name } of link.toxics.slice()) {
          removeToxic(link, name)
          if (reason !== undefined) link.toxicExpired(name, reason)
        }
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

  /** Nothing passes any more on the connections of this instance, but for one; returns what resets them. */
  silenceAll(instance: string, except: number): () => void {
    const links = [...this.links.values()].filter(({ name }) => name.split(':').includes(instance))
    const silenced = links
      .flatMap(({ connections }) => [...connections])
      .filter(({ id }) => id !== except)
    for (const connection of silenced) connection.silence()
    return () => {
      for (const connection of silenced) connection.reset(`${instance} has died`)
    }
  }

  close(): void {
    for (const link of this.links.values()) link.dispose('at once')
    this.links.clear()
  }

  async #addOrReplace(input: ProxyInput): Promise<Link> {
    const before = this.links.get(input.name)
    if (before !== undefined) {
      const same = before.upstream === input.upstream
      if (same && (await sameAddress(before.listen, input.listen))) return before
      before.dispose()
      this.links.delete(input.name)
    }
    return this.#add(input)
  }

  async #add(input: ProxyInput): Promise<Link> {
    const link = new Link(input, this.#around)
    for (const toxic of input.toxics) addToxic(link, toxic)
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

  #serially<T>(change: () => Promise<T>): Promise<T> {
    const next = this.#last.then(change)
    this.#last = next.catch(() => {})
    return next
  }
}

/** Compares as Toxiproxy does: a host name and its address are the same. */
async function sameAddress(a: string, b: string): Promise<boolean> {
  return a === b || (await resolved(a)) === (await resolved(b))
}

async function resolved(text: string): Promise<string> {
  const address = parseAddress(text)
  if (address === undefined)
    throw new DataPlaneError(500, `address ${text}: missing port in address`)
  if (address.host === '') return `[::]:${address.port}`
  try {
    return `${(await lookup(address.host)).address}:${address.port}`
  } catch (error) {
    throw new DataPlaneError(500, messageOf(error), { cause: error })
  }
}
