import { localPort } from '#chaos/contracts/ports.ts'
import type { LinkRoute } from '#chaos/contracts/runtime.ts'
import { kindOfStore, withAllProfiles } from '#chaos/contracts/topology.ts'
import type { Topology, TopologyLink } from '#chaos/contracts/topology.ts'

import { linkProxies } from '../link-proxies.ts'
import { storePorts } from './addresses.ts'

/** The configuration of the data plane in Docker: one proxy for each link, which its callers reach as `links:<port>`. */
export function linksConfig(topology: Topology): string {
  const proxies = linkProxies(topology, {
    routeOf: (link) => dockerRoute(topology, link),
    addressOf: (name) => dockerAddressOf(topology, name),
  })
  // A list of one address stays on its line, as the formatter writes it.
  const text = JSON.stringify(proxies, null, 2).replaceAll(/\[\s+("[^"]+")\s+\]/g, '[$1]')
  return `${text}\n`
}

/** Where a link listens, and where it leads, in the network of the Compose project. */
export function dockerRoute(
  topology: Topology,
  { callee, portOffset }: Pick<TopologyLink, 'callee' | 'portOffset'>,
): LinkRoute {
  return {
    listen: `0.0.0.0:${localPort(0, portOffset)}`,
    upstream: dockerAddressOf(topology, callee),
  }
}

/** Where the containers of the project reach an instance or a store. */
export function dockerAddressOf(topology: Topology, name: string): string {
  const { instances, stores } = withAllProfiles(topology)
  const store = stores.find((one) => one.name === name)
  const offset = instances.find((one) => one.name === name)?.portOffset ?? 0
  return `${name}:${store === undefined ? localPort(0, offset) : storePorts[kindOfStore(store)]}`
}
