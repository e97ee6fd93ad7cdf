import type { TargetKind } from '#chaos/contracts/fault.ts'
import { InputError, unknownName } from '#chaos/lib/errors.ts'
import { wildcardPattern } from '#chaos/lib/wildcard-pattern.ts'
import { instances, links, stores } from '#services/topology.ts'

const instanceNames = [...instances, ...stores].map(({ name }) => name)
const linkNames = links.map(({ name }) => name)
const storeNames = stores.map(({ name }) => name)
const services: readonly string[] = [...new Set(instances.map(({ service }) => service))]

/**
 * The names that match a target: `api-1`, `worker-*`, `api` (a service means its instances), `api-*:postgres`, `*`, or
 * several of them separated by commas. Never empty: throws {@link InputError} with the nearest names.
 */
export function resolveTargets(kind: TargetKind, text: string): readonly string[] {
  const patterns = text.split(',').map((pattern) => pattern.trim())
  return [...new Set(patterns.flatMap((pattern) => resolveOne(kind, pattern)))]
}

function resolveOne(kind: TargetKind, pattern: string): readonly string[] {
  switch (kind) {
    case 'link':
      return resolveLinks(pattern)
    case 'instance':
      return matching(pattern, instanceNames, 'instance')
    case 'store':
      return matching(pattern, storeNames, 'store')
  }
}

function resolveLinks(pattern: string): readonly string[] {
  if (pattern === '*') return linkNames
  const [caller = '', callee, ...rest] = pattern.split(':')
  if (callee === undefined || rest.length > 0) throw notALink(pattern)
  const found = links.filter((link) => matches(caller, link.caller) && matches(callee, link.callee))
  if (found.length > 0) return found.map(({ name }) => name)
  const reversed = links.find(
    (link) => matches(caller, link.callee) && matches(callee, link.caller),
  )
  if (reversed !== undefined)
    throw new InputError(`Unknown link "${pattern}": ${reversed.callee} opens no connections.`, {
      remedy: `Links are named caller:callee. Write ${callee}:${caller}.`,
      status: 404,
    })
  throw unknownName('link', pattern, linkNames)
}

function matching(pattern: string, names: readonly string[], thing: string): readonly string[] {
  const found = names.filter((name) => matches(pattern, name))
  if (found.length === 0) throw unknownName(thing, pattern, [...names, ...patternsOf(names)])
  return found
}

/** Services that are valid patterns for these names: `worker` means `worker-*`. */
function patternsOf(names: readonly string[]): readonly string[] {
  return services.filter((service) => !names.includes(service) && names.includes(`${service}-1`))
}

function matches(pattern: string, name: string): boolean {
  if (services.includes(pattern) && name.startsWith(`${pattern}-`)) return true
  return wildcardPattern(pattern).test(name)
}

function notALink(pattern: string): InputError {
  const known = instanceNames.includes(pattern)
  return new InputError(`"${pattern}" is not a link. Links are named caller:callee.`, {
    remedy: known
      ? `Write ${pattern}:* for its outgoing links, *:${pattern} for its incoming links.`
      : 'Write, for example, api-1:postgres or worker-*:payments.',
  })
}
