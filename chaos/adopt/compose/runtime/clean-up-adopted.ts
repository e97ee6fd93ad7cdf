import { resume } from '#chaos/runtime/docker/engine/connect-engine.ts'
import type { Project } from '#chaos/runtime/docker/project.ts'
import type { DockerPacketFilter } from '#chaos/runtime/docker/sidecars/packet-filter.ts'
import { stopSidecars } from '#chaos/runtime/docker/sidecars/sidecar.ts'

/**
 * Ends what faults have left on the user's containers: sidecars with their limits and packet rules, and pauses. Containers that are
 * down stay down: only the user knows which of them must run.
 */
export async function cleanUpAdopted(
  project: Project,
  filter: Pick<DockerPacketFilter, 'flush'>,
): Promise<readonly string[]> {
  const stopped = await stopSidecars(project)
  const cleanedUp = stopped.map((sidecar) => `stopped the sidecar ${sidecar}`)
  for (const name of project.targets) {
    const inspection = await project.find(name)
    if (inspection === undefined) continue
    if (inspection.State.Paused) {
      await resume(project.docker.getContainer(inspection.Id))
      cleanedUp.push(`${name} was paused: resumed`)
    }
    // Only a sidecar that was killed leaves rules, and it is still in the list of containers for a moment at most.
    if (stopped.some((sidecar) => sidecar === `packet-filter of ${name}`))
      for (const rule of await filter.flush(name))
        cleanedUp.push(`${name} had a leftover packet rule: removed ${rule}`)
  }
  return cleanedUp
}
