import type { LinkRoute } from '#chaos/contracts/runtime.ts'
import type { TopologyLink } from '#chaos/contracts/topology.ts'

import type { LocalAddresses } from '../addresses.ts'

/** Where a link listens, and where it leads, in a local sandbox. */
export function localRoute(
  { name, callee }: Pick<TopologyLink, 'name' | 'callee'>,
  addresses: LocalAddresses,
): LinkRoute {
  return { listen: localAddressOf(name, addresses), upstream: localAddressOf(callee, addresses) }
}

/** Where the processes of a local sandbox reach an instance, a store or a link. */
export function localAddressOf(name: string, addresses: LocalAddresses): string {
  return `${addresses.host(name)}:${addresses.port(name)}`
}
