import { ApiError } from '../http/api-error.ts'
import { createLease } from '../time/lease.ts'
import { type AnyToxicKind, type Attributes, mergeAttributes } from '../toxics/lib/toxic-kind.ts'
import type { Stream } from './inspector.ts'
import { applyToxic, detachAll, type LinkToxic, updateToxicOn } from './link-toxic.ts'
import type { Link } from './link.ts'

/** A toxic as a client describes it, validated. */
export interface ToxicInput {
  readonly name: string
  readonly kind: AnyToxicKind
  readonly stream: Stream
  readonly streamAsGiven: string
  readonly toxicity: number
  readonly attributes: Attributes
  readonly expiresInMs: number | undefined
}

export interface ToxicChange {
  readonly toxicity: number | undefined
  readonly attributes: unknown
  readonly expiresInMs: number | undefined
}

/** Throws an {@link ApiError} (404). */
export function toxicOf(link: Link, name: string): LinkToxic {
  const toxic = link.toxics.find((one) => one.name === name)
  if (toxic === undefined) throw new ApiError(404, 'toxic not found')
  return toxic
}

/** The upstream chain first, then the downstream one. */
export function toxicsInOrder(link: Link): LinkToxic[] {
  const of = (stream: Stream): LinkToxic[] => link.toxics.filter((toxic) => toxic.stream === stream)
  return [...of('upstream'), ...of('downstream')]
}

/** Also on the live connections. Throws an {@link ApiError} (409). */
export function addToxic(link: Link, input: ToxicInput): LinkToxic {
  if (link.toxics.some(({ name }) => name === input.name))
    throw new ApiError(409, 'toxic already exists')
  const toxic: LinkToxic = {
    name: input.name,
    kind: input.kind,
    stream: input.stream,
    streamAsGiven: input.streamAsGiven,
    toxicity: input.toxicity,
    attributes: input.attributes,
    count: 0,
    order: (link.toxics.at(-1)?.order ?? 0) + 1,
    random: link.random.fork(input.name),
    lease: createLease(() => {
      removeToxic(link, input.name)
      link.toxicExpired(input.name)
    }),
    applied: new Map(),
  }
  link.toxics.push(toxic)
  toxic.lease.renew(input.expiresInMs)
  for (const connection of link.connections) applyToxic(toxic, connection, link.applyContext)
  return toxic
}

/** Attributes are merged, the rest stays when it is not given. */
export function updateToxic(link: Link, name: string, change: ToxicChange): LinkToxic {
  const toxic = toxicOf(link, name)
  toxic.attributes = mergeAttributes(toxic.kind, change.attributes, toxic.attributes)
  toxic.toxicity = change.toxicity ?? toxic.toxicity
  if (change.expiresInMs !== undefined) toxic.lease.renew(change.expiresInMs)
  updateToxicOn(toxic, link.connections, link.applyContext)
  return toxic
}

/** What it holds is passed on. Throws an {@link ApiError} (404). */
export function removeToxic(link: Link, name: string): void {
  const toxic = toxicOf(link, name)
  link.toxics.splice(link.toxics.indexOf(toxic), 1)
  toxic.lease.cancel()
  detachAll(toxic)
}
