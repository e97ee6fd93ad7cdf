import { localPort } from '#chaos/contracts/ports.ts'
import type { LinkRoute } from '#chaos/contracts/runtime.ts'
import { kindOfStore, withAllProfiles } from '#chaos/contracts/topology.ts'
import type { Topology, TopologyLink } from '#chaos/contracts/topology.ts'

import { storePorts } from './addresses.ts'

/** The configuration of the data plane in Docker: one proxy for each link, which its callers reach as `links:<port>`. */
export function linksConfig(topology: Topology): string {
  const proxies = withAllProfiles(topology).links.map((link) => ({
    name: link.name,
    ...dockerRoute(topology, link),
    protocol: link.protocol,
    ...(link.profile === undefined ? {} : { optional: true }),
  }))
  return `${JSON.stringify(proxies, null, 2)}\n`
}

/** Where a link listens, and where it leads, in the network of the Compose project. */
export function dockerRoute(
  topology: Topology,
  { callee, portOffset }: Pick<TopologyLink, 'callee' | 'portOffset'>,
): LinkRoute {
  const { instances, stores } = withAllProfiles(topology)
  const store = stores.find(({ name }) => name === callee)
  const offset = instances.find(({ name }) => name === callee)?.portOffset ?? 0
  const port = store === undefined ? localPort(0, offset) : storePorts[kindOfStore(store)]
  return { listen: `0.0.0.0:${localPort(0, portOffset)}`, upstream: `${callee}:${port}` }
}
