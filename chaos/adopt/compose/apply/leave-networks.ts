import { messageOf } from '#chaos/lib/errors.ts'
import { engineStatusOf, ignoreStatuses } from '#chaos/runtime/docker/engine/connect-engine.ts'
import type { Docker } from '#chaos/runtime/docker/engine/connect-engine.ts'

const attemptsMax = 5

/**
 * Every container leaves these networks. A network forgets a container that has ended, but the container does not forget the network:
 * it could never start again once the network is gone. So containers that do not run leave too. One that ends meanwhile needs another
 * attempt.
 */
export async function leaveNetworks(docker: Docker, networks: readonly string[]): Promise<void> {
  for (let attempt = 0; attempt < attemptsMax; attempt++) {
    const members = await membersOf(docker, networks)
    if (members.size === 0) return
    await Promise.all([...members].map(async ([id, member]) => await leave(docker, id, member)))
  }
}

interface NetworkMember {
  /** The engine waits until it starts it again, after a crash. */
  readonly waitsToRestart: boolean
  readonly networks: string[]
}

async function membersOf(
  docker: Docker,
  networks: readonly string[],
): Promise<ReadonlyMap<string, NetworkMember>> {
  const members = new Map<string, NetworkMember>()
  for (const network of networks)
    for (const { Id, State } of await docker.listContainers({
      all: true,
      filters: { network: [network] },
    })) {
      const member = members.get(Id) ?? { waitsToRestart: State === 'restarting', networks: [] }
      member.networks.push(network)
      members.set(Id, member)
    }
  return members
}

async function leave(
  docker: Docker,
  id: string,
  { waitsToRestart, networks }: NetworkMember,
): Promise<void> {
  const container = docker.getContainer(id)
  // The engine cannot take it off a network while it waits. No process of it runs: it starts a little earlier than it would.
  if (waitsToRestart) await ignoreStatuses([304, 404], container.stop())
  try {
    for (const network of networks) await disconnect(docker.getNetwork(network), id)
  } finally {
    if (waitsToRestart) await ignoreStatuses([304, 404], container.start())
  }
}

async function disconnect(network: Docker.Network, id: string): Promise<void> {
  try {
    await network.disconnect({ Container: id, Force: true })
  } catch (error) {
    const status = engineStatusOf(error)
    // It has ended or was removed, or it began to wait for its next start.
    const hasEnded = status === 500 && /is not connected to/i.test(messageOf(error))
    if (status !== 403 && status !== 404 && !hasEnded) throw error
  }
}
