import { localPort } from '#chaos/contracts/ports.ts'
import type { Topology } from '#chaos/contracts/topology.ts'

import { storePorts } from './addresses.ts'

/** The configuration of the data plane in Docker: one proxy for each link, which its callers reach as `links:<port>`. */
export function linksConfig({ instances, stores, links }: Topology): string {
  const ports = new Map<string, number>([
    ...instances.map(({ name, portOffset }) => [name, localPort(0, portOffset)] as const),
    ...stores.map(({ name }) => [name, storePorts[name]] as const),
  ])
  const proxies = links.map(({ name, callee, protocol, portOffset }) => ({
    name,
    listen: `0.0.0.0:${localPort(0, portOffset)}`,
    upstream: `${callee}:${ports.get(callee)}`,
    protocol,
  }))
  return `${JSON.stringify(proxies, null, 2)}\n`
}
