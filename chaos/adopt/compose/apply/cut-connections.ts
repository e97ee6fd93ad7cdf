import type { Project } from '#chaos/runtime/docker/project.ts'
import { runSidecar } from '#chaos/runtime/docker/sidecars/sidecar.ts'

import type { AdoptionPlan } from '../plan/adoption-plan.ts'
import { directConnections } from '../plan/connections.ts'
import type { DirectConnections } from '../plan/connections.ts'
import { readSockets } from './read-sockets.ts'

/** A sidecar that takes longer has lost its engine. */
const cutWithinMs = 60_000

/** The connections between services that pass no link, as the kernel has them now. */
export async function findDirect(
  project: Project,
  plan: AdoptionPlan,
): Promise<readonly DirectConnections[]> {
  const containers = plan.members.flatMap((member) => member.containers)
  return directConnections(plan, await readSockets(project, containers))
}

/**
 * Cuts these connections in the caller's network namespace: the caller receives ECONNABORTED and connects again, through the link.
 * Returns those that are still there: a kernel without this function cuts none.
 */
export async function cutConnections(
  project: Project,
  plan: AdoptionPlan,
  direct: readonly DirectConnections[],
): Promise<readonly DirectConnections[]> {
  for (const [container, all] of Map.groupBy(direct, (one) => one.container)) {
    const filters = all.flatMap(({ addresses, port }) =>
      addresses.map((address) => `dst ${address}:${port}`),
    )
    await runSidecar(project, {
      kind: 'cut-connections',
      instance: all[0]?.caller ?? '',
      command: ['sh', '-c', 'for filter in "$@"; do ss -K -t $filter; done', 'cut', ...filters],
      host: { NetworkMode: `container:${container}`, CapAdd: ['NET_ADMIN'] },
      signal: AbortSignal.timeout(cutWithinMs),
    })
  }
  return await findDirect(project, plan)
}
