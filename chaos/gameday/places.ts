import { client, linksFrom, patternOfLink, patternOfService } from '#chaos/contracts/topology.ts'
import type { Topology } from '#chaos/contracts/topology.ts'
import { InputError, unknownName } from '#chaos/lib/errors.ts'
import { wildcardPattern } from '#chaos/lib/wildcard-pattern.ts'

/** The places of a system: its instances, stores and links, and the clients. */
export interface Places {
  /** What a learner can choose: names and patterns. */
  readonly choices: readonly string[]
  /** The names that a name or a pattern stands for. Throws {@link InputError}. */
  resolve(place: string): readonly string[]
  /** The two ends of a link; the links of another part. */
  neighbours(name: string): readonly string[]
}

export function createPlaces(topology: Topology): Places {
  const { links } = topology
  const parts = [...topology.instances, ...topology.stores].map(({ name }) => name)
  const names = [...parts, ...links.map(({ name }) => name), client]
  const patterns = [
    ...topology.instances.map(({ service }) => patternOfService(topology, service)),
    ...links.map((link) => patternOfLink(topology, link)),
  ]
  const choices = [...new Set([...patterns, ...names])].filter((name) => name !== client)
  return {
    choices,
    resolve: (place) => {
      const found = names.filter(
        (name) => wildcardPattern(place).test(name) && sameSort(place, name),
      )
      if (found.length > 0) return found
      const service = topology.instances.filter((one) => one.service === place)
      if (service.length > 0) return service.map(({ name }) => name)
      if (place.trim() === '')
        throw new InputError('The place is empty.', { remedy: 'Name a part of the picture.' })
      throw unknownName('place', place, choices)
    },
    neighbours: (name) => {
      const link = links.find((one) => one.name === name)
      if (link !== undefined) return [link.caller, link.callee].filter((end) => end !== client)
      return [...linksFrom(topology, name), ...links.filter(({ callee }) => callee === name)].map(
        (one) => one.name,
      )
    },
  }
}

/** `api-*` stands for instances, not for their links. */
function sameSort(pattern: string, name: string): boolean {
  return pattern.includes(':') === name.includes(':')
}
