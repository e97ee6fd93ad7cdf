import type { RuntimeProfiles } from '#chaos/contracts/runtime.ts'
import { replicasOf, withAllProfiles } from '#chaos/contracts/topology.ts'
import type { Topology } from '#chaos/contracts/topology.ts'

/** The configuration of the data plane: one proxy for each link, with the addresses to which a failover may lead it. */
export function linkProxies(
  topology: Topology,
  { routeOf, addressOf }: Pick<RuntimeProfiles, 'routeOf' | 'addressOf'>,
): readonly object[] {
  return withAllProfiles(topology).links.map((link) => {
    const alternatives = replicasOf(topology, link.callee).map(({ name }) => addressOf(name))
    return {
      name: link.name,
      ...routeOf(link),
      protocol: link.protocol,
      ...(link.profile === undefined ? {} : { optional: true }),
      ...(alternatives.length === 0 ? {} : { alternatives }),
    }
  })
}
