import type { ObservedContainer } from './observed-container.ts'
import type { Callee, ProjectFacts } from './project-facts.ts'

/** Every name by which the callee can be opened. */
export function namesOfCallee({
  service,
  containers,
}: Pick<Callee, 'service' | 'containers'>): ReadonlySet<string> {
  return new Set([
    service,
    ...containers.flatMap(({ networks }) => networks.flatMap((network) => network.names)),
  ])
}

/** `http://db:5432/x` names `db`, and not `db-2`. */
export function isAnyNamed(text: string, names: ReadonlySet<string>): boolean {
  return text.split(/[^\w.-]+/).some((word) => names.has(word))
}

/**
 * The callees that something shows to be called by a service: an open connection, or a name in its environment, command,
 * `depends_on`, `links` or mounted files. What is in its image is not seen.
 */
export function knownCallees(
  caller: { readonly service: string; readonly containers: readonly ObservedContainer[] },
  callees: readonly Callee[],
  { connected, mountedText }: Pick<ProjectFacts, 'connected' | 'mountedText'>,
): ReadonlySet<Callee> {
  const texts = caller.containers.flatMap(({ environment, command, dependsOn, networks }) => [
    ...environment,
    ...command,
    ...dependsOn,
    ...networks.flatMap(({ linkNames }) => linkNames),
  ])
  const all = [...texts, mountedText(caller.service)]
  const isKnown = (callee: Callee): boolean => {
    if (connected.has(pairOf(caller.service, callee.service))) return true
    const names = namesOfCallee(callee)
    return all.some((text) => isAnyNamed(text, names))
  }
  return new Set(callees.filter(isKnown))
}

/** How {@link ProjectFacts.connected} names a pair of services. */
export function pairOf(caller: string, callee: string): string {
  return `${caller} ${callee}`
}
