import type { ContainerInspection } from '#chaos/runtime/docker/engine/connect-engine.ts'

import { canonicalIpv6 } from './socket-table.ts'

/** A container of the user's Compose project, as the engine describes it. */
export interface ObservedContainer {
  readonly id: string
  /** `shop-web-1` */
  readonly name: string
  /** Compose's name of its service. */
  readonly service: string
  /** Number of the replica, from 1. */
  readonly number: number
  readonly image: string
  readonly running: boolean
  /** Its health check has not succeeded yet. */
  readonly starting: boolean
  /** When it started last, in milliseconds of wall time. */
  readonly startedMs: number
  /** Process id on the engine's machine; 0 while it does not run. */
  readonly pid: number
  readonly networkMode: string
  /** The engine's restart policy: `no`, `always`, `on-failure`, `unless-stopped`. */
  readonly restartPolicy: string
  readonly networks: readonly ObservedNetwork[]
  /** EXPOSE, `expose:` and `ports:`, as `5432/tcp`. */
  readonly exposed: readonly string[]
  /** Ports of the container that `ports:` publishes, as `3000/tcp`. */
  readonly published: readonly string[]
  /** TCP ports of the container that the host publishes now. */
  readonly hostPorts: readonly { readonly port: number; readonly hostPort: number }[]
  /** Entrypoint and command. */
  readonly command: readonly string[]
  /** Services in `depends_on`. */
  readonly dependsOn: readonly string[]
  /** Paths on the engine's machine that are mounted from there. */
  readonly mounted: readonly string[]
  /** `NAME=value`. Secrets are among them: only for decisions, never for output. */
  readonly environment: readonly string[]
}

/** A network that a container is on. */
export interface ObservedNetwork {
  readonly name: string
  /** Empty while the container does not run. */
  readonly address: string
  /** Empty without IPv6. */
  readonly ipv6: string
  /** Addresses of the host on this network. */
  readonly gateways: readonly string[]
  /** Names that resolve to this container on the network, without its id. */
  readonly names: readonly string[]
  /** Names that `links:` gives to other containers, for this container only. */
  readonly linkNames: readonly string[]
}

/** What planning needs of an inspection. Undefined: a one-off container (`docker compose run`), or not a container of Compose. */
export function observe(inspection: ContainerInspection): ObservedContainer | undefined {
  const { Config, State, HostConfig, NetworkSettings } = inspection
  const labels = Config.Labels
  const service = labels['com.docker.compose.service']
  if (service === undefined || labels['com.docker.compose.oneoff'] === 'True') return undefined
  const name = inspection.Name.replace(/^\//, '')
  return {
    id: inspection.Id,
    name,
    service,
    number: Number(labels['com.docker.compose.container-number'] ?? 1),
    image: Config.Image,
    running: State.Running,
    starting: (State as { Health?: { Status: string } }).Health?.Status === 'starting',
    startedMs: Date.parse(State.StartedAt),
    pid: State.Pid,
    networkMode: HostConfig.NetworkMode ?? 'default',
    restartPolicy: HostConfig.RestartPolicy?.Name || 'no',
    networks: Object.entries(NetworkSettings.Networks).map(([network, endpoint]) =>
      observeNetwork(network, endpoint as Endpoint, inspection.Id, name),
    ),
    exposed: Object.keys(Config.ExposedPorts ?? {}),
    published: Object.keys((HostConfig.PortBindings ?? {}) as object),
    hostPorts: hostPortsOf(NetworkSettings.Ports),
    command: [...listOf(Config.Entrypoint), ...listOf(Config.Cmd)],
    // `db:service_healthy:false,cache:service_started:false`
    dependsOn: (labels['com.docker.compose.depends_on'] ?? '')
      .split(',')
      .flatMap((entry) => entry.split(':')[0] || []),
    mounted: inspection.Mounts.flatMap(({ Type, Source }) => (Type === 'bind' ? [Source] : [])),
    environment: Config.Env ?? [],
  }
}

function listOf(value: string | readonly string[] | null | undefined): readonly string[] {
  return typeof value === 'string' ? [value] : (value ?? [])
}

/** The engine names each port once for each address of the host. */
function hostPortsOf(
  ports: Readonly<Record<string, unknown>> = {},
): ObservedContainer['hostPorts'] {
  return Object.entries(ports).flatMap(([port, bindings]) => {
    if (!port.endsWith('/tcp')) return []
    const all = (bindings ?? []) as readonly { readonly HostPort: string }[]
    const hostPorts = new Set(all.map(({ HostPort }) => Number(HostPort)))
    return [...hostPorts].map((hostPort) => ({ port: Number.parseInt(port, 10), hostPort }))
  })
}

interface Endpoint {
  readonly IPAddress?: string
  readonly Gateway?: string
  readonly GlobalIPv6Address?: string
  readonly IPv6Gateway?: string
  readonly Aliases?: readonly string[] | null
  readonly DNSNames?: readonly string[] | null
  readonly Links?: readonly string[] | null
}

function observeNetwork(
  name: string,
  endpoint: Endpoint,
  id: string,
  container: string,
): ObservedNetwork {
  const all = [...(endpoint.Aliases ?? []), ...(endpoint.DNSNames ?? []), container]
  return {
    name,
    address: endpoint.IPAddress ?? '',
    ipv6: canonicalIpv6(endpoint.GlobalIPv6Address),
    gateways: [endpoint.Gateway ?? '', canonicalIpv6(endpoint.IPv6Gateway)].filter(
      (gateway) => gateway !== '',
    ),
    names: [...new Set(all)].filter((alias) => !id.startsWith(alias)),
    linkNames: (endpoint.Links ?? []).map((link) => link.split(':').at(-1) ?? link),
  }
}
