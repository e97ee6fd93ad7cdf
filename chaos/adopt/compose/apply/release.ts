import { ignoreStatuses } from '#chaos/runtime/docker/engine/connect-engine.ts'
import type { Docker } from '#chaos/runtime/docker/engine/connect-engine.ts'
import { stopSidecars } from '#chaos/runtime/docker/sidecars/sidecar.ts'

import { openAdoptedProject } from '../runtime/adopted-project.ts'
import { findOwned } from './owned.ts'
import type { Owner } from './owned.ts'

/** Sidecars are found by their label: neither an image nor a name of an instance is needed. */
const nothing = { image: '', instances: [], topology: { instances: [], stores: [], links: [] } }

/** What a release removed. */
export interface Released {
  readonly networks: number
  readonly containers: number
}

/**
 * Heals faults, and removes the links and networks of an adoption by their label, whether or not their controller lives. Names resolve to the
 * real services as soon as the links end, so the containers go first. Repeating it is safe.
 */
export async function releaseProject(docker: Docker, owner: Owner): Promise<Released> {
  await stopSidecars(openAdoptedProject({ docker, name: owner.project, ...nothing }))
  const { networks, containers } = await findOwned(docker, owner)
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
