import type { LinkHealth, LinkStatus, Toxic, ToxicStatus } from '#chaos/contracts/links.ts'

import type { LinkToxic } from '../plane/applied-toxic.ts'
import type { Link } from '../plane/link.ts'
import { toxicLabel } from '../toxics/lib/toxic-kind.ts'

/** A toxic as Toxiproxy writes it. `expiresInMs` is an addition, present while a lease runs. */
export function toxicView(toxic: LinkToxic): Toxic & { expiresInMs?: number } {
  const { expiresInMs } = toxic.lease
  return {
    attributes: toxic.attributes,
    name: toxic.name,
    type: toxic.kind.type,
    stream: toxic.streamAsGiven as Toxic['stream'],
    toxicity: toxic.toxicity,
    ...(expiresInMs === undefined ? {} : { expiresInMs }),
  }
}

/** A proxy as Toxiproxy writes it, without the `Logger` field that Toxiproxy leaks. */
export function proxyView(link: Link): object {
  const { expiresInMs } = link.downLease
  return {
    name: link.name,
    listen: link.listen,
    upstream: link.upstream,
    enabled: link.enabled,
    toxics: link.toxics.byStream().map(toxicView),
    ...(link.protocol === undefined ? {} : { protocol: link.protocol }),
    ...(expiresInMs === undefined ? {} : { expiresInMs }),
  }
}

/** A link with its live figures. */
export function linkView(link: Link, exchanges?: LinkHealth): LinkStatus {
  const figures = link.figures()
  return {
    name: link.name,
    listen: link.listen,
    upstream: link.upstream,
    enabled: link.enabled,
    toxics: link.toxics.byStream().map(toxicStatus),
    connections: figures.connections,
    bytesUpstream: figures.upstream.received,
    bytesDownstream: figures.downstream.received,
    ...(link.tls.seen ? { tls: 'bytes' as const } : {}),
    ...(exchanges === undefined ? {} : { exchanges }),
  }
}

function toxicStatus(toxic: LinkToxic): ToxicStatus {
  const { kind, stream, attributes } = toxic
  return { ...toxicView(toxic), stream, look: kind.look, label: toxicLabel(kind, attributes) }
}
