import type { Clock } from '#chaos/lib/clock.ts'
import { ignoreStatuses } from '#chaos/runtime/docker/engine/connect-engine.ts'
import type { Docker } from '#chaos/runtime/docker/engine/connect-engine.ts'
import { stopSidecars } from '#chaos/runtime/docker/sidecars/sidecar.ts'

import { openAdoptedProject } from '../runtime/adopted-project.ts'
import { hideLinks } from './hide-links.ts'
import { leaveNetworks } from './leave-networks.ts'
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
  const owned = await findOwned(docker, owner)
  const { networks, containers } = owned
  if (await hideLinks(docker, owned)) await clock.sleep(leaveWithinMs)
  await Promise.all(
    containers.map(async ({ id }) => {
      // 409: another release removes it now.
      await ignoreStatuses([404, 409], docker.getContainer(id).remove({ force: true, v: true }))
    }),
  )
  const ids = networks.map(({ id }) => id)
  await leaveNetworks(docker, ids)
  await Promise.all(
    ids.map(async (id) => await ignoreStatuses([404], docker.getNetwork(id).remove())),
  )
  return { networks: networks.length, containers: containers.length }
}
