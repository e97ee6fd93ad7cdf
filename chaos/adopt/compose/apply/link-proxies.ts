import { realNameOf } from '../plan/adoption-plan.ts'
import type { AdoptionPlan, PlannedLink } from '../plan/adoption-plan.ts'

/** Where the links container is: its address on each network, and its ports for links of `client`, by callee. */
export interface LinksPlace {
  readonly addressOn: ReadonlyMap<string, string>
  /** The port that a link of `client` has in the container and on 127.0.0.1 of the host. */
  readonly clientPorts: ReadonlyMap<string, number>
}

/** A proxy of the data plane's configuration. */
export interface LinkProxy {
  readonly name: string
  readonly listen: string
  readonly upstream: string
  readonly protocol?: 'http' | 'postgres' | 'redis'
  readonly tls: 'avoid' | 'pass'
}

/**
 * One proxy for each link. It listens on the links' address on the caller's network: so only this caller reaches it. It leads
 * to all containers of the callee.
 */
export function linkProxiesOf(
  { links }: Pick<AdoptionPlan, 'links'>,
  place: LinksPlace,
): readonly LinkProxy[] {
  return links.map((link) => ({
    name: link.name,
    listen: listenOf(link, place),
    upstream: `${realNameOf(link.callee)}:${link.port}`,
    tls: link.requiresTls ? 'pass' : 'avoid',
    ...(link.protocol === 'bytes' ? {} : { protocol: link.protocol }),
  }))
}

function listenOf(link: PlannedLink, { addressOn, clientPorts }: LinksPlace): string {
  if (link.network === undefined) return `0.0.0.0:${clientPorts.get(link.name)}`
  return `${addressOn.get(link.network)}:${link.port}`
}
