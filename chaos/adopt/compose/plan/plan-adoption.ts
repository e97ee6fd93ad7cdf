import { client } from '#chaos/contracts/topology.ts'

import type { AdoptionPlan, LeftAlone, Member, PlannedLink } from './adoption-plan.ts'
import { storeKindOf } from './known-protocol.ts'
import type { ObservedContainer } from './observed-container.ts'
import { planCaller } from './plan-caller.ts'
import type { Callee, ProjectFacts } from './project-facts.ts'

/** Each costs about 0.2 s. A project that needs more has them only for callees that a caller is known to call. */
const networksMax = 40

/** Which links a project gets, on which networks, and what gets none. */
export function planAdoption(facts: ProjectFacts): AdoptionPlan {
  const leftAlone: LeftAlone[] = []
  const byService = groupByService(facts.containers.filter(({ running }) => running))
  for (const service of facts.services)
    if (!byService.has(service))
      leftAlone.push({
        what: service,
        why: 'no container of it runs; it is attached when it starts',
      })
  for (const name of facts.externalNetworks)
    leftAlone.push({
      what: `network ${name}`,
      why: 'external: containers of other projects on it have no links',
    })
  const reachable = [...byService].filter(([service, containers]) => {
    const why = whyUnreachable(containers, facts)
    if (why !== undefined) leftAlone.push({ what: service, why })
    return why === undefined
  })
  const callees = reachable.flatMap(([service, containers]): readonly Callee[] => {
    leftAlone.push(...udpOf(service, containers))
    const listening = facts.listening.get(service)
    const ports = tcpPortsOf(containers, listening ?? [])
    const isHintOnly = listening?.length === 0 && !isCertain(containers)
    if (ports.length > 0 && !isHintOnly) return [{ service, containers, ports }]
    leftAlone.push({ what: `links to ${service}`, why: whyNoPort(ports) })
    return []
  })
  const plan = (networksFor: 'all' | 'known only') =>
    reachable.map(([service, containers]) =>
      planCaller({
        facts,
        service,
        containers,
        callees: calleesOf(containers, callees),
        networksFor,
      }),
    )
  const all = plan('all')
  const networks = all.reduce((sum, { member }) => sum + member.networks.length, 0)
  const callers = networks <= networksMax ? all : plan('known only')
  leftAlone.push(...callers.flatMap((caller) => caller.leftAlone))
  return {
    project: facts.project,
    members: callers.map(({ member }) => member),
    links: [...clientLinks(callees, facts), ...callers.flatMap(({ links }) => links)],
    leftAlone,
  }
}

/** `web` when it is the only container of its service, else `web-2`. */
function instanceNameOf(
  { service, number }: Pick<ObservedContainer, 'service' | 'number'>,
  replicas: number,
): string {
  return replicas === 1 ? service : `${service}-${number}`
}

/** The containers that a service can reach, without itself. A store only calls stores of its kind: its replicas. */
function calleesOf(
  containers: readonly ObservedContainer[],
  callees: readonly Callee[],
): readonly Callee[] {
  const [own] = containers
  if (own === undefined) return []
  const kind = storeKindOf(own.image)
  return callees.filter(
    (callee) =>
      callee.service !== own.service &&
      sharesNetwork(own, callee.containers) &&
      (kind === undefined || callee.containers.some(({ image }) => storeKindOf(image) === kind)),
  )
}

function sharesNetwork(
  { networks }: ObservedContainer,
  others: readonly ObservedContainer[],
): boolean {
  const own = new Set(networks.map(({ name }) => name))
  return others.some((other) => other.networks.some(({ name }) => own.has(name)))
}

/**
 * Requests from outside: one link to each service that publishes ports, for the main one. If none does, the way in is a service
 * that does not run, such as a reverse proxy: then one to each service that speaks HTTP.
 */
function clientLinks(callees: readonly Callee[], facts: ProjectFacts): readonly PlannedLink[] {
  const apps = callees.filter(({ containers }) =>
    containers.some(({ image }) => storeKindOf(image) === undefined),
  )
  const linksFor = (isWayIn: (callee: Callee, port: number) => boolean): readonly PlannedLink[] =>
    apps.flatMap((callee): readonly PlannedLink[] => {
      const { service, ports } = callee
      const port = ports.find((one) => isWayIn(callee, one))
      if (port === undefined) return []
      const protocol = facts.protocolOf(service, port)
      const name = `${client}:${service}`
      return [{ name, caller: client, callee: service, port, protocol, requiresTls: false }]
    })
  const published = linksFor(({ containers }, port) =>
    containers.some((container) => tcpOf(container.published).includes(port)),
  )
  if (published.length > 0) return published
  return linksFor(({ service }, port) => facts.protocolOf(service, port) === 'http')
}

function groupByService(
  containers: readonly ObservedContainer[],
): ReadonlyMap<string, readonly ObservedContainer[]> {
  const groups = Map.groupBy(containers, ({ service }) => service)
  return new Map([...groups].toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

function whyUnreachable(
  containers: readonly ObservedContainer[],
  { containers: all }: Pick<ProjectFacts, 'containers'>,
): string | undefined {
  const mode = containers[0]?.networkMode ?? ''
  if (mode === 'host') return 'network_mode: host: it has no network of its own to join'
  if (mode === 'none') return 'network_mode: none'
  if (mode === 'bridge' || mode === 'default')
    return 'network_mode: bridge: it is on no network of the project'
  const shared = /^(?:container|service):(.*)$/.exec(mode)?.[1]
  if (shared !== undefined) {
    const owner = all.find(({ id, name }) => shared !== '' && [id, name].includes(shared))?.service
    return owner === undefined
      ? 'it shares the network of another container'
      : `it shares the network of ${owner}: its connections pass the links of ${owner}`
  }
  const networks = containers.flatMap((container) => container.networks)
  const isIpv6Only =
    networks.some(({ ipv6 }) => ipv6 !== '') && networks.every(({ address }) => address === '')
  return isIpv6Only ? 'it has only IPv6 addresses: links carry IPv4' : undefined
}

function tcpPortsOf(
  containers: readonly ObservedContainer[],
  listening: readonly number[],
): readonly number[] {
  const named = containers.flatMap(({ exposed, published }) => tcpOf([...published, ...exposed]))
  // Published and exposed ports first: the first port of a service is its main one.
  return [...new Set([...named.filter((port) => listening.includes(port)), ...named, ...listening])]
}

/**
 * EXPOSE is a hint: a worker often has the image of the web service, and some services listen on another port later. If the names of
 * such a service led to the links, that port would refuse. A published port and the port of a store are certain.
 */
function isCertain(containers: readonly ObservedContainer[]): boolean {
  return containers.some(
    ({ image, published }) => tcpOf(published).length > 0 || storeKindOf(image) !== undefined,
  )
}

function whyNoPort(exposed: readonly number[]): string {
  if (exposed.length === 0) return 'no TCP port is known: nothing listens'
  return `nothing listens (it only exposes ${exposed.join(', ')}): its names lead to it directly. If it listens later, adopt again`
}

function tcpOf(ports: readonly string[]): readonly number[] {
  return ports.flatMap((port) => (port.endsWith('/udp') ? [] : [Number.parseInt(port, 10)]))
}

function udpOf(service: string, containers: readonly ObservedContainer[]): readonly LeftAlone[] {
  const ports = containers.flatMap(({ exposed, published }) => [...exposed, ...published])
  const udp = new Set(ports.filter((port) => port.endsWith('/udp')))
  return [...udp].map((port) => ({ what: `${service} ${port}`, why: 'UDP: links carry TCP only' }))
}

/** Every container of every member, with its name as an instance. */
export function instancesOfPlan({ members }: Pick<AdoptionPlan, 'members'>): readonly {
  readonly name: string
  readonly service: string
  readonly container: ObservedContainer
}[] {
  return members.flatMap(({ service, containers }: Member) =>
    containers.map((container) => ({
      name: instanceNameOf(container, containers.length),
      service,
      container,
    })),
  )
}
