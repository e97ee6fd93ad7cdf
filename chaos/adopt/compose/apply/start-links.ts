import type { Clock } from '#chaos/lib/clock.ts'
import { messageOf } from '#chaos/lib/errors.ts'
import type { Container, Docker } from '#chaos/runtime/docker/engine/connect-engine.ts'
import { tarOf } from '#chaos/runtime/docker/settings.ts'

import { hiddenLinksOf } from '../plan/adoption-plan.ts'
import type { LinkProxy } from './link-proxies.ts'
import { ownedBy } from './owned.ts'
import type { OwnAdoption } from './owned.ts'

const apiPort = 8474
const configFolder = '/run/unhappy'
const configFile = 'links.json'
const megabyte = 1024 * 1024
const answersWithinMs = 15_000

export interface LinksRequest {
  readonly owner: OwnAdoption
  readonly image: string
  /** The port of the data plane's API on 127.0.0.1 of the host. */
  readonly hostPort: number
  /** The network of the links alone. */
  readonly door: string
  /** The links' address on each network. */
  readonly addressOn: ReadonlyMap<string, string>
  /** Ports of links of `client`: the same in the container and on 127.0.0.1. */
  readonly clientPorts: readonly number[]
  readonly proxies: readonly LinkProxy[]
  readonly secret: string
  readonly clock: Clock
}

/**
 * Creates the one container with all links of the project, and starts it on all of its networks. Names of callees still
 * resolve to the real services. It has no access to the engine, no capability, and no volume.
 */
export async function startLinks(docker: Docker, request: LinksRequest): Promise<Container> {
  const published = [
    { container: apiPort, host: request.hostPort },
    ...request.clientPorts.map((port) => ({ container: port, host: port })),
  ]
  const container = await docker.createContainer({
    name: hiddenLinksOf(request.owner.project),
    Image: request.image,
    User: 'node',
    Entrypoint: ['node'],
    Cmd: [
      '/app/chaos/proxy/main.ts',
      '--config',
      `${configFolder}/${configFile}`,
      '--host',
      '0.0.0.0',
    ],
    Env: ['LINKS_OWN_PROXIES_ONLY=1', `LINKS_SECRET=${request.secret}`],
    Labels: ownedBy(request.owner),
    ExposedPorts: Object.fromEntries(published.map((port) => [`${port.container}/tcp`, {}])),
    HostConfig: {
      NetworkMode: request.door,
      Init: true,
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
      // Callees listen on ports below 1024, too.
      Sysctls: { 'net.ipv4.ip_unprivileged_port_start': '0' },
      Memory: 256 * megabyte,
      PortBindings: Object.fromEntries(
        published.map((port) => [
          `${port.container}/tcp`,
          [{ HostIp: '127.0.0.1', HostPort: String(port.host) }],
        ]),
      ),
    },
  })
  for (const [network, address] of request.addressOn) {
    if (network === request.door) continue
    await docker.getNetwork(network).connect({
      Container: container.id,
      EndpointConfig: { IPAMConfig: { IPv4Address: address } },
    })
  }
  await writeLinksConfig(container, request.proxies)
  await container.start()
  await untilLinksAnswer(request.hostPort, request.clock)
  return container
}

/** What the data plane opens at its next start. */
async function writeLinksConfig(
  container: Container,
  proxies: readonly LinkProxy[],
): Promise<void> {
  await container.putArchive(tarOf(configFile, JSON.stringify(proxies)), { path: configFolder })
}

/** Throws when the data plane does not answer in time. */
async function untilLinksAnswer(hostPort: number, clock: Clock): Promise<void> {
  const deadline = AbortSignal.timeout(answersWithinMs)
  for (;;)
    try {
      const response = await fetch(`http://127.0.0.1:${hostPort}/version`, {
        signal: AbortSignal.any([deadline, AbortSignal.timeout(1_000)]),
      })
      await response.body?.cancel()
      if (response.ok) return
    } catch (error) {
      if (deadline.aborted)
        throw new Error(`the links do not answer on port ${hostPort}: ${messageOf(error)}`, {
          cause: error,
        })
      await clock.sleep(100)
    }
}
