import type { Random } from '#chaos/lib/random.ts'

import { createLease } from '../time/lease.ts'
import { type AnyToxicKind, type Attributes, mergeAttributes } from '../toxics/lib/toxic-kind.ts'
import { type ApplyContext, applyToxic, connectDelayMs, type LinkToxic } from './applied-toxic.ts'
import type { Connection } from './connection.ts'
import { DataPlaneError } from './data-plane-error.ts'
import type { Stream } from './inspector.ts'

/** A new toxic, validated. */
export interface ToxicInput {
  readonly name: string
  readonly kind: AnyToxicKind
  readonly stream: Stream
  readonly streamAsGiven: string
  readonly toxicity: number
  readonly attributes: Attributes
  /** No view, event or metric shows it. */
  readonly hidden: boolean
  readonly expiresInMs: number | undefined
}

/** A change of a toxic; undefined fields stay as they are. */
export interface ToxicChange {
  readonly toxicity: number | undefined
  readonly attributes: unknown
  readonly expiresInMs: number | undefined
}

/** What the toxics of a link need from it. */
export interface LinkToxicsContext extends ApplyContext {
  readonly random: Random
  readonly connections: Iterable<Connection>
  /** The lease of a toxic has ended, and the toxic is gone. */
  expired(toxic: string): void
}

/** The toxics of one link, in the order in which they were added. Changes also apply to live connections. */
export class LinkToxics implements Iterable<LinkToxic> {
  readonly #toxics: LinkToxic[] = []
  readonly #context: LinkToxicsContext

  constructor(context: LinkToxicsContext) {
    this.#context = context
  }

  /** Without the hidden ones. */
  get size(): number {
    return this.byStream().length
  }

  [Symbol.iterator](): Iterator<LinkToxic> {
    return this.#toxics.values()
  }

  /** The toxics on `upstream` first, then those on `downstream`; without the hidden ones. */
  byStream(): LinkToxic[] {
    const on = (stream: Stream): LinkToxic[] =>
      this.#toxics.filter((toxic) => toxic.stream === stream && !toxic.hidden)
    return [...on('upstream'), ...on('downstream')]
  }

  /** Throws a {@link DataPlaneError} (404). */
  get(name: string): LinkToxic {
    const toxic = this.#toxics.find((one) => one.name === name)
    if (toxic === undefined) throw new DataPlaneError(404, 'toxic not found')
    return toxic
  }

  /** Throws a {@link DataPlaneError} (409). */
  add(input: ToxicInput): LinkToxic {
    const { expiresInMs, ...given } = input
    if (this.#toxics.some(({ name }) => name === given.name))
      throw new DataPlaneError(409, 'toxic already exists')
    const toxic: LinkToxic = {
      ...given,
      count: 0,
      shared: undefined,
      missed: false,
      order: (this.#toxics.at(-1)?.order ?? 0) + 1,
      random: this.#context.random.fork(given.name),
      lease: createLease(() => {
        this.remove(given.name)
        if (!given.hidden) this.#context.expired(given.name)
      }),
      applied: new Map(),
    }
    this.#toxics.push(toxic)
    toxic.lease.renew(expiresInMs)
    for (const connection of this.#context.connections) applyToxic(toxic, connection, this.#context)
    return toxic
  }

  /** Merges the attributes. Throws a {@link DataPlaneError} (404, or 400 for the attributes). */
  update(name: string, change: ToxicChange): LinkToxic {
    const toxic = this.get(name)
    toxic.attributes = mergeAttributes(toxic.kind, change.attributes, toxic.attributes)
    toxic.toxicity = change.toxicity ?? toxic.toxicity
    if (change.expiresInMs !== undefined) toxic.lease.renew(change.expiresInMs)
    for (const connection of this.#context.connections) applyToxic(toxic, connection, this.#context)
    return toxic
  }

  /** Passes on what the toxic holds. Throws a {@link DataPlaneError} (404). */
  remove(name: string): void {
    const toxic = this.get(name)
    this.#toxics.splice(this.#toxics.indexOf(toxic), 1)
    toxic.lease.cancel()
    for (const applied of toxic.applied.values()) applied.detach()
    toxic.applied.clear()
  }

  /** Removes all toxics; returns the names of those that are not hidden. */
  removeAll(): string[] {
    const removed = [...this.#toxics]
    for (const { name } of removed) this.remove(name)
    return removed.filter(({ hidden }) => !hidden).map(({ name }) => name)
  }

  /** Applies every toxic to a new connection. Returns how long they delay the connection to the upstream, in ms. */
  applyTo(connection: Connection): number {
    let delayMs = 0
    for (const toxic of this.#toxics) {
      applyToxic(toxic, connection, this.#context)
      delayMs += connectDelayMs(toxic, connection)
    }
    return delayMs
  }

  /** The connection has closed. */
  forget(connection: Connection): void {
    for (const toxic of this.#toxics) toxic.applied.delete(connection)
  }
}
