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
 * Whether anything shows that a service calls another one: an open connection, or a name in its environment, command,
 * `depends_on`, `links` or mounted files. What is in its image is not seen.
 */
export function knowsCallee(
  caller: { readonly service: string; readonly containers: readonly ObservedContainer[] },
  callee: Callee,
  { connected, mountedText }: Pick<ProjectFacts, 'connected' | 'mountedText'>,
): boolean {
  if (connected.has(pairOf(caller.service, callee.service))) return true
  const names = namesOfCallee(callee)
  const texts = caller.containers.flatMap(({ environment, command, dependsOn, networks }) => [
    ...environment,
    ...command,
    ...dependsOn,
    ...networks.flatMap(({ linkNames }) => linkNames),
  ])
  return [...texts, mountedText.get(caller.service) ?? ''].some((text) => isAnyNamed(text, names))
}

/** How {@link ProjectFacts.connected} names a pair of services. */
export function pairOf(caller: string, callee: string): string {
  return `${caller} ${callee}`
}
