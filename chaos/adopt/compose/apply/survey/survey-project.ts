import type { Clock } from '#chaos/lib/clock.ts'
import type { Docker } from '#chaos/runtime/docker/engine/connect-engine.ts'

import { pairOf } from '../../plan/known-callees.ts'
import { knownProtocol } from '../../plan/known-protocol.ts'
import type { LinkProtocol } from '../../plan/known-protocol.ts'
import type { ObservedContainer } from '../../plan/observed-container.ts'
import type { ProjectFacts } from '../../plan/project-facts.ts'
import { listeningPorts } from '../../plan/socket-table.ts'
import type { SocketEntry } from '../../plan/socket-table.ts'
import { openAdoptedProject } from '../../runtime/adopted-project.ts'
import { readSockets } from '../read-sockets.ts'
import { probeProtocol } from './probe-protocol.ts'
import { readMounted } from './read-mounted.ts'

/** The ports on which the services listen, and the protocol of each, from the running containers. */
export async function surveyProject(
  docker: Docker,
  given: {
    readonly name: string
    readonly image: string
    readonly containers: readonly ObservedContainer[]
    readonly clock: Clock
  },
): Promise<Pick<ProjectFacts, 'listening' | 'protocolOf' | 'connected' | 'mountedText'>> {
  const empty = { instances: [], stores: [], links: [] }
  const host = openAdoptedProject({ ...given, docker, instances: [], topology: empty })
  const sockets = await readSockets(host, given.containers)
  const listening = new Map<string, Set<number>>()
  const protocols = new Map<string, LinkProtocol>()
  const probes: Promise<void>[] = []
  for (const { id, service, image, networks } of given.containers) {
    const ports = listening.get(service) ?? new Set<number>()
    listening.set(service, ports)
    const address = networks.find((network) => network.address !== '')?.address
    for (const port of listeningPorts(sockets.get(id) ?? [])) {
      if (ports.has(port)) continue
      ports.add(port)
      const key = `${service}:${port}`
      const known = knownProtocol(image, port)
      if (known !== undefined) protocols.set(key, known)
      else if (address !== undefined)
        probes.push(
          probeProtocol({ host: address, port }, given.clock).then(
            (protocol) => void protocols.set(key, protocol),
          ),
        )
    }
  }
  await Promise.all(probes)
  const imageOf = new Map(given.containers.map(({ service, image }) => [service, image]))
  return {
    connected: connectedPairs(given.containers, sockets),
    mountedText: (service) =>
      readMounted(given.containers.flatMap((one) => (one.service === service ? one.mounted : []))),
    listening: new Map([...listening].map(([service, ports]) => [service, [...ports]])),
    protocolOf: (service, port) =>
      protocols.get(`${service}:${port}`) ??
      knownProtocol(imageOf.get(service) ?? '', port) ??
      'bytes',
  }
}

function connectedPairs(
  containers: readonly ObservedContainer[],
  sockets: ReadonlyMap<string, readonly SocketEntry[]>,
): ReadonlySet<string> {
  const owners = new Map(
    containers.flatMap(({ service, networks }) =>
      networks.flatMap(({ address, ipv6 }) => [
        [address, service] as const,
        [ipv6, service] as const,
      ]),
    ),
  )
  owners.delete('')
  const pairs = containers.flatMap(({ id, service }) => {
    const table = sockets.get(id) ?? []
    const accepting = new Set(listeningPorts(table))
    return table.flatMap(({ state, local, remote }) => {
      const isOwn = state === 'open' && !accepting.has(local.port)
      const callee = isOwn ? owners.get(remote.address) : undefined
      return callee === undefined ? [] : [pairOf(service, callee)]
    })
  })
  return new Set(pairs)
}
