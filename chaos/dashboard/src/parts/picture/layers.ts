import { client } from '../../../../contracts/topology.ts'

/** What the picture shows: the part of `SandboxView.system` that it needs. */
export interface PictureTopology {
  readonly instances: readonly { readonly name: string; readonly service: string }[]
  readonly stores: readonly string[]
  readonly links: readonly {
    readonly name: string
    readonly caller: string
    readonly callee: string
  }[]
}

/** The columns of the picture from left to right: the instances of a service, or a store, are in one column. */
export function layersOf(topology: PictureTopology): readonly (readonly string[])[] {
  const { instances, stores, links } = topology
  const hasClient = links.some(({ caller }) => caller === client)
  // Stores come first, so at equal positions they are above services that are called as they are.
  const parts = [
    ...(hasClient ? [{ name: client, group: client }] : []),
    ...stores.map((name) => ({ name, group: name })),
    ...instances.map(({ name, service }) => ({ name, group: `service ${service}` })),
  ]
  const groupOf = new Map(parts.map(({ name, group }) => [name, group]))
  const calls = callsBetween(topology, groupOf)
  const ranks = ranksOf([...new Set(groupOf.values())], calls, hasClient ? client : undefined)
  const columns = [...new Set(ranks.values())].toSorted((a, b) => a - b)
  return columns.map((rank) =>
    parts.filter(({ group }) => ranks.get(group) === rank).map(({ name }) => name),
  )
}

/**
 * The box at an end of a link. In an adopted system an end can be a service with several instances: then it is the first of
 * them. It can also be a further port of a service, `db.9187`.
 */
export function boxAtEnd({ instances, stores }: PictureTopology, end: string): string {
  const names = new Set([client, ...stores, ...instances.map(({ name }) => name)])
  const part = names.has(end) ? end : end.replace(/\.\d+$/, '')
  return names.has(part) ? part : (instances.find(({ service }) => service === part)?.name ?? part)
}

type Calls = ReadonlyMap<string, ReadonlySet<string>>

function callsBetween(topology: PictureTopology, groupOf: ReadonlyMap<string, string>): Calls {
  const calls = new Map<string, Set<string>>()
  for (const { caller, callee } of topology.links) {
    const [from, to] = [caller, callee].map((end) => groupOf.get(boxAtEnd(topology, end)))
    if (from === undefined || to === undefined || from === to) continue
    calls.set(from, (calls.get(from) ?? new Set()).add(to))
  }
  return calls
}

/**
 * The column of each group: its distance from the client along the longest path. A group that the client does not reach,
 * such as workers, is on the other side of what it calls. Without a client, the groups that are not called come first.
 */
function ranksOf(
  groups: readonly string[],
  calls: Calls,
  start: string | undefined,
): ReadonlyMap<string, number> {
  const called = new Set([...calls.values()].flatMap((callees) => [...callees]))
  const uncalled = groups.filter((group) => !called.has(group))
  const roots =
    start === undefined ? (uncalled.length > 0 ? uncalled : groups.slice(0, 1)) : [start]
  const { forward, order } = withoutCycles(roots, groups, calls)
  const reached = reachedFrom(roots, forward)
  const ranks = new Map<string, number>()
  for (const group of order.filter((group) => reached.has(group))) {
    const rank = ranks.get(group) ?? 0
    ranks.set(group, rank)
    for (const callee of forward.get(group) ?? [])
      ranks.set(callee, Math.max(ranks.get(callee) ?? 0, rank + 1))
  }
  // From the end of the order, what a group calls has its column before the group.
  const others = order.filter((group) => !reached.has(group)).toReversed()
  const last = Math.max(0, ...ranks.values())
  for (const group of others) {
    const below = [...(forward.get(group) ?? [])].map((callee) => ranks.get(callee) ?? last)
    ranks.set(group, below.length === 0 ? last : Math.max(...below) + 1)
  }
  return ranks
}

/** The calls without those that close a cycle, and an order in which each group comes before what it calls. */
function withoutCycles(roots: readonly string[], groups: readonly string[], calls: Calls) {
  const forward = new Map<string, Set<string>>()
  const done: string[] = []
  const state = new Map<string, 'open' | 'done'>()
  const visit = (group: string): void => {
    state.set(group, 'open')
    for (const callee of calls.get(group) ?? []) {
      if (state.get(callee) === 'open') continue
      forward.set(group, (forward.get(group) ?? new Set()).add(callee))
      if (!state.has(callee)) visit(callee)
    }
    state.set(group, 'done')
    done.push(group)
  }
  for (const group of [...roots, ...groups]) if (!state.has(group)) visit(group)
  return { forward: forward as Calls, order: done.toReversed() }
}

function reachedFrom(roots: readonly string[], calls: Calls): ReadonlySet<string> {
  const reached = new Set(roots)
  for (const group of reached) for (const callee of calls.get(group) ?? []) reached.add(callee)
  return reached
}
