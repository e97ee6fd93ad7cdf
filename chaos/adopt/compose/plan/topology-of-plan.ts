import { client } from '#chaos/contracts/topology.ts'
import type { Topology } from '#chaos/contracts/topology.ts'

import type { AdoptionPlan } from './adoption-plan.ts'
import { storeKindOf } from './known-protocol.ts'
import { instancesOfPlan } from './plan-adoption.ts'

/**
 * The plan as a topology. Links of `client` come first: their ports are published, so they must be in the range of a slot. The
 * others have a number only to be different from each other.
 */
export function topologyOfPlan(plan: AdoptionPlan): Topology {
  const links = plan.links.toSorted(
    (a, b) => Number(a.caller !== client) - Number(b.caller !== client),
  )
  const instances = instancesOfPlan(plan)
  let portOffset = links.length
  return {
    links: links.map(({ name, caller, callee, port, protocol }, index) => {
      // Links of further ports are named `web:db.9187`, and their callee is too: a fault on one of them is no fault on the other.
      const isMain = name === `${caller}:${callee}`
      return {
        name,
        caller,
        callee: isMain ? callee : `${callee}.${port}`,
        protocol,
        portOffset: index + 1,
      }
    }),
    instances: instances
      .filter(({ container }) => storeKindOf(container.image) === undefined)
      .map(({ name, service }) => ({ name, service, main: '', portOffset: ++portOffset })),
    stores: instances.flatMap(({ name, container }) => {
      const kind = storeKindOf(container.image)
      return kind === undefined ? [] : [{ name, kind, portOffset: ++portOffset }]
    }),
  }
}
