import { networkInterfaces } from 'node:os'

import type { Project } from '#chaos/runtime/docker/project.ts'

import type { AdoptionPlan } from '../plan/adoption-plan.ts'
import { directSockets } from '../plan/connections.ts'
import type { DirectSocket } from '../plan/connections.ts'
import { listContainers } from './compose-project.ts'
import { readSockets } from './read-sockets.ts'

/** The connections to callees that pass no link, as the kernel has them now. */
export async function findDirect(
  project: Project,
  plan: AdoptionPlan,
  linkAddresses: readonly string[],
): Promise<readonly DirectSocket[]> {
  const containers = (await listContainers(project.docker, plan.project)).filter(
    ({ running }) => running,
  )
  const sockets = await readSockets(project, containers)
  // Where the engine is on another machine, these are not its addresses: then the gateways of the networks must do.
  const hostAddresses = Object.values(networkInterfaces()).flatMap((addresses) =>
    (addresses ?? []).filter(({ internal }) => !internal).map(({ address }) => address),
  )
  return directSockets(plan, { containers, sockets, linkAddresses, hostAddresses })
}
