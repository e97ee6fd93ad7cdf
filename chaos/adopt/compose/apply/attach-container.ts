import { messageOf } from '#chaos/lib/errors.ts'
import { engineStatusOf } from '#chaos/runtime/docker/engine/connect-engine.ts'
import type { Docker } from '#chaos/runtime/docker/engine/connect-engine.ts'

import { linksContainerOf, realNameOf } from '../plan/adoption-plan.ts'
import type { Member } from '../plan/adoption-plan.ts'

/**
 * Joins a container to the networks of its service. From then on, the names of its callees resolve to the links, for this
 * container alone. It is not restarted, and it stays on all of its networks. Joining twice is not an error.
 */
export async function attachContainer(
  docker: Docker,
  project: string,
  member: Pick<Member, 'service' | 'networks'>,
  id: string,
): Promise<void> {
  const links = linksContainerOf(project)
  for (const [at, { name, names }] of member.networks.entries())
    try {
      await docker.getNetwork(name).connect({
        Container: id,
        EndpointConfig: {
          Links: names.map((callee) => `${links}:${callee}`),
          // The links find the container by this name. On one network only: it would have two addresses.
          ...(at === 0 ? { Aliases: [realNameOf(member.service)] } : {}),
        },
      })
    } catch (error) {
      if (!isMember(error)) throw error
    }
}

function isMember(error: unknown): boolean {
  return engineStatusOf(error) === 403 && /already exists in network/i.test(messageOf(error))
}
