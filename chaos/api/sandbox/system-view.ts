import type { SystemView } from '#chaos/contracts/api.ts'
import type { System } from '#chaos/contracts/system.ts'

/** What clients of the API see of a system: no ports and no paths. */
export function viewSystem({ name, topology, page = {} }: System): SystemView {
  return {
    name,
    instances: topology.instances.map(({ name, service }) => ({ name, service })),
    stores: topology.stores.map(({ name }) => name),
    links: topology.links.map(({ name, caller, callee, protocol }) => ({
      name,
      caller,
      callee,
      protocol,
    })),
    page,
  }
}
