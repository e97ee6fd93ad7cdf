import { networkInterfaces } from 'node:os'

import type { Docker } from '#chaos/runtime/docker/engine/connect-engine.ts'
import type { Project } from '#chaos/runtime/docker/project.ts'

import type { AdoptionPlan } from '../plan/adoption-plan.ts'
import { directSockets } from '../plan/connections.ts'
import type { ConnectionFacts, DirectSocket } from '../plan/connections.ts'
import { listContainers } from './compose-project.ts'
import { readSockets } from './read-sockets.ts'

/** The connections to callees that pass no link, as the kernel has them now. */
export async function findDirect(
  project: Project,
  plan: AdoptionPlan,
  facts: Pick<ConnectionFacts, 'linkAddresses' | 'before'>,
): Promise<readonly DirectSocket[]> {
  const containers = (await listContainers(project.docker, plan.project)).filter(
    ({ running }) => running,
  )
  const sockets = await readSockets(project, containers)
  const hostAddresses = [...addressesOfMachine(), ...(await gatewaysOf(project.docker))]
  return directSockets(plan, { ...facts, containers, sockets, hostAddresses })
}

/** Where the engine is on another machine, these are not its addresses: then the gateways of its networks must do. */
function addressesOfMachine(): readonly string[] {
  return Object.values(networkInterfaces()).flatMap((addresses) =>
    (addresses ?? []).filter(({ internal }) => !internal).map(({ address }) => address),
  )
}

/** Also of `docker0`, to which `host.docker.internal` leads: while no container is on it, its interface is down. */
async function gatewaysOf(docker: Docker): Promise<readonly string[]> {
  const networks = await docker.listNetworks()
  return networks.flatMap(({ IPAM }) =>
    (IPAM?.Config ?? []).flatMap(({ Gateway }) => (Gateway === undefined ? [] : [Gateway])),
  )
}
