import type { Connection, ContainerFacts } from './read-connections.ts'

type Tables = ReadonlyMap<string, readonly Connection[]>

/** Which connections of a project pass a link, as the kernel shows it. */
export interface JudgedConnections {
  /** `api:redis 6379`, for connections from one service to another at its own address. */
  readonly direct: ReadonlyMap<string, number>
  /** As `direct`, without those of `before`: opened since then, and they pass no link. */
  readonly bypasses: ReadonlyMap<string, number>
  /** Connections to an address of the links, by caller and port: `api 6379`. */
  readonly linked: ReadonlyMap<string, number>
}

/** `tables`: the connections of the project's containers. `before`: those at an earlier time. */
export function judgeConnections(
  tables: Tables,
  before: Tables,
  {
    containers,
    links,
  }: { readonly containers: readonly ContainerFacts[]; readonly links: readonly string[] },
): JudgedConnections {
  const serviceAt = new Map(
    containers.flatMap(({ service, addresses }) => addresses.map((at) => [at, service] as const)),
  )
  const [direct, bypasses, linked] = [new Map(), new Map(), new Map()] as Map<string, number>[]
  for (const { id, service } of containers) {
    const old = new Set((before.get(id) ?? []).map(endsOf))
    for (const connection of tables.get(id) ?? []) {
      const { remote, remotePort, isOutgoing, isOpen } = connection
      if (!isOutgoing) continue
      if (links.includes(remote)) count(linked, `${service} ${remotePort}`)
      const callee = serviceAt.get(remote)
      if (callee === undefined || callee === service) continue
      const name = `${service}:${callee} ${remotePort}`
      if (isOpen) count(direct, name)
      if (!old.has(endsOf(connection))) count(bypasses, name)
    }
  }
  return {
    direct: direct ?? new Map(),
    bypasses: bypasses ?? new Map(),
    linked: linked ?? new Map(),
  }
}

function endsOf({ local, remote, remotePort }: Connection): string {
  return `${local} ${remote}:${remotePort}`
}

function count(counts: Map<string, number> | undefined, name: string): void {
  counts?.set(name, (counts.get(name) ?? 0) + 1)
}
