import type { LeftAlone, Member, MemberNetwork, PlannedLink } from './adoption-plan.ts'
import { knownCallees } from './known-callees.ts'
import type { ObservedContainer } from './observed-container.ts'
import type { Callee, ProjectFacts } from './project-facts.ts'
import { requiresTls } from './requires-tls.ts'

interface CallerPlan {
  readonly member: Member
  readonly links: readonly PlannedLink[]
  readonly leftAlone: readonly LeftAlone[]
}

/** A network that is being filled: the names of its callees, and the ports that they use. */
interface Slot {
  readonly names: string[]
  readonly ports: Set<number>
}

/**
 * The networks and links of one caller. All names on a network resolve to one address of the links. So two callees with the
 * same port are on two networks. `known only`: a callee that nothing shows to be called gets no network of its own.
 */
export function planCaller(caller: {
  readonly facts: ProjectFacts
  readonly service: string
  readonly containers: readonly ObservedContainer[]
  readonly callees: readonly Callee[]
  readonly networksFor: 'all' | 'known only'
}): CallerPlan {
  const { facts, service, containers, callees } = caller
  const known =
    caller.networksFor === 'all' ? new Set(callees) : knownCallees(caller, callees, facts)
  const unlinked: string[] = []
  const slots: Slot[] = [{ names: [], ports: new Set() }]
  const links: PlannedLink[] = []
  const leftAlone: LeftAlone[] = [...linksOfUser(service, containers)]
  const nameOf = (at: number): string =>
    `unhappy_${facts.project}_${service}${at === 0 ? '' : `_${at + 1}`}`
  // What is known comes first: it takes the places on the networks.
  for (const callee of [...known, ...callees.filter((one) => !known.has(one))]) {
    const at = firstFree(slots, callee.ports)
    if (at === slots.length && !known.has(callee)) {
      unlinked.push(callee.service)
      continue
    }
    const slot = (slots[at] ??= { names: [], ports: new Set() })
    const { names, single } = namesOf(containers, callee)
    slot.names.push(...names)
    if (single.length > 0)
      leftAlone.push({
        what: `names of single replicas (${single.join(', ')})`,
        why: 'a link leads to any replica of a service',
      })
    callee.ports.forEach((port, index) => {
      slot.ports.add(port)
      links.push({
        name: `${service}:${callee.service}${index === 0 ? '' : `.${port}`}`,
        caller: service,
        callee: callee.service,
        port,
        protocol: facts.protocolOf(callee.service, port),
        requiresTls: requiresTls(containers, callee),
        network: nameOf(at),
      })
    })
  }
  if (unlinked.length > 0) leftAlone.push(withoutNetwork(service, unlinked))
  const networks = slots.map(({ names }, at): MemberNetwork => ({
    name: nameOf(at),
    names: [...new Set(names)],
  }))
  return { member: { service, containers, networks }, links, leftAlone }
}

function withoutNetwork(caller: string, callees: readonly string[]): LeftAlone {
  return {
    what: `links from ${caller} to ${callees.join(', ')}`,
    why: `their port is that of another callee, so each would need a network of its own, and nothing shows that ${caller} calls them: no open connection, and no name in environment, command, depends_on, links or mounted files`,
  }
}

/** The engine answers names of `links:` from the network of the project, before it looks at ours. */
function linksOfUser(
  service: string,
  containers: readonly ObservedContainer[],
): readonly LeftAlone[] {
  const names = new Set(
    containers.flatMap(({ networks }) => networks.flatMap((on) => on.linkNames)),
  )
  if (names.size === 0) return []
  return [
    {
      what: `names in \`links:\` of ${service} (${[...names].join(', ')})`,
      why: 'Docker answers them before the names of the links',
    },
  ]
}

function firstFree(slots: readonly Slot[], ports: readonly number[]): number {
  const at = slots.findIndex((slot) => !ports.some((port) => slot.ports.has(port)))
  return at === -1 ? slots.length : at
}

/**
 * The names by which the caller can open the callee, plain and with the network behind. `single`: names that mean one of
 * several replicas.
 */
function namesOf(
  callers: readonly ObservedContainer[],
  { service, containers }: Callee,
): { readonly names: readonly string[]; readonly single: readonly string[] } {
  const shared = new Set(callers.flatMap(({ networks }) => networks.map(({ name }) => name)))
  const counts = new Map<string, number>()
  for (const { networks } of containers) {
    const own = networks
      .filter(({ name }) => shared.has(name))
      .flatMap(({ name, names }) => names.flatMap((alias) => [alias, `${alias}.${name}`]))
    for (const name of new Set(own)) counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  const isCommon = (name: string): boolean =>
    containers.length === 1 || name === service || (counts.get(name) ?? 0) > 1
  const all = [...counts.keys()]
  return {
    names: all.filter(isCommon),
    single: all.filter((name) => !isCommon(name) && !name.includes('.')),
  }
}
