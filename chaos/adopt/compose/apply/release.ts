import type { Clock } from '#chaos/lib/clock.ts'
import { ignoreStatuses } from '#chaos/runtime/docker/engine/connect-engine.ts'
import type { Docker } from '#chaos/runtime/docker/engine/connect-engine.ts'
import { stopSidecars } from '#chaos/runtime/docker/sidecars/sidecar.ts'

import { openAdoptedProject } from '../runtime/adopted-project.ts'
import { hideLinks } from './hide-links.ts'
import { findOwned } from './owned.ts'
import type { Owner } from './owned.ts'

/** Sidecars are found by their label: neither an image nor a name of an instance is needed. */
const nothing = { image: '', instances: [], topology: { instances: [], stores: [], links: [] } }

/** What a release removed. */
export interface Released {
  readonly networks: number
  readonly containers: number
}

/** Callers that have just resolved a name connect within this time, and short exchanges through the links end. */
const leaveWithinMs = 500

/**
 * Heals faults, and removes the links and networks of an adoption by their label, whether or not their controller lives. First, names
 * resolve to the real services again, while the links still run: no new connection fails. Repeating it is safe.
 */
export async function releaseProject(
  docker: Docker,
  owner: Owner,
  clock: Pick<Clock, 'sleep'>,
): Promise<Released> {
  await stopSidecars(openAdoptedProject({ docker, name: owner.project, ...nothing }))
  const { networks, containers } = await findOwned(docker, owner)
  if (await hideLinks(docker, owner)) await clock.sleep(leaveWithinMs)
  await Promise.all(
    containers.map(async ({ id }) => {
      // 409: another release removes it now.
      await ignoreStatuses([404, 409], docker.getContainer(id).remove({ force: true, v: true }))
    }),
  )
  await Promise.all(networks.map(async ({ id }) => await removeNetwork(docker, id)))
  return { networks: networks.length, containers: containers.length }
}

async function removeNetwork(docker: Docker, id: string): Promise<void> {
  const network = docker.getNetwork(id)
  await ignoreStatuses([404], disconnectAll(docker, network))
  await ignoreStatuses([404], network.remove())
}

const disconnectAttempts = 3

/**
 * The network forgets a container that has ended, but the container does not forget the network: it could never start again once
 * the network is gone. So containers that do not run leave it too. One that ends meanwhile needs another attempt.
 */
async function disconnectAll(docker: Docker, network: Docker.Network): Promise<void> {
  for (let attempt = 0; attempt < disconnectAttempts; attempt++) {
    const members = await docker.listContainers({ all: true, filters: { network: [network.id] } })
    if (members.length === 0) return
    for (const { Id } of members)
      // The container has ended or was removed in the meantime.
      await ignoreStatuses([404, 403], network.disconnect({ Container: Id, Force: true }))
  }
}
