import type { TargetKind } from '#chaos/contracts/fault.ts'
import {
  client,
  instancesOf,
  patternOfLink,
  patternOfService,
  withAllProfiles,
} from '#chaos/contracts/topology.ts'
import type { Store, Topology, TopologyLink } from '#chaos/contracts/topology.ts'
import { InputError, unknownName } from '#chaos/lib/errors.ts'
import { wildcardPattern } from '#chaos/lib/wildcard-pattern.ts'

/**
 * The names in the topology that match a target: `api-1`, `worker-*`, `api` (a service means its instances), `api-*:postgres`,
 * `*`, or several of them separated by commas. Never empty: throws {@link InputError} with the nearest names.
 */
export function resolveTargets(
  topology: Topology,
  kind: TargetKind,
  text: string,
): readonly string[] {
  const patterns = text.split(',').map((pattern) => pattern.trim())
  return [...new Set(patterns.flatMap((pattern) => resolveOne(topology, kind, pattern)))]
}

/** A pattern for several instances, for messages: `worker-*`. */
export function examplePattern(topology: Topology): string {
  const patterns = topology.instances.map(({ service }) => patternOfService(topology, service))
  return patterns.findLast((pattern) => pattern.endsWith('*')) ?? '*'
}

function resolveOne(topology: Topology, kind: TargetKind, pattern: string): readonly string[] {
  switch (kind) {
    case 'link':
      return resolveLinks(topology, pattern)
    case 'instance':
      return matching(topology, pattern, instanceNames(topology), 'instance')
    case 'store':
      return matching(topology, pattern, namesOf(topology.stores), 'store')
  }
}

function resolveLinks(topology: Topology, pattern: string): readonly string[] {
  const { links } = topology
  if (pattern === '*') return namesOf(links)
  const [caller = '', callee, ...rest] = pattern.split(':')
  if (callee === undefined || rest.length > 0) throw notALink(topology, pattern)
  const matches = (part: string, name: string): boolean => matchesName(topology, part, name)
  const found = links.filter((link) => matches(caller, link.caller) && matches(callee, link.callee))
  if (found.length > 0) return namesOf(found)
  refuseOff(
    withAllProfiles(topology).links.filter(
      (link) => matches(caller, link.caller) && matches(callee, link.callee),
    ),
  )
  const reversed = links.find(
    (link) => matches(caller, link.callee) && matches(callee, link.caller),
  )
  if (reversed !== undefined)
    throw new InputError(`Unknown link "${pattern}": ${reversed.callee} opens no connections.`, {
      remedy: `Links are named caller:callee. Write ${callee}:${caller}.`,
      status: 404,
    })
  throw unknownName('link', pattern, namesOf(links))
}

/** Throws {@link InputError} for parts of a profile that is off. */
function refuseOff(parts: readonly (Store | TopologyLink)[]): void {
  const [part] = parts
  if (part?.profile === undefined) return
  throw new InputError(`${part.name} runs only with the profile ${part.profile}.`, {
    remedy: `Start it: unhappy profile start ${part.profile}`,
    status: 409,
  })
}

function matching(
  topology: Topology,
  pattern: string,
  names: readonly string[],
  thing: string,
): readonly string[] {
  const found = names.filter((name) => matchesName(topology, pattern, name))
  if (found.length > 0) return found
  refuseOff(
    withAllProfiles(topology).stores.filter(({ name }) => matchesName(topology, pattern, name)),
  )
  throw unknownName(thing, pattern, [...names, ...patternsOf(topology, names)])
}

/** Services that are valid patterns for these names: `worker` means `worker-*`. */
function patternsOf({ instances }: Topology, names: readonly string[]): readonly string[] {
  const services = instances.flatMap(({ name, service }) => (names.includes(name) ? service : []))
  return [...new Set(services)].filter((service) => !names.includes(service))
}

function matchesName(topology: Topology, pattern: string, name: string): boolean {
  if (instancesOf(topology, pattern).some((instance) => instance.name === name)) return true
  return wildcardPattern(pattern).test(name)
}

function notALink(topology: Topology, pattern: string): InputError {
  const known = instanceNames(topology).includes(pattern)
  return new InputError(`"${pattern}" is not a link. Links are named caller:callee.`, {
    remedy: known
      ? `Write ${pattern}:* for its outgoing links, *:${pattern} for its incoming links.`
      : `Write, for example, ${exampleLinks(topology).join(' or ')}.`,
  })
}

/** `api-1:postgres` and `worker-*:payments`. */
function exampleLinks(topology: Topology): readonly string[] {
  const own = topology.links.filter(({ caller }) => caller !== client)
  const [first] = own.length === 0 ? topology.links : own
  const last = own.at(-1)
  const examples = [first?.name ?? '', last === undefined ? '' : patternOfLink(topology, last)]
  return [...new Set(examples)].filter((example) => example !== '')
}

function instanceNames({ instances, stores }: Topology): readonly string[] {
  return namesOf([...instances, ...stores])
}

function namesOf(parts: readonly { readonly name: string }[]): readonly string[] {
  return parts.map(({ name }) => name)
}
